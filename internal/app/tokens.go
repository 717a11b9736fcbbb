package app

import (
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/tocsin-news/tocsin/internal/web"
)

// secrets are the tokens with what they are compared to.
type secrets []secret

type secret struct {
	Token
	value string
}

// readSecrets reads the secret of each token. The built-in configuration has
// two tokens, whose secrets it makes under its data directory.
func (c Config) readSecrets() (secrets, error) {
	tokens := c.Tokens
	if c.Path == "" {
		for _, role := range []string{"ingest", "admin"} {
			t := Token{Name: role, Role: role, SecretFile: c.SecretPath(role)}
			if err := makeSecret(t.SecretFile); err != nil {
				return nil, err
			}
			tokens = append(tokens, t)
		}
	}
	var out secrets
	for i, t := range tokens {
		data, err := os.ReadFile(c.File(t.SecretFile))
		if err != nil {
			return nil, c.wrong(fmt.Sprintf("tokens[%d].secret_file", i), "%v: put a long random text there", err)
		}
		value := strings.TrimSpace(string(data))
		if len(value) < 16 {
			return nil, c.wrong(fmt.Sprintf("tokens[%d].secret_file", i), "%s holds %d characters: 16 at least", t.SecretFile, len(value))
		}
		out = append(out, secret{t, value})
	}
	return out, nil
}

// SecretPath is where the secret of a token lies that may do what role may:
// the configured one of that role, or of an administrator; in the built-in
// configuration, the one that it makes. It is empty when there is none.
func (c Config) SecretPath(role string) string {
	if c.Path == "" {
		if role != web.Ingest {
			role = web.Admin
		}
		return filepath.Join(c.NATS.Dir, "secrets", role)
	}
	for _, r := range []string{role, "admin"} {
		for _, t := range c.Tokens {
			if t.Role == r {
				return c.File(t.SecretFile)
			}
		}
	}
	return ""
}

func makeSecret(path string) error {
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fmt.Errorf("make a token: %w", err)
	}
	return os.WriteFile(path, []byte(rand.Text()+"\n"), 0o600)
}

// keys are the tokens as the API knows them.
func (s secrets) keys() web.Keys {
	var out web.Keys
	for _, x := range s {
		out = append(out, web.Key{Name: x.Name, Role: x.Role, Secret: x.value})
	}
	return out
}

// Authorize knows the tokens that may push: role ingest or admin.
func (s secrets) Authorize(bearer string) (name string, ok bool) {
	for _, x := range s {
		if x.Role != "ingest" && x.Role != "admin" {
			continue
		}
		if subtle.ConstantTimeCompare([]byte(x.value), []byte(bearer)) == 1 {
			name, ok = x.Name, true
		}
	}
	return name, ok
}
