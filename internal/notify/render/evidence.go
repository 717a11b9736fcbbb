package render

import (
	"fmt"
	"net/url"
	"strings"

	"golang.org/x/net/idna"

	"github.com/tocsin-news/tocsin/pkg/events"
)

// evidence lists the newest articles last, as the alert has them; where there
// are too many, the first and the latest are kept.
func evidence(a events.Alert, w Words) []Evidence {
	all := a.Articles
	if n := len(all); n > MaxEvidence {
		all = append(append([]events.Evidence{}, all[:MaxEvidence/2]...), all[n-MaxEvidence/2:]...)
	}
	out := make([]Evidence, 0, len(all))
	for _, e := range all {
		out = append(out, one(e, w))
	}
	return out
}

func one(e events.Evidence, w Words) Evidence {
	out := Evidence{Title: Line(e.Title, MaxTitle), Origin: Line(e.Origin, 100)}
	out.URL, out.Host = web(e.URL)
	if out.Host == "" {
		out.Host = Line(e.Source, 100)
	}
	if out.Title == "" {
		out.Title = out.Host
	}
	if why := Line(e.Why, 100); why != "" {
		out.Origin += " (" + why + ")"
	}
	if !e.PublishedAt.IsZero() {
		out.At = w.Time(e.PublishedAt)
	}
	return out
}

// web is s as an address that may be linked, and its host; two empty strings
// for anything that is not plain http or https.
func web(s string) (address, host string) {
	u, err := url.Parse(s)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Hostname() == "" || u.User != nil || len(s) > events.MaxURL {
		return "", ""
	}
	name, err := idna.Lookup.ToASCII(u.Hostname())
	if err != nil {
		return "", ""
	}
	host = strings.ToLower(name)
	if port := u.Port(); port != "" {
		host += ":" + port
	}
	u.Host = host
	if strings.Contains(name, ":") { // an IPv6 address
		return "", ""
	}
	return safe(u.String()), host
}

// safe percent-encodes what some sink could take for the end of an address.
func safe(s string) string {
	var b strings.Builder
	for i := range len(s) {
		switch c := s[i]; {
		case c <= ' ', c >= 0x7f, strings.IndexByte("\"'<>\\^`{|}()[]*", c) >= 0:
			fmt.Fprintf(&b, "%%%02X", c)
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}
