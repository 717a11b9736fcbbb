// Package email sends alerts over SMTP, as plain text with an HTML alternative.
//
// The versions of an alert form one thread: Message-ID is made of the
// notification key, and later versions refer to the first. A message that is
// sent again keeps its Message-ID.
package email

import (
	"context"
	"errors"
	"fmt"
	"net"
	netmail "net/mail"
	"net/textproto"
	"slices"
	"strings"
	"sync"

	"github.com/wneessen/go-mail"

	"github.com/tocsin-news/tocsin/internal/notify/channel"
	"github.com/tocsin-news/tocsin/internal/verdict"
	"github.com/tocsin-news/tocsin/pkg/events"
)

// Channel is one sender, one server, and some recipients. Each recipient gets a
// mail of its own, so that an address that is refused keeps nobody else from
// being told.
type Channel struct {
	name          string
	server        server
	from          *netmail.Address
	to            []string
	console, lang string

	mu    sync.Mutex
	taken map[string]map[string]bool // key → recipients whose mail was taken
	keys  []string                   // of taken, oldest first
}

// Bounds of a channel: of its recipients, and of how many messages that reached
// only some of them are remembered.
const (
	MaxTo    = 50
	maxTaken = 1000
)

// Open makes the channel of its smtp, from, to, tls and token_file.
func Open(c channel.Config, d channel.Deps) (*Channel, error) {
	if err := c.Need(hints, "smtp", "from", "to"); err != nil {
		return nil, err
	}
	s, err := openServer(c, d)
	if err != nil {
		return nil, err
	}
	from, err := address("from", c.From)
	if err != nil {
		return nil, err
	}
	if len(c.To) > MaxTo {
		return nil, channel.Wrong("to", "make a list on the mail server, or more channels", "has %d addresses, more than %d", len(c.To), MaxTo)
	}
	e := &Channel{name: c.Name, server: s, from: from, console: d.Console, lang: c.Lang, taken: map[string]map[string]bool{}}
	for i, t := range c.To {
		a, err := address(fmt.Sprintf("to[%d]", i), t)
		if err != nil {
			return nil, err
		}
		e.to = append(e.to, a.String())
	}
	return e, nil
}

var hints = map[string]string{
	"smtp": "smtp://host:587 or smtps://host",
	"from": "an address such as tocsin@example.org",
	"to":   "a list of addresses",
}

func address(field, s string) (*netmail.Address, error) {
	a, err := netmail.ParseAddress(s)
	if err != nil || broken(s) || broken(a.Name) {
		return nil, channel.Wrong(field, "an address such as desk@example.org", "%q is none", s)
	}
	return a, nil
}

// Send hands m to the server once for each recipient that it did not reach
// before. The error is permanent when all that is left was refused for good.
func (e *Channel) Send(ctx context.Context, m channel.Message) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	var to []string
	var mails []*mail.Msg
	for _, t := range e.to {
		if e.taken[m.Key][t] {
			continue
		}
		msg, err := e.message(m, t)
		if err != nil {
			return verdict.Permanent(fmt.Errorf("write the mail: %w", err))
		}
		to, mails = append(to, t), append(mails, msg)
	}
	secret, err := e.server.send(ctx, mails)
	return e.judge(m.Key, to, mails, err, secret)
}

// judge notes who was reached, and makes one error of what the server said.
// What it says after its yes to a mail is courtesy.
func (e *Channel) judge(key string, to []string, mails []*mail.Msg, all error, secret string) error {
	var errs []error
	final := true
	for i, msg := range mails {
		if msg.IsDelivered() {
			e.note(key, to[i])
			continue
		}
		err := all // the connection's
		if msg.HasSendError() {
			err = msg.SendError()
		}
		if err == nil {
			err = errors.New("the server did not say yes")
		}
		final = final && refused(err)
		errs = append(errs, fmt.Errorf("mail over %s: %w", e.server.host, channel.Redacted(err, secret)))
		if !msg.HasSendError() {
			break // the rest has the same one
		}
	}
	if len(errs) > 0 && final {
		return verdict.Permanent(errors.Join(errs...))
	}
	if len(errs) == 0 {
		e.forget(key)
	}
	return errors.Join(errs...)
}

func (e *Channel) note(key, to string) {
	if e.taken[key] == nil {
		e.taken[key] = map[string]bool{}
		if e.keys = append(e.keys, key); len(e.keys) > maxTaken {
			e.forget(e.keys[0])
		}
	}
	e.taken[key][to] = true
}

func (e *Channel) forget(key string) {
	delete(e.taken, key)
	e.keys = slices.DeleteFunc(e.keys, func(k string) bool { return k == key })
}

// refused reports the answers that no further try changes: 5xx, also to the
// user and password (RFC 5321, 4.2.1; RFC 4954, 6).
func refused(err error) bool {
	var sent *mail.SendError
	if errors.As(err, &sent) {
		return sent.ErrorCode()/100 == 5
	}
	var answer *textproto.Error
	return errors.As(err, &answer) && answer.Code/100 == 5
}

// message writes the mail to one recipient. Headers are refused rather than mended when they
// would break out of their line.
func (e *Channel) message(m channel.Message, to string) (*mail.Msg, error) {
	f := m.Facts(e.lang, e.console)
	if broken(f.Subject) {
		return nil, errors.New("the subject has a line break")
	}
	html, err := page(f)
	if err != nil {
		return nil, err
	}
	msg := mail.NewMsg(mail.WithCharset(mail.CharsetUTF8), mail.WithEncoding(mail.EncodingQP))
	if err := msg.From(e.from.String()); err != nil {
		return nil, err
	}
	if err := msg.To(to); err != nil {
		return nil, err
	}
	msg.Subject(f.Subject)
	msg.SetDate()
	e.thread(msg, m)
	msg.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834: no reply from a machine, please
	msg.SetGenHeader("X-Auto-Response-Suppress", "All")
	msg.SetGenHeader("X-Tocsin-Key", events.Token(m.Key))
	if f.Rank >= events.LevelRank(events.High) && !f.Resolved {
		msg.SetImportance(mail.ImportanceHigh)
	}
	msg.SetBodyString(mail.TypeTextPlain, f.Headline+"\n\n"+f.Text())
	msg.AddAlternativeString(mail.TypeTextHTML, html)
	return msg, nil
}

// thread gives the mail its own id and, from the second version on, the
// alert's first as what it answers. Reports and tests stand alone.
func (e *Channel) thread(msg *mail.Msg, m channel.Message) {
	id := func(key string) string { return events.Token(key) + "@" + e.domain() }
	msg.SetMessageIDWithValue(id(m.Key))
	if m.Test || m.Undelivered != nil || m.Alert.Version <= 1 {
		return
	}
	first := "<" + id(events.NotificationKey(m.Alert.ID, 1, e.name)) + ">"
	msg.SetGenHeader(mail.HeaderInReplyTo, first)
	msg.SetGenHeader(mail.HeaderReferences, first)
}

func (e *Channel) domain() string {
	_, domain, _ := strings.Cut(e.from.Address, "@")
	return domain
}

// broken reports what may not be in a header.
func broken(s string) bool { return strings.ContainsAny(s, "\r\n\x00") }

// isLocal reports a host on this machine.
func isLocal(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || (ip != nil && ip.IsLoopback())
}
