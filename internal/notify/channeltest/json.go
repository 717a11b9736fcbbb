package channeltest

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"unicode"
)

// Decode reads body strictly into v: no field that v does not have, so that a
// test's own wire type says what the template may send.
func Decode(t *testing.T, body []byte, v any) {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(body))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		t.Fatalf("%v in %s", err, body)
	}
}

// Plain fails the test for text with control characters other than line ends,
// or with marks that turn its direction around, and returns it.
func Plain(t *testing.T, s string) string {
	t.Helper()
	if strings.ContainsFunc(s, func(r rune) bool {
		return unicode.IsControl(r) && r != '\n' || r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069'
	}) {
		t.Errorf("%q has control characters", s)
	}
	return s
}
