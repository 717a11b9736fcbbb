package channeltest

import (
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"
)

var mdLink = regexp.MustCompile(`\[((?:\\.|[^\\\[\]])*)\]\((https?://[^()\s\\]+)\)`)

// Markdown reads s as a renderer of Markdown does: a backslash takes the next
// mark literally, and [text](url) is a link. Any other of the special marks is
// markup that the template did not make, unless it is in front of a zero-width
// space. It returns the text as it shows.
func Markdown(t *testing.T, s, special string) string {
	t.Helper()
	s = mdLink.ReplaceAllString(s, "$1")
	var b strings.Builder
	for i := 0; i < len(s); {
		r, w := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == '\\' && i+1 < len(s):
			i++
			r, w = utf8.DecodeRuneInString(s[i:])
			b.WriteRune(r)
		case strings.ContainsRune(special, r) && !strings.HasPrefix(s[i+w:], "\u200b"):
			t.Errorf("the mark %q at byte %d is markup in %q", r, i, s)
			b.WriteRune(r)
		default:
			b.WriteRune(r)
		}
		i += w
	}
	return strings.ReplaceAll(b.String(), "\u200b", "")
}
