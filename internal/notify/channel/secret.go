package channel

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
)

// Secret is the path of a file that holds a secret. It is read anew each time,
// so that a secret is rotated by writing the file.
type Secret string

const maxSecret = 16 << 10

// Read is what the file holds, without white space around it. Its errors name
// the path and never the content.
func (s Secret) Read() (string, error) {
	f, err := os.Open(string(s))
	if err != nil {
		return "", fmt.Errorf("read a secret: %w", err)
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, maxSecret+1))
	switch {
	case err != nil:
		return "", fmt.Errorf("read a secret: %w", err)
	case len(b) > maxSecret:
		return "", fmt.Errorf("read a secret: %s has more than %d bytes", string(s), maxSecret)
	}
	text := strings.TrimSpace(string(b))
	if text == "" {
		return "", fmt.Errorf("read a secret: %s is empty", string(s))
	}
	if strings.ContainsFunc(text, func(r rune) bool { return r == 0 || r == '\r' }) {
		text = strings.ReplaceAll(text, "\r\n", "\n")
	}
	return text, nil
}

// Lines is Read, cut at line ends; empty lines and lines that begin with # are
// left out.
func (s Secret) Lines() ([]string, error) {
	text, err := s.Read()
	if err != nil {
		return nil, err
	}
	var lines []string
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			lines = append(lines, line)
		}
	}
	if len(lines) == 0 {
		return nil, fmt.Errorf("read a secret: %s holds none", string(s))
	}
	return lines, nil
}

// Token is Read for a secret that goes into one header: a single line of
// printable ASCII.
func (s Secret) Token() (string, error) {
	text, err := s.Read()
	if err != nil {
		return "", err
	}
	if strings.ContainsFunc(text, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return "", fmt.Errorf("read a secret: %s must hold one line of printable ASCII without spaces", string(s))
	}
	return text, nil
}

// Redacted is err with every one of the secrets replaced in its text. The
// chain is cut where the text changes, so that nothing below can show them.
func Redacted(err error, secrets ...string) error {
	if err == nil {
		return nil
	}
	text := err.Error()
	clean := redact(text, secrets)
	if clean == text {
		return err
	}
	return errors.New(clean)
}

func redact(text string, secrets []string) string {
	for _, s := range secrets {
		if len(s) > 3 {
			text = strings.ReplaceAll(text, s, "[secret]")
		}
	}
	return text
}
