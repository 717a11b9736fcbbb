package email_test

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net"
	"net/mail"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
	"golang.org/x/net/html"

	"github.com/tocsin-news/tocsin/internal/notify/channel"
	"github.com/tocsin-news/tocsin/internal/notify/email"
	"github.com/tocsin-news/tocsin/internal/verdict"
	"github.com/tocsin-news/tocsin/pkg/events"
)

func message(version int, headline string) channel.Message {
	return channel.Message{Key: events.NotificationKey("a1", version, "mail"), Alert: events.Alert{
		ID: "a1", Version: version, State: events.Opened, Level: events.High, Watch: "nato-missile", Headline: headline,
		At: time.Date(2024, 11, 22, 12, 0, 0, 0, time.UTC), Reason: "Trois origines indépendantes.", Origins: 3,
		Articles: []events.Evidence{{ID: "x", Source: "example.org", URL: "https://example.org/a?b=1&c=2", Title: `A "title" & <more>`, Origin: "example.org"}},
	}}
}

func config(smtpURL string) channel.Config {
	return channel.Config{Name: "mail", Kind: "email", SMTP: smtpURL, From: "Tocsin <tocsin@example.org>", To: []string{"Élise <elise@example.net>"}}
}

func send(t *testing.T, c channel.Config, d channel.Deps, m channel.Message) error {
	t.Helper()
	ch, err := email.Open(c, d)
	if err != nil {
		t.Fatal(err)
	}
	return ch.Send(t.Context(), m)
}

// read takes a mail apart: its header, its plain text and its HTML.
func read(t *testing.T, raw []byte) (h mail.Header, text, page string) {
	t.Helper()
	m, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		t.Fatalf("%v in\n%s", err, raw)
	}
	kind, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/alternative" {
		t.Fatalf("content type %q: %v", kind, err)
	}
	parts := multipart.NewReader(m.Body, params["boundary"])
	var bodies []string
	for {
		p, err := parts.NextRawPart()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(quotedprintable.NewReader(p))
		if err != nil {
			t.Fatal(err)
		}
		bodies = append(bodies, string(b))
	}
	if len(bodies) != 2 {
		t.Fatalf("%d parts", len(bodies))
	}
	return m.Header, bodies[0], bodies[1]
}

func TestAMailReadsAsTheAlertDoes(t *testing.T) {
	p := &post{}
	address := serve(t, p, nil)
	if err := send(t, config("smtp://"+address), channel.Deps{Console: "https://console.example.org"}, message(1, "Le sommet de l'OTAN")); err != nil {
		t.Fatal(err)
	}
	l := <-p.mails
	if l.from != "tocsin@example.org" || strings.Join(l.to, " ") != "elise@example.net" {
		t.Errorf("from %s to %v", l.from, l.to)
	}
	h, text, page := read(t, l.raw)
	subject, err := new(mime.WordDecoder).DecodeHeader(h.Get("Subject"))
	if err != nil || subject != "[high] opened: Le sommet de l'OTAN" {
		t.Errorf("subject %q: %v", subject, err)
	}
	for _, want := range []string{"Trois origines indépendantes.", "example.org", `A "title" & <more>`, "https://console.example.org/alerts/a1"} {
		if !strings.Contains(text, want) {
			t.Errorf("the text has no %q:\n%s", want, text)
		}
		if !strings.Contains(plain(t, page), want) {
			t.Errorf("the page has no %q:\n%s", want, page)
		}
	}
}

func TestVersionsFormAThread(t *testing.T) {
	p := &post{}
	address := serve(t, p, nil)
	var ids, refs []string
	for _, v := range []int{1, 2, 2} {
		if err := send(t, config("smtp://"+address), channel.Deps{}, message(v, "x")); err != nil {
			t.Fatal(err)
		}
		h, _, _ := read(t, (<-p.mails).raw)
		ids, refs = append(ids, h.Get("Message-Id")), append(refs, h.Get("References"))
	}
	if refs[0] != "" || refs[1] != ids[0] || ids[1] == ids[0] || ids[2] != ids[1] {
		t.Errorf("ids %v, references %v", ids, refs)
	}
}

func TestHostileContentIsInert(t *testing.T) {
	p := &post{}
	address := serve(t, p, nil)
	evil := "x\r\nBcc: victim@example.com\r\n\r\n<script>alert(1)</script>\x00\x1b[31m\u202Egnp.exe"
	m := message(1, evil)
	m.Alert.Reason = "<img src=x onerror=alert(1)> {{.}} </p>"
	m.Alert.Watch = evil
	m.Alert.Articles[0].Title = `</a><a href="javascript:alert(1)">click`
	m.Alert.Articles[0].URL = "javascript:alert(1)"
	m.Alert.Articles = append(m.Alert.Articles, events.Evidence{Title: "q", URL: `https://example.org/"onmouseover="alert(1)`})
	if err := send(t, config("smtp://"+address), channel.Deps{}, m); err != nil {
		t.Fatal(err)
	}
	l := <-p.mails
	if len(l.to) != 1 {
		t.Errorf("sent to %v", l.to)
	}
	h, _, page := read(t, l.raw)
	if h.Get("Bcc") != "" {
		t.Error("a header was injected")
	}
	only(t, page)
}

// only walks the page: nothing but the template's own tags and attributes.
func only(t *testing.T, page string) {
	t.Helper()
	tags := map[string]bool{"html": true, "head": true, "meta": true, "title": true, "body": true, "h1": true, "h2": true, "p": true, "ul": true, "li": true, "a": true, "br": true, "small": true}
	attrs := map[string]bool{"lang": true, "charset": true, "name": true, "content": true, "style": true, "href": true, "rel": true}
	z := html.NewTokenizer(strings.NewReader(page))
	for z.Next() != html.ErrorToken {
		tok := z.Token()
		if tok.Type != html.StartTagToken && tok.Type != html.SelfClosingTagToken {
			continue
		}
		if !tags[tok.Data] {
			t.Errorf("a tag <%s> in\n%s", tok.Data, page)
		}
		for _, a := range tok.Attr {
			if !attrs[a.Key] || (a.Key == "href" && !strings.HasPrefix(a.Val, "http")) {
				t.Errorf("an attribute %s=%q", a.Key, a.Val)
			}
		}
	}
}

func plain(t *testing.T, page string) string {
	t.Helper()
	var b strings.Builder
	z := html.NewTokenizer(strings.NewReader(page))
	for z.Next() != html.ErrorToken {
		if tok := z.Token(); tok.Type == html.TextToken {
			b.WriteString(tok.Data)
		}
	}
	return b.String()
}

func TestAnswersOfTheServer(t *testing.T) {
	for _, tc := range []struct {
		name      string
		refuse    *smtp.SMTPError
		permanent bool
	}{
		{"5xx is for good", &smtp.SMTPError{Code: 554, EnhancedCode: smtp.EnhancedCode{5, 7, 1}, Message: "no"}, true},
		{"4xx is for now", &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 7, 1}, Message: "greylisted"}, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			p := &post{refuse: tc.refuse}
			err := send(t, config("smtp://"+serve(t, p, nil)), channel.Deps{}, message(1, "x"))
			if err == nil || verdict.IsPermanent(err) != tc.permanent {
				t.Errorf("Send = %v", err)
			}
		})
	}
	t.Run("nobody there is for now", func(t *testing.T) {
		if err := send(t, config("smtp://127.0.0.1:1"), channel.Deps{}, message(1, "x")); err == nil || verdict.IsPermanent(err) {
			t.Errorf("Send = %v", err)
		}
	})
}

func TestAnAddressThatIsRefusedKeepsNobodyElseFromBeingTold(t *testing.T) {
	full := true
	p := &post{rcpt: func(to string) error {
		switch {
		case to == "gone@example.org":
			return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "no such user"}
		case to == "full@example.org" && full:
			return &smtp.SMTPError{Code: 452, EnhancedCode: smtp.EnhancedCode{4, 2, 2}, Message: "mailbox full"}
		}
		return nil
	}}
	c := config("smtp://" + serve(t, p, nil))
	c.To = []string{"one@example.org", "gone@example.org", "full@example.org", "two@example.org"}
	ch, err := email.Open(c, channel.Deps{})
	if err != nil {
		t.Fatal(err)
	}
	if err := ch.Send(t.Context(), message(1, "x")); err == nil || verdict.IsPermanent(err) {
		t.Fatalf("while one is full: %v", err)
	}
	full = false
	if err := ch.Send(t.Context(), message(1, "x")); !verdict.IsPermanent(err) || !strings.Contains(err.Error(), "gone@example.org") {
		t.Fatalf("when only one is gone: %v", err)
	}
	close(p.mails)
	var told []string
	for l := range p.mails {
		told = append(told, l.to...)
	}
	if got := strings.Join(told, " "); got != "one@example.org two@example.org full@example.org" {
		t.Errorf("told %s", got)
	}
}

func TestTLSAndPassword(t *testing.T) {
	server, client := certificate(t)
	secret := filepath.Join(t.TempDir(), "password")
	if err := os.WriteFile(secret, []byte("s3cr3t-canary\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct{ name, scheme, tls, password string }{
		{"STARTTLS", "smtp", "required", "s3cr3t-canary"},
		{"STARTTLS, as offered", "smtp", "", "s3cr3t-canary"},
		{"TLS at once", "smtps", "", "s3cr3t-canary"},
		{"a wrong password is refused for good", "smtp", "required", "another"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			p := &post{password: tc.password}
			address := serve(t, p, func(s *smtp.Server) { s.TLSConfig = server })
			if tc.scheme == "smtps" {
				address = serveTLS(t, p, server)
			}
			c := config(tc.scheme + "://tocsin@" + address)
			c.TLS, c.TokenFile = tc.tls, secret
			err := send(t, c, channel.Deps{TLS: client, Dial: (&net.Dialer{}).DialContext}, message(1, "x"))
			if tc.password == "another" {
				if !verdict.IsPermanent(err) || strings.Contains(err.Error(), "canary") {
					t.Errorf("Send = %v", err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if l := <-p.mails; !l.tls || l.user != "tocsin" {
				t.Errorf("TLS %v, user %q", l.tls, l.user)
			}
		})
	}
	t.Run("plain text is refused where TLS is required", func(t *testing.T) {
		p := &post{}
		c := config("smtp://" + serve(t, p, nil))
		c.TLS = "required"
		if err := send(t, c, channel.Deps{}, message(1, "x")); err == nil || !strings.Contains(err.Error(), "STARTTLS") {
			t.Errorf("Send = %v", err)
		}
	})
}

func TestOpenNamesTheField(t *testing.T) {
	for _, tc := range []struct {
		name, field string
		spoil       func(*channel.Config)
	}{
		{"no server", "smtp", func(c *channel.Config) { c.SMTP = "" }},
		{"a server over HTTP", "smtp", func(c *channel.Config) { c.SMTP = "http://example.org" }},
		{"a password in the address", "smtp", func(c *channel.Config) { c.SMTP = "smtp://u:p@example.org" }},
		{"no sender", "from", func(c *channel.Config) { c.From = "" }},
		{"a sender with a line break", "from", func(c *channel.Config) { c.From = "a@example.org\r\nBcc: b@example.org" }},
		{"a recipient that is no address", "to[0]", func(c *channel.Config) { c.To[0] = "desk" }},
		{"a user without a password", "token_file", func(c *channel.Config) { c.SMTP = "smtp://u@example.org" }},
		{"an unknown way of TLS", "tls", func(c *channel.Config) { c.TLS = "maybe" }},
	} {
		t.Run(tc.name, func(t *testing.T) {
			c := config("smtp://example.org")
			tc.spoil(&c)
			_, err := email.Open(c, channel.Deps{})
			var fe *events.FieldError
			if !errors.As(err, &fe) || fe.Field != tc.field {
				t.Errorf("Open = %v, want field %s", err, tc.field)
			}
		})
	}
}
