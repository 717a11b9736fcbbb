package egress

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
)

// Reason says which rule refused a request; the set is closed, so it may be a
// metric's label.
type Reason string

// Reasons of a [*Refused].
const (
	ReasonAddress   Reason = "address"   // not global, and not in egress.allow
	ReasonPort      Reason = "port"      // not 80, 443 or in egress.ports
	ReasonScheme    Reason = "scheme"    // not http or https
	ReasonURL       Reason = "url"       // no host, user info, or a number for a host
	ReasonRedirects Reason = "redirects" // too many hops, or one that goes nowhere
	ReasonDowngrade Reason = "downgrade" // from https to http
	ReasonSize      Reason = "size"      // headers or body too large
	ReasonRatio     Reason = "ratio"     // decodes to far more than was sent
	ReasonEncoding  Reason = "encoding"  // an encoding that is unknown, or in layers
	ReasonSlow      Reason = "slow"      // less than 1 KiB/s
	ReasonTimeout   Reason = "timeout"   // to connect, for the headers, or in all
)

// Refused says that a request, or the reading of its answer, was given up by
// a rule of this package.
type Refused struct {
	Reason Reason
	detail string
}

func (r *Refused) Error() string { return r.detail }

// Permanent reports whether trying again cannot help while the configuration
// stays as it is.
func (r *Refused) Permanent() bool {
	switch r.Reason {
	case ReasonScheme, ReasonURL, ReasonPort:
		return true
	}
	return false
}

func refuse(why Reason, format string, args ...any) *Refused {
	return &Refused{Reason: why, detail: fmt.Sprintf(format, args...)}
}

// errAddress is the same for every address, open port or closed.
var errAddress = refuse(ReasonAddress, "the address is not allowed (name its range in egress.allow if it should be)")

// tooLong makes one error of the transport's many ways to say that a limit of
// time or of headers was passed; nil when err is something else.
func tooLong(err error) *Refused {
	var ne net.Error
	switch {
	case strings.Contains(err.Error(), "server response headers exceeded"),
		strings.Contains(err.Error(), "header list too large"),
		strings.Contains(err.Error(), "too many 1xx"):
		return refuse(ReasonSize, "the headers are larger than %d KiB", headerBytes>>10)
	case errors.As(err, &ne) && ne.Timeout():
		return refuse(ReasonTimeout, "no answer in time (%s to connect, %s for the headers)", connectTime, headerTime)
	}
	return nil
}

// checkURL refuses what needs no dial to be refused.
func checkURL(u *url.URL) error {
	host := u.Hostname()
	switch {
	case u.Scheme != "http" && u.Scheme != "https":
		return refuse(ReasonScheme, "the scheme %.20q is not http or https", u.Scheme)
	case host == "":
		return refuse(ReasonURL, "there is no host")
	case u.User != nil:
		return refuse(ReasonURL, "a user name or password in the address is not allowed")
	case numeric(host):
		return errAddress
	}
	return nil
}

// numeric reports whether host is an IPv4 address in a spelling other than
// four decimal numbers: 2130706433, 0x7f.1, 0177.0.0.1. A browser would take
// it for one (WHATWG URL: the last label is a number), a resolver may.
func numeric(host string) bool {
	host = strings.TrimSuffix(host, ".")
	last := host[strings.LastIndexByte(host, '.')+1:]
	if last == "" || strings.Contains(host, ":") {
		return false
	}
	digits := strings.Trim(last, "0123456789") == ""
	hex := len(last) > 1 && (last[:2] == "0x" || last[:2] == "0X") && strings.Trim(last[2:], "0123456789abcdefABCDEF") == ""
	return (digits || hex) && net.ParseIP(host) == nil
}

// Redact returns u without what may be secret: user info, query and fragment.
// Some services carry a token in the path, so a path is cut to its first part.
func Redact(u *url.URL) string {
	path := u.EscapedPath()
	if i := strings.IndexByte(strings.TrimPrefix(path, "/"), '/'); i >= 0 {
		path = path[:i+2] + "…"
	}
	return u.Scheme + "://" + u.Host + path
}
