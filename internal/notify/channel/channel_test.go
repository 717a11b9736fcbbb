package channel_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tocsin-news/tocsin/internal/notify/channel"
	"github.com/tocsin-news/tocsin/internal/notify/channeltest"
	"github.com/tocsin-news/tocsin/internal/verdict"
)

func TestAnAddressPrintsAsItsHost(t *testing.T) {
	file := channeltest.SecretFile(t, "https://hooks.example.org/services/T0/B0/secret-of-the-address")
	a, err := channel.Config{Kind: "slack", URLFile: file}.Address("/")
	if err != nil || a.String() != "hooks.example.org" {
		t.Errorf("%v, %v", a, err)
	}
	if _, err := (channel.Config{Kind: "slack", URLFile: channeltest.SecretFile(t, "hunter2 is no address")}).Address("/"); err == nil || strings.Contains(err.Error(), "hunter2") {
		t.Errorf("a file without an address: %v", err)
	}
}

func TestRedacted(t *testing.T) {
	for in, want := range map[string]string{
		"https://hooks.example.org/services/T0/B0/x": "https://hooks.example.org/[secret]",
		"https://example.org/?key=x":                 "https://example.org/[secret]",
		"https://matrix.example.org/":                "https://matrix.example.org/",
		"https://u:p@example.org":                    "https://example.org/[secret]",
		"":                                           "",
		"%%%":                                        "[secret]",
	} {
		if got := (channel.Config{URL: in}).Redacted().URL; got != want {
			t.Errorf("%s prints as %s, want %s", in, got, want)
		}
	}
	cause := errors.New("get https://example.org/hunter2-hunter2: refused")
	err := channel.Redacted(cause, "hunter2-hunter2")
	if err.Error() != "get https://example.org/[secret]: refused" || errors.Unwrap(err) != nil {
		t.Errorf("%v, which wraps %v", err, errors.Unwrap(err))
	}
	if other := channel.Redacted(cause, "another"); !errors.Is(other, cause) {
		t.Error("an error without secrets loses its cause")
	}
}

func TestSecrets(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) channel.Secret {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return channel.Secret(path)
	}
	if lines, err := write("two", "# old\r\none\r\n\n two \n").Lines(); err != nil || strings.Join(lines, "|") != "one|two" {
		t.Errorf("lines %q, %v", lines, err)
	}
	for name, s := range map[string]channel.Secret{
		"empty": write("empty", " \n"), "missing": channel.Secret(filepath.Join(dir, "none")),
		"huge": write("huge", strings.Repeat("hunter2", 10_000)),
		"two":  write("lines", "hunter2\nX-Header: x"), "binary": write("binary", "hunter2\x00"),
	} {
		if _, err := s.Token(); err == nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

type refused struct{}

func (refused) Error() string   { return "the port is not allowed" }
func (refused) Permanent() bool { return true }

func TestARuleOfTheClientIsForGood(t *testing.T) {
	_, err := channel.Post{URL: "https://example.org/"}.Send(t.Context(), doer{refused{}})
	if !verdict.IsPermanent(err) {
		t.Errorf("%v", err)
	}
	_, err = channel.Post{URL: "https://example.org/"}.Send(t.Context(), doer{errors.New("no route")})
	if err == nil || verdict.IsPermanent(err) {
		t.Errorf("%v", err)
	}
}
