package email

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"net/url"
	"strconv"

	"github.com/wneessen/go-mail"

	"github.com/tocsin-news/tocsin/internal/notify/channel"
)

// server is where the mail goes in, and how.
type server struct {
	host     string
	port     int
	implicit bool // TLS from the first byte
	policy   mail.TLSPolicy
	user     string
	password channel.Secret
	deps     channel.Deps
}

// openServer reads smtp://[user@]host[:port] (587, STARTTLS) or smtps://…
// (465, TLS at once).
func openServer(c channel.Config, d channel.Deps) (server, error) {
	const hint = "smtp://host:587 or smtps://user@host; the password is in token_file"
	u, err := url.Parse(c.SMTP)
	if err != nil || u.Hostname() == "" {
		return server{}, channel.Wrong("smtp", hint, "cannot be read as an address")
	}
	s := server{host: u.Hostname(), port: 587, user: u.User.Username(), password: channel.Secret(channel.Path(d.Dir, c.TokenFile)), deps: d}
	if _, there := u.User.Password(); there {
		return server{}, channel.Wrong("smtp", hint, "has a password in it")
	}
	switch u.Scheme {
	case "smtp":
	case "smtps":
		s.implicit, s.port = true, 465
	default:
		return server{}, channel.Wrong("smtp", hint, "has the scheme %q", u.Scheme)
	}
	if p := u.Port(); p != "" {
		if s.port, err = strconv.Atoi(p); err != nil || s.port < 1 || s.port > 65535 {
			return server{}, channel.Wrong("smtp", hint, "has the port %q", p)
		}
	}
	if s.policy, err = policy(c.TLS, s.host); err != nil {
		return server{}, err
	}
	if (s.user == "") != (s.password == "") {
		return server{}, channel.Wrong("token_file", "a user in smtp needs a password in token_file, and the other way round", "and the user of smtp do not go together")
	}
	if s.password != "" {
		if _, err := s.password.Read(); err != nil {
			return server{}, channel.Wrong("token_file", "a file that holds the password", "%v", err)
		}
	}
	return s, nil
}

// policy never falls back to plain text by itself, except to this machine.
func policy(asked, host string) (mail.TLSPolicy, error) {
	switch asked {
	case "required":
		return mail.TLSMandatory, nil
	case "offered":
		return mail.TLSOpportunistic, nil
	case "none":
		return mail.NoTLS, nil
	case "":
		if isLocal(host) {
			return mail.TLSOpportunistic, nil
		}
		return mail.TLSMandatory, nil
	}
	return 0, channel.Wrong("tls", "required, offered or none", "is %q", asked)
}

// send connects, sends each of the mails and hangs up. secret is what no error may show.
func (s server) send(ctx context.Context, mails []*mail.Msg) (secret string, err error) {
	options := []mail.Option{
		mail.WithPort(s.port),
		mail.WithTimeout(channel.Timeout),
		mail.WithTLSPolicy(s.policy),
		mail.WithTLSConfig(s.config()),
	}
	if s.implicit {
		options = append(options, mail.WithSSL())
	}
	if s.deps.Dial != nil && !s.implicit {
		options = append(options, mail.WithDialContextFunc(mail.DialContextFunc(s.deps.Dial)))
	}
	if s.deps.Dial != nil && s.implicit {
		options = append(options, mail.WithDialContextFunc(s.dialTLS))
	}
	if s.user != "" {
		if secret, err = s.password.Read(); err != nil {
			return "", err
		}
		options = append(options, mail.WithUsername(s.user), mail.WithPassword(secret), mail.WithOpportunisticSMTPAuth(
			mail.SMTPAuthSCRAMSHA256, mail.SMTPAuthSCRAMSHA1, mail.SMTPAuthPlain, mail.SMTPAuthLogin, mail.SMTPAuthCramMD5))
	}
	client, err := mail.NewClient(s.host, options...)
	if err != nil {
		return secret, fmt.Errorf("prepare: %w", err)
	}
	return secret, client.DialAndSendWithContext(ctx, mails...)
}

// dialTLS is TLS from the first byte over the given dialer.
func (s server) dialTLS(ctx context.Context, network, address string) (net.Conn, error) {
	raw, err := s.deps.Dial(ctx, network, address)
	if err != nil {
		return nil, err
	}
	conn := tls.Client(raw, s.config())
	if err := conn.HandshakeContext(ctx); err != nil {
		raw.Close()
		return nil, err
	}
	return conn, nil
}

func (s server) config() *tls.Config {
	c := &tls.Config{MinVersion: tls.VersionTLS12}
	if s.deps.TLS != nil {
		c = s.deps.TLS.Clone()
	}
	c.ServerName = s.host
	return c
}
