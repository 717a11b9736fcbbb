package email_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"io"
	"math/big"
	"net"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// post is a real SMTP server that keeps what it is given.
type post struct {
	t        *testing.T
	mails    chan letter
	refuse   *smtp.SMTPError // the answer to DATA
	rcpt     func(to string) error
	password string
}

type letter struct {
	from string
	to   []string
	raw  []byte
	tls  bool
	user string
}

type session struct {
	p    *post
	conn *smtp.Conn
	l    letter
}

func (p *post) NewSession(c *smtp.Conn) (smtp.Session, error) { return &session{p: p, conn: c}, nil }

func (s *session) AuthMechanisms() []string {
	if s.p.password == "" {
		return nil
	}
	return []string{sasl.Plain}
}

func (s *session) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if password != s.p.password {
			return smtp.ErrAuthFailed
		}
		s.l.user = user
		return nil
	}), nil
}

func (s *session) Mail(from string, _ *smtp.MailOptions) error { s.l.from = from; return nil }
func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	if s.p.rcpt != nil {
		if err := s.p.rcpt(to); err != nil {
			return err
		}
	}
	s.l.to = append(s.l.to, to)
	return nil
}
func (s *session) Reset()        { s.l = letter{user: s.l.user} }
func (s *session) Logout() error { return nil }
func (s *session) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	if s.p.refuse != nil {
		return s.p.refuse
	}
	s.l.raw = raw
	_, s.l.tls = s.conn.TLSConnectionState()
	s.p.mails <- s.l
	return nil
}

func serve(t *testing.T, p *post, with func(*smtp.Server)) (address string) {
	t.Helper()
	p.t, p.mails = t, make(chan letter, 8)
	s := smtp.NewServer(p)
	s.Domain = "localhost"
	s.AllowInsecureAuth = true
	s.ErrorLog = quiet{}
	if with != nil {
		with(s)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = s.Serve(l) }()
	t.Cleanup(func() { _ = s.Close() })
	return l.Addr().String()
}

type quiet struct{}

func (quiet) Printf(string, ...any) {}
func (quiet) Println(...any)        {}

func serveTLS(t *testing.T, p *post, config *tls.Config) string {
	t.Helper()
	s := smtp.NewServer(p)
	s.Domain, s.ErrorLog = "localhost", quiet{}
	l, err := tls.Listen("tcp", "127.0.0.1:0", config)
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = s.Serve(l) }()
	t.Cleanup(func() { _ = s.Close() })
	return l.Addr().String()
}

func certificate(t *testing.T) (server, client *tls.Config) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, c, c, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(parsed)
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}, &tls.Config{RootCAs: roots}
}
