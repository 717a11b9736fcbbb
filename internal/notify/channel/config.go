package channel

import (
	"fmt"
	"net/url"
	"path/filepath"
	"slices"
	"strings"

	"github.com/tocsin-news/tocsin/internal/subscription"
	"github.com/tocsin-news/tocsin/pkg/events"
)

// Config is one entry of "channels:". Which fields a kind needs is said by the
// kind's own package; a field that a kind does not use must be absent.
type Config struct {
	Name string `yaml:"name" json:"name"`
	// Kind is one of [Kinds].
	Kind string `yaml:"kind" json:"kind"`
	// URL is the receiver's address. Where the address is itself the secret
	// (Slack, Discord, Teams, Mattermost), URLFile keeps it out of the file.
	URL     string `yaml:"url,omitempty" json:"url,omitempty"`
	URLFile string `yaml:"url_file,omitempty" json:"url_file,omitempty"`
	// SecretFile holds the signing keys of a webhook, one a line. Each signs,
	// so that a key can be rotated: add the new one, move the receiver, remove
	// the old one. The file is read anew for each message.
	SecretFile string `yaml:"secret_file,omitempty" json:"secret_file,omitempty"`
	// TokenFile holds a bearer or bot token, or the password of an SMTP user.
	TokenFile string `yaml:"token_file,omitempty" json:"token_file,omitempty"`
	// SMTP is smtp://[user@]host[:port] or smtps://…; From and To are addresses.
	SMTP string   `yaml:"smtp,omitempty" json:"smtp,omitempty"`
	From string   `yaml:"from,omitempty" json:"from,omitempty"`
	To   []string `yaml:"to,omitempty" json:"to,omitempty"`
	// TLS of smtp://: "required", "offered" (taken when offered) or "none".
	// Empty is required, and for a server on this machine offered.
	TLS string `yaml:"tls,omitempty" json:"tls,omitempty"`
	// Room is a Matrix room id; ChatID a Telegram chat; Topic a topic of ntfy.
	Room   string `yaml:"room,omitempty" json:"room,omitempty"`
	ChatID string `yaml:"chat_id,omitempty" json:"chat_id,omitempty"`
	Topic  string `yaml:"topic,omitempty" json:"topic,omitempty"`
	// Mode chooses between two ways of a kind: for alertmanager "api" (the
	// default: alerts are posted to an Alertmanager) or "webhook" (a receiver
	// of Alertmanager's webhooks gets one).
	Mode string `yaml:"mode,omitempty" json:"mode,omitempty"`
	// Lang is the language of the fixed words: en (default) or fr.
	Lang string `yaml:"lang,omitempty" json:"lang,omitempty"`
	// Fallback names the channel that is told when this one fails for good;
	// empty is the first other channel.
	Fallback string `yaml:"fallback,omitempty" json:"fallback,omitempty"`
}

// Kinds lists the kinds of channel.
var Kinds = []string{
	"webhook", "email", "slack", "discord", "teams", "telegram", "matrix",
	"mattermost", "ntfy", "gotify", "alertmanager", "log",
}

// fields maps the name of each optional field to its value.
func (c Config) fields() map[string]string {
	return map[string]string{
		"url": c.URL, "url_file": c.URLFile, "secret_file": c.SecretFile, "token_file": c.TokenFile,
		"smtp": c.SMTP, "from": c.From, "to": strings.Join(c.To, " "), "tls": c.TLS,
		"room": c.Room, "chat_id": c.ChatID, "topic": c.Topic, "mode": c.Mode,
	}
}

// allowed says which optional fields each kind may have.
var allowed = map[string][]string{
	"webhook":      {"url", "url_file", "secret_file"},
	"email":        {"smtp", "from", "to", "tls", "token_file"},
	"slack":        {"url", "url_file"},
	"discord":      {"url", "url_file"},
	"teams":        {"url", "url_file"},
	"telegram":     {"url", "token_file", "chat_id"},
	"matrix":       {"url", "token_file", "room"},
	"mattermost":   {"url", "url_file"},
	"ntfy":         {"url", "token_file", "topic"},
	"gotify":       {"url", "token_file"},
	"alertmanager": {"url", "token_file", "mode"},
	"log":          {},
}

// Validate reports the first field that is wrong for every kind alike, as a
// [*events.FieldError]. What a kind asks beyond that is said when it is opened.
func (c Config) Validate() error {
	switch {
	case !subscription.Named(c.Name):
		return Wrong("name", "letters, digits, - and _, such as desk", "is %q", c.Name)
	case !slices.Contains(Kinds, c.Kind):
		return Wrong("kind", strings.Join(Kinds, " "), "is %q", c.Kind)
	case c.URL != "" && c.URLFile != "":
		return Wrong("url_file", "keep one of the two", "is there beside url")
	case c.Lang != "" && c.Lang != "en" && c.Lang != "fr":
		return Wrong("lang", "en or fr", "is %q", c.Lang)
	case c.Fallback == c.Name:
		return Wrong("fallback", "another channel's name", "is the channel itself")
	}
	fields := c.fields()
	for _, f := range []string{"url", "url_file", "secret_file", "token_file", "smtp", "from", "to", "tls", "room", "chat_id", "topic", "mode"} {
		if fields[f] != "" && !slices.Contains(allowed[c.Kind], f) {
			return Wrong(f, "a "+c.Kind+" channel has "+strings.Join(append([]string{"name", "kind"}, allowed[c.Kind]...), " "), "is not used by this kind")
		}
	}
	return nil
}

// Redacted is c as it may be printed: of an address that may be the secret
// itself, only scheme and host are left.
func (c Config) Redacted() Config {
	u, err := url.Parse(c.URL)
	switch {
	case c.URL == "":
	case err != nil:
		c.URL = "[secret]"
	case u.User != nil || strings.Trim(u.Path, "/") != "" || u.RawQuery != "":
		c.URL = u.Scheme + "://" + u.Host + "/[secret]"
	}
	return c
}

// Need reports the first of the named fields that is empty.
func (c Config) Need(hints map[string]string, names ...string) error {
	fields := c.fields()
	for _, f := range names {
		if fields[f] == "" {
			return Wrong(f, hints[f], "is empty")
		}
	}
	return nil
}

// Address is where the channel posts: URL, or what URLFile holds.
func (c Config) Address(dir string) (Address, error) {
	if c.URLFile != "" {
		text, err := Secret(Path(dir, c.URLFile)).Read()
		if err != nil {
			return Address{}, Wrong("url_file", "a file that holds the URL", "%v", err)
		}
		u, err := httpURL(text)
		if err != nil {
			return Address{}, Wrong("url_file", "it must hold an absolute http or https address", "holds something else")
		}
		return Address{URL: u}, nil
	}
	if c.URL == "" {
		return Address{}, Wrong("url", "the receiver's address (or url_file, where it is a secret)", "is empty")
	}
	u, err := httpURL(c.URL)
	if err != nil {
		return Address{}, Wrong("url", "an absolute http or https address without user and password", "%v", err)
	}
	return Address{URL: u}, nil
}

// Address is a receiver's URL. Its path and query may be a secret, so that it
// prints as its host alone.
type Address struct{ URL *url.URL }

// String is the host.
func (a Address) String() string {
	if a.URL == nil {
		return "nowhere"
	}
	return a.URL.Host
}

// Join is the address with more path, each element escaped.
func (a Address) Join(elem ...string) string {
	u := *a.URL
	base := strings.TrimRight(u.EscapedPath(), "/")
	for _, e := range elem {
		base += "/" + url.PathEscape(e)
	}
	u.RawPath = base
	u.Path, _ = url.PathUnescape(base)
	return u.String()
}

func httpURL(s string) (*url.URL, error) {
	u, err := url.Parse(strings.TrimSpace(s))
	switch {
	case err != nil:
		return nil, fmt.Errorf("cannot be read as an address")
	case u.Scheme != "http" && u.Scheme != "https":
		return nil, fmt.Errorf("has the scheme %q", u.Scheme)
	case u.Host == "":
		return nil, fmt.Errorf("has no host")
	case u.User != nil:
		return nil, fmt.Errorf("has a user in it")
	}
	u.Fragment = ""
	return u, nil
}

// Path is p, or p below dir when it is relative.
func Path(dir, p string) string {
	if p == "" || filepath.IsAbs(p) {
		return p
	}
	return filepath.Join(dir, p)
}

// Wrong is a [*events.FieldError].
func Wrong(field, hint, format string, args ...any) error {
	return &events.FieldError{Field: field, Problem: fmt.Sprintf(format, args...), Hint: hint}
}
