package egress

import (
	"net/netip"
	"slices"
	"testing"

	"code.dny.dev/ssrf"
)

func TestAddresses(t *testing.T) {
	for _, c := range []struct {
		name  string
		addrs []string
		ok    bool
	}{
		{"this network and its own loopback", []string{"0.0.0.0", "0.1.2.3", "127.0.0.1", "127.255.255.254", "::", "::1"}, false},
		{"private", []string{"10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "fc00::1", "fd00:ec2::254"}, false},
		{"link local and metadata", []string{"169.254.169.254", "169.254.0.1", "fe80::1", "fe80::1%eth0", "168.63.129.16", "192.0.0.192", "100.100.100.200"}, false},
		{"carrier-grade NAT", []string{"100.64.0.1", "100.127.255.255"}, false},
		{"benchmarking, documentation, reserved", []string{"198.18.0.1", "198.19.255.255", "192.0.2.1", "198.51.100.1", "203.0.113.1", "240.0.0.1", "255.255.255.255", "2001:db8::1", "3fff::1"}, false},
		{"multicast", []string{"224.0.0.1", "239.255.255.255", "ff02::1", "ff0e::1"}, false},
		{"IPv4 mapped and compatible", []string{"::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::127.0.0.1", "::ffff:0:127.0.0.1"}, false},
		{"NAT64", []string{"64:ff9b::7f00:1", "64:ff9b::a00:1", "64:ff9b:1::7f00:1", "64:ff9b::8.8.8.8"}, false},
		{"6to4", []string{"2002:7f00:1::", "2002:a00:1::1", "2002:808:808::1"}, false},
		{"Teredo, ORCHID and their like", []string{"2001::1", "2001:0:7f00:1::", "2001:10::1", "2001:20::1"}, false},
		{"ISATAP", []string{"2a00:1450::5efe:7f00:1", "2a00:1450::200:5efe:a00:1"}, false},
		{"site local, discard, segment routing, 6bone", []string{"fec0::1", "100::1", "5f00::1", "3ffe::1"}, false},
		{"relays and AS112", []string{"192.88.99.1", "192.31.196.1", "192.52.193.1", "192.175.48.1", "2620:4f:8000::1"}, false},
		{"global", []string{"8.8.8.8", "1.1.1.1", "93.184.216.34", "2606:4700::1111", "2a00:1450:4007::200e", "::ffff:8.8.8.8", "172.15.0.1", "172.32.0.1", "100.63.0.1", "100.128.0.1", "198.17.0.1", "198.20.0.1", "223.255.255.1", "126.0.0.1", "128.0.0.1", "11.0.0.1", "169.253.0.1", "192.167.0.1"}, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			g, err := newGuard(nil, nil)
			if err != nil {
				t.Fatal(err)
			}
			for _, a := range c.addrs {
				err := g.check(netip.MustParseAddr(a), 443)
				if (err == nil) != c.ok {
					t.Errorf("%s: error %v, want allowed %v", a, err, c.ok)
				}
			}
		})
	}
}

func TestAllowedRangesAndPorts(t *testing.T) {
	g, err := newGuard([]string{"10.1.0.0/16", "127.0.0.1", "fd00::/8", "64:ff9b::/96"}, []int{8443})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, addr string
		port       uint16
		ok         bool
	}{
		{"a named range, any port", "10.1.2.3", 9000, true},
		{"beside the named range", "10.2.0.1", 80, false},
		{"a named address", "127.0.0.1", 1234, true},
		{"a named address in IPv6 clothes", "::ffff:127.0.0.1", 1234, true},
		{"beside the named address", "127.0.0.2", 80, false},
		{"a named IPv6 range", "fd12::1", 80, true},
		{"NAT64 to a global address", "64:ff9b::8.8.8.8", 443, true},
		{"NAT64 to a private address that is not named", "64:ff9b::192.168.0.1", 443, false},
		{"a global address on an added port", "8.8.8.8", 8443, true},
		{"a global address on another port", "8.8.8.8", 22, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			if err := g.check(netip.MustParseAddr(c.addr), c.port); (err == nil) != c.ok {
				t.Errorf("error %v, want allowed %v", err, c.ok)
			}
		})
	}
}

func TestConfigNamesWhatIsWrong(t *testing.T) {
	for _, c := range []struct {
		cfg  Config
		want string
	}{
		{Config{Allow: []string{"10.0.0.0/8", "10.0.0.0/99"}}, `egress.allow[1]: "10.0.0.0/99" is not a range: write it as CIDR, such as 10.0.0.0/8 or fd00::/8`},
		{Config{Ports: []int{70000}}, "egress.ports[0]: 70000 is not a port: give 1 to 65535"},
	} {
		if _, err := New(c.cfg, nil); err == nil || err.Error() != c.want {
			t.Errorf("error %v, want %s", err, c.want)
		}
	}
}

// Every forbidden range, at its ends and within, in every dress that an IPv4
// address can wear; and as many legitimate addresses right beside.
func TestEveryForbiddenRangeInEveryDress(t *testing.T) {
	g, err := newGuard(nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	dresses := map[string]func([4]byte) netip.Addr{
		"plain":           func(b [4]byte) netip.Addr { return netip.AddrFrom4(b) },
		"IPv4-mapped":     func(b [4]byte) netip.Addr { return wear("::ffff:0:0", b, 12) },
		"IPv4-compatible": func(b [4]byte) netip.Addr { return wear("::", b, 12) },
		"IPv4-translated": func(b [4]byte) netip.Addr { return wear("::ffff:0:0:0", b, 12) },
		"NAT64":           func(b [4]byte) netip.Addr { return wear("64:ff9b::", b, 12) },
		"local NAT64":     func(b [4]byte) netip.Addr { return wear("64:ff9b:1::", b, 12) },
		"6to4":            func(b [4]byte) netip.Addr { return wear("2002::1", b, 2) },
		"Teredo server":   func(b [4]byte) netip.Addr { return wear("2001::", b, 4) },
		"Teredo client": func(b [4]byte) netip.Addr {
			return wear("2001::", [4]byte{^b[0], ^b[1], ^b[2], ^b[3]}, 12)
		},
		"ISATAP":        func(b [4]byte) netip.Addr { return wear("2a00:1450::5efe:0:0", b, 12) },
		"ISATAP global": func(b [4]byte) netip.Addr { return wear("2a00:1450::200:5efe:0:0", b, 12) },
	}
	n := 0
	refused := func(name string, a netip.Addr) {
		n++
		if g.check(a, 443) == nil {
			t.Errorf("%s as %s: %s may be dialled", name, a, a)
		}
	}
	for _, p := range append(slices.Clone(denied4), ssrf.IPv4DeniedPrefixes...) {
		for _, a := range samples(p) {
			for name, dress := range dresses {
				refused(p.String()+" "+name, dress(a.As4()))
			}
		}
	}
	for _, p := range append(slices.Clone(denied6), ssrf.IPv6DeniedPrefixes...) {
		for _, a := range samples(p) {
			refused(p.String(), a)
		}
	}
	for _, s := range []string{"::/8", "100::/64", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8", "5f00::/16", "4000::/3", "8000::/1"} {
		for _, a := range samples(netip.MustParsePrefix(s)) {
			refused(s, a)
		}
	}
	t.Logf("%d forbidden addresses refused", n)

	allowed := 0
	for _, p := range ssrf.IPv4DeniedPrefixes {
		for _, a := range []netip.Addr{p.Masked().Addr().Prev(), last(p).Next()} {
			if !a.IsValid() || slices.ContainsFunc(ssrf.IPv4DeniedPrefixes, func(q netip.Prefix) bool { return q.Contains(a) }) {
				continue
			}
			for _, a := range []netip.Addr{a, wear("::ffff:0:0", a.As4(), 12)} {
				if allowed++; g.check(a, 443) != nil {
					t.Errorf("%s may not be dialled", a)
				}
			}
		}
	}
	for x := range 200 {
		v6 := netip.AddrFrom16([16]byte{0x2a, byte(x), 0x14, 0x50, 8: byte(x), 15: 1})
		if allowed++; g.check(v6, 80) != nil {
			t.Errorf("%s may not be dialled", v6)
		}
	}
	t.Logf("%d legitimate addresses allowed", allowed)
}

// wear puts b into the address at byte n.
func wear(addr string, b [4]byte, n int) netip.Addr {
	a := netip.MustParseAddr(addr).As16()
	copy(a[n:], b[:])
	return netip.AddrFrom16(a)
}

// samples are addresses of p: its ends, their neighbours, and some within.
func samples(p netip.Prefix) []netip.Addr {
	first, end := p.Masked().Addr(), last(p)
	all := []netip.Addr{first, end}
	for _, a := range []netip.Addr{first.Next(), end.Prev()} {
		if p.Contains(a) {
			all = append(all, a)
		}
	}
	for _, fill := range []byte{0x01, 0x55, 0xa9} {
		b := first.AsSlice()
		for i := range b {
			host := byte(0xff)
			if bits := p.Bits() - 8*i; bits >= 8 {
				host = 0
			} else if bits > 0 {
				host >>= bits
			}
			b[i] |= fill & host
		}
		a, _ := netip.AddrFromSlice(b)
		all = append(all, a)
	}
	return all
}

func last(p netip.Prefix) netip.Addr {
	b := p.Masked().Addr().AsSlice()
	for i := range b {
		host := byte(0xff)
		if bits := p.Bits() - 8*i; bits >= 8 {
			host = 0
		} else if bits > 0 {
			host >>= bits
		}
		b[i] |= host
	}
	a, _ := netip.AddrFromSlice(b)
	return a
}
