package egress

import (
	"context"
	"encoding/binary"
	"net"
	"net/netip"
	"sync/atomic"
	"testing"

	"golang.org/x/net/dns/dnsmessage"
)

// names answers DNS over an in-memory connection: for each question the next
// of answers, the last one for ever.
func names(answers ...[]string) *net.Resolver {
	var asked atomic.Int64
	return &net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) {
		near, far := net.Pipe()
		go func() {
			defer far.Close()
			for {
				var size [2]byte // a pipe is no packet conn, so as over TCP: a length first
				if _, err := far.Read(size[:]); err != nil {
					return
				}
				q := make([]byte, binary.BigEndian.Uint16(size[:]))
				if _, err := far.Read(q); err != nil {
					return
				}
				var m dnsmessage.Message
				if m.Unpack(q) != nil {
					return
				}
				m.Response, m.Authoritative, m.Additionals = true, true, nil
				for _, a := range answers[min(int(asked.Add(1)-1)/2, len(answers)-1)] {
					m.Answers = append(m.Answers, record(m.Questions[0], a)...)
				}
				out, _ := m.Pack()
				far.Write(append(binary.BigEndian.AppendUint16(nil, uint16(len(out))), out...))
			}
		}()
		return near, nil
	}}
}

func record(q dnsmessage.Question, addr string) []dnsmessage.Resource {
	h := dnsmessage.ResourceHeader{Name: q.Name, Type: q.Type, Class: q.Class}
	a := netip.MustParseAddr(addr)
	switch {
	case q.Type == dnsmessage.TypeA && a.Is4():
		return []dnsmessage.Resource{{Header: h, Body: &dnsmessage.AResource{A: a.As4()}}}
	case q.Type == dnsmessage.TypeAAAA && a.Is6():
		return []dnsmessage.Resource{{Header: h, Body: &dnsmessage.AAAAResource{AAAA: a.As16()}}}
	}
	return nil
}

func TestNamesThatPointInside(t *testing.T) {
	port, visits := canary(t)
	many := make([]string, 64)
	for i := range many {
		many[i] = "127.0.0.1"
	}
	for name, answers := range map[string][][]string{
		"to loopback":                {{"127.0.0.1"}},
		"to loopback in IPv6":        {{"::1"}},
		"mapped":                     {{"::ffff:127.0.0.1"}},
		"mixed":                      {{"127.0.0.1", "::1", "10.0.0.1"}},
		"sixty-four answers":         {many},
		"rebinding: the second time": {{"192.0.2.1"}, {"127.0.0.1"}},
	} {
		t.Run(name, func(t *testing.T) {
			n, _ := net.LookupPort("tcp", port)
			c := client(t, Config{Ports: []int{n}, Resolver: names(answers...)})
			for range 2 {
				if _, _, err := get(t, c, "http://rebind.example:"+port+"/"); reason(err) != ReasonAddress {
					t.Errorf("error %v", err)
				}
			}
		})
	}
	if v := visits.Load(); v != 0 {
		t.Errorf("the canary had %d visits", v)
	}
}
