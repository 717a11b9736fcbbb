package egress

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"syscall"

	"code.dny.dev/ssrf"
)

// guard decides which addresses may be dialled. An address in allow may be
// reached on any port; any other must be global and its port in ports.
type guard struct {
	allow  []netip.Prefix
	ports  []uint16
	global *ssrf.Guardian
}

// denied are ranges beside those that package ssrf denies (the IANA
// special-purpose registries, and everything outside 2000::/3).
var denied4 = []netip.Prefix{
	netip.MustParsePrefix("168.63.129.16/32"), // the host of an Azure machine, under a public number
}

var denied6 = []netip.Prefix{
	netip.MustParsePrefix("3ffe::/16"), // 6bone, given back (RFC 3701)
}

// nat64 is the well-known prefix (RFC 6052): the last four bytes are an IPv4
// address, and count as one.
var nat64 = ssrf.IPv6NAT64Prefix

func newGuard(allow []string, ports []int) (*guard, error) {
	g := &guard{ports: []uint16{80, 443}, global: ssrf.New(ssrf.WithAnyPort(), ssrf.WithAnyNetwork(),
		ssrf.WithDeniedV4Prefixes(denied4...), ssrf.WithDeniedV6Prefixes(denied6...))}
	for i, s := range allow {
		p, err := prefix(s)
		if err != nil {
			return nil, fmt.Errorf("egress.allow[%d]: %q is not a range: write it as CIDR, such as 10.0.0.0/8 or fd00::/8", i, s)
		}
		g.allow = append(g.allow, p)
	}
	for i, n := range ports {
		if n < 1 || n > 65535 {
			return nil, fmt.Errorf("egress.ports[%d]: %d is not a port: give 1 to 65535", i, n)
		}
		g.ports = append(g.ports, uint16(n))
	}
	return g, nil
}

func prefix(s string) (netip.Prefix, error) {
	s = strings.TrimSpace(s)
	if a, err := netip.ParseAddr(s); err == nil {
		a = a.Unmap()
		return a.Prefix(a.BitLen())
	}
	p, err := netip.ParsePrefix(s)
	return p.Masked(), err
}

// control runs on every dial, after DNS and before the first packet.
func (g *guard) control(network, address string, _ syscall.RawConn) error {
	if network != "tcp4" && network != "tcp6" {
		return refuse(ReasonAddress, "the network %s is not allowed", network)
	}
	ap, err := netip.ParseAddrPort(address)
	if err != nil {
		return refuse(ReasonAddress, "the address cannot be read")
	}
	return g.check(ap.Addr(), ap.Port())
}

// check reports whether ip may be reached on port. Its error says nothing of
// the address but that it is refused.
func (g *guard) check(ip netip.Addr, port uint16) error {
	if ip.Zone() != "" {
		return errAddress
	}
	ip = ip.Unmap()
	if g.allowed(ip) {
		return g.inner(ip, port)
	}
	if isatap(ip) || g.global.SafeAddr(ip) != nil {
		return errAddress
	}
	if !slices.Contains(g.ports, port) {
		return refuse(ReasonPort, "port %d is not allowed (80 and 443 are; add others to egress.ports)", port)
	}
	return nil
}

// inner checks the IPv4 address inside an allowed NAT64 address: allowing the
// gateway does not allow what is private behind it.
func (g *guard) inner(ip netip.Addr, port uint16) error {
	if !nat64.Contains(ip) {
		return nil
	}
	b := ip.As16()
	return g.check(netip.AddrFrom4([4]byte(b[12:])), port)
}

func (g *guard) allowed(ip netip.Addr) bool {
	return slices.ContainsFunc(g.allow, func(p netip.Prefix) bool { return p.Contains(ip) })
}

// isatap reports whether ip carries an IPv4 address in its interface
// identifier (RFC 5214: 0000:5efe or 0200:5efe before it).
func isatap(ip netip.Addr) bool {
	if !ip.Is6() {
		return false
	}
	b := ip.As16()
	return b[8]&^2 == 0 && b[9] == 0 && b[10] == 0x5e && b[11] == 0xfe
}
