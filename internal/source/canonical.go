package source

import (
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"path"
	"strings"

	"golang.org/x/net/idna"

	"github.com/tocsin-news/tocsin/pkg/events"
)

// ErrAddress is wrapped by every error of [Canonical].
var ErrAddress = errors.New("not an absolute http or https address")

// Canonical returns the one spelling of an address by which an article is
// known: scheme and host in lower case, the host in ASCII without a trailing
// dot, no user, no default port, no fragment, dot segments resolved, escapes
// normalised as RFC 3986 section 6.2.2 has it, no session or tracking
// parameters. Parameters keep their order. Canonical(Canonical(x)) is
// Canonical(x).
func Canonical(raw string) (string, error) {
	u, err := parseAddress(raw)
	if err != nil {
		return "", err
	}
	host, err := asciiHost(u.Hostname())
	if err != nil || host == "" {
		return "", fmt.Errorf("%w: its host cannot be read: %.80q", ErrAddress, raw)
	}
	if port := u.Port(); port != "" && !defaultPort(u.Scheme, port) {
		host += ":" + port
	}
	canonical := u.Scheme + "://" + host + cleanPath(u.EscapedPath())
	if query := cleanQuery(u.RawQuery); query != "" {
		canonical += "?" + query
	}
	if len(canonical) > events.MaxURL {
		return "", fmt.Errorf("%w: it has %d bytes, more than %d", ErrAddress, len(canonical), events.MaxURL)
	}
	return canonical, nil
}

// Resolve returns ref as an absolute http or https address, read against base
// when it is relative; "" when that cannot be done.
func Resolve(base, ref string) string {
	ref = strings.TrimSpace(ref)
	if ref == "" {
		return ""
	}
	u, err := url.Parse(mendEscapes(stripControls(ref)))
	if err != nil {
		return ""
	}
	if !u.IsAbs() {
		b, err := url.Parse(mendEscapes(stripControls(strings.TrimSpace(base))))
		if err != nil || b.Host == "" {
			return ""
		}
		u = b.ResolveReference(u)
	}
	u.Scheme = strings.ToLower(u.Scheme)
	if (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" {
		return ""
	}
	return u.String()
}

func parseAddress(raw string) (*url.URL, error) {
	raw = mendEscapes(stripControls(strings.TrimSpace(raw)))
	if strings.HasPrefix(raw, "//") {
		raw = "https:" + raw
	}
	u, err := url.Parse(raw)
	if err != nil {
		return nil, fmt.Errorf("%w: %.80q", ErrAddress, raw)
	}
	u.Scheme = strings.ToLower(u.Scheme)
	if u.Scheme != "http" && u.Scheme != "https" {
		return nil, fmt.Errorf("%w: %.80q", ErrAddress, raw)
	}
	return u, nil
}

func defaultPort(scheme, port string) bool {
	return scheme == "http" && port == "80" || scheme == "https" && port == "443"
}

// asciiHost lower-cases a host and writes it as DNS has it.
func asciiHost(host string) (string, error) {
	if addr, err := netip.ParseAddr(host); err == nil {
		if addr.Zone() != "" {
			return "", ErrAddress
		}
		if addr.Is6() {
			return "[" + addr.String() + "]", nil
		}
		return addr.String(), nil
	}
	host = strings.ToLower(strings.TrimRight(host, "."))
	if plainHost(host) {
		return host, nil
	}
	// Names with an underscore exist, so the strict rules are off; what could
	// end a host early is then refused by hand.
	profile := idna.New(idna.MapForLookup(), idna.Transitional(false), idna.StrictDomainName(false))
	once, err := profile.ToASCII(host)
	if err != nil {
		return "", err
	}
	once = strings.ToLower(strings.TrimRight(once, "."))
	if again, err := profile.ToASCII(once); err != nil || again != once || strings.ContainsFunc(once, endsHost) {
		return "", ErrAddress
	}
	return once, nil
}

// plainHost reports whether host is letters, digits, '-', '_' and '.' in lower
// case, with nothing in it that IDNA has a say in.
func plainHost(host string) bool {
	for i := range len(host) {
		c := host[i]
		if !('a' <= c && c <= 'z' || '0' <= c && c <= '9' || c == '-' || c == '_' || c == '.') {
			return false
		}
	}
	return !strings.Contains(host, "xn--")
}

func endsHost(r rune) bool {
	return r <= ' ' || r > '~' || strings.ContainsRune("\"#%/:<>?@[\\]^`{|}", r)
}

// cleanPath normalises the escapes of a path, resolves its dot segments and
// drops session ids. Empty segments stay: some sites need them.
func cleanPath(escaped string) string {
	p := strings.ReplaceAll(normaliseEscapes(escaped, pathBytes), `\`, "/")
	if i := strings.Index(strings.ToLower(p), ";jsessionid="); i >= 0 {
		p = p[:i]
	}
	if !strings.Contains(p, "/.") {
		return "/" + strings.TrimPrefix(p, "/")
	}
	var kept []string
	for _, segment := range strings.Split(strings.TrimPrefix(p, "/"), "/") {
		switch segment {
		case ".":
		case "..":
			kept = kept[:max(0, len(kept)-1)]
		default:
			kept = append(kept, segment)
		}
	}
	cleaned := "/" + strings.Join(kept, "/")
	if last := path.Base(p); (last == "." || last == "..") && !strings.HasSuffix(cleaned, "/") {
		cleaned += "/"
	}
	return cleaned
}

// cleanQuery drops the parameters that say how the reader came, not what is
// read.
func cleanQuery(raw string) string {
	if raw == "" {
		return ""
	}
	var kept []string
	for _, pair := range strings.Split(normaliseEscapes(raw, queryBytes), "&") {
		name, value, _ := strings.Cut(pair, "=")
		if pair != "" && !tracks(strings.ToLower(name), strings.ToLower(value)) {
			kept = append(kept, pair)
		}
	}
	return strings.Join(kept, "&")
}
