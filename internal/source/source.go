// Package source knows how the published world writes: addresses, dates,
// character sets and marked-up text, and how each becomes one plain form.
// It is pure: it has never opened a connection or a file, and it judges no
// content. Its sub-packages read whole formats: feed and page.
package source

import (
	"net/netip"
	"net/url"
	"strings"

	"golang.org/x/net/publicsuffix"
)

// Domain returns the registrable domain of an address or a bare host, lower
// case and in ASCII: "https://www.lemonde.fr/une" is "lemonde.fr". The list of
// public suffixes is Mozilla's, its private part included, so that two blogs of
// one host are two sources. An IP address or a host of one label is itself; ""
// when raw names no host.
func Domain(raw string) string {
	host := hostOf(raw)
	if host == "" {
		return ""
	}
	if _, err := netip.ParseAddr(host); err == nil {
		return host
	}
	domain, err := publicsuffix.EffectiveTLDPlusOne(host)
	if err != nil {
		return host
	}
	return domain
}

func hostOf(raw string) string {
	raw = mendEscapes(stripControls(strings.TrimSpace(raw)))
	if !strings.Contains(raw, "://") {
		raw = "http://" + strings.TrimPrefix(raw, "//")
	}
	u, err := url.Parse(raw)
	if err != nil {
		return ""
	}
	host, err := asciiHost(u.Hostname())
	if err != nil {
		return ""
	}
	return strings.Trim(host, "[]")
}
