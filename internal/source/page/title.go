package page

import (
	"cmp"
	"strings"

	"github.com/tocsin-news/tocsin/internal/source"
	"github.com/tocsin-news/tocsin/internal/token"
	"github.com/tocsin-news/tocsin/pkg/events"
)

// title is the article's headline without the site's name. What the head gives
// may be shortened for networks, or begin and end with the site; the headline
// that readers see is a heading of the page that shares most of its words.
func title(h *head, about linked) string {
	window := titleLine(h.title)
	given := titleGiven(h, about, window)
	if given != "" {
		return withoutSite(headlineLike(h, given), h)
	}
	if seen := headlineIn(h, window); seen != "" {
		return seen
	}
	return withoutSite(window, h)
}

func titleLine(s string) string { return source.Line(source.PlainText(s), events.MaxTitle) }

// titleGiven is the first title in the metadata that the window's title bears
// out, else the first.
func titleGiven(h *head, about linked, window string) string {
	given := []string{about.headline, h.meta("og:title"), h.meta("twitter:title", "parsely-title", "dc.title", "dcterm.title", "title")}
	for _, s := range given {
		s = titleLine(s)
		if both, least, _ := shared(s, window); both*2 >= least && both > 0 {
			return s
		}
	}
	return titleLine(cmp.Or(given...))
}

// headlineLike returns the first of the page's headings, the main ones before
// the lesser, that says what given says; given, where that is all of it that is
// not a kicker, and where there is no such heading.
func headlineLike(h *head, given string) string {
	for _, heading := range append(h.headings, h.lesser...) {
		if h.isSite(heading) || !alike(heading, given) {
			continue
		}
		if strings.Contains(token.Fold(heading), token.Fold(given)) {
			return given
		}
		return source.Line(heading, events.MaxTitle)
	}
	return given
}

// headlineIn returns the longest heading that stands whole in the title of the
// window.
func headlineIn(h *head, window string) string {
	longest := ""
	for _, heading := range append(h.headings, h.lesser...) {
		if len(heading) > len(longest) && !h.isSite(heading) && within(heading, window) {
			longest = heading
		}
	}
	if !strings.Contains(longest, " ") && len(window) > 3*len(longest) {
		return "" // the name of a section
	}
	return source.Line(longest, events.MaxTitle)
}

// alike reports whether two headlines share most of the words of both.
func alike(a, b string) bool {
	shared, least, most := shared(a, b)
	return least > 1 && shared*5 >= least*4 && shared*2 >= most || shared == most
}

// within reports whether a heading stands whole in the title of the window.
func within(heading, window string) bool {
	return heading != "" && len(heading) <= len(window) && strings.Contains(token.Fold(window), token.Fold(heading))
}

// shared counts the words that a and b share, and the words of either.
func shared(a, b string) (both, least, most int) {
	words := map[string]bool{}
	for _, w := range wordsOf(a) {
		words[w] = true
	}
	other := map[string]bool{}
	for _, w := range wordsOf(b) {
		if words[w] && !other[w] {
			both++
		}
		other[w] = true
	}
	return both, min(len(words), len(other)), max(len(words), len(other))
}

func wordsOf(s string) []string {
	return strings.FieldsFunc(token.Fold(s), func(r rune) bool { return !wordRune(r) })
}

func wordRune(r rune) bool {
	return r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r > 0x7f && r != '–' && r != '—' && r != '«' && r != '»' && r != '…'
}

var separators = []string{" | ", " - ", " – ", " — ", " » ", " « ", " :: ", " · ", " • ", " // ", " › ", "│", " / "}

// withoutSite cuts the site's name off a title, at its end or its beginning.
func withoutSite(given string, h *head) string {
	for _, separator := range separators {
		if cut := strings.LastIndex(given, separator); cut > 0 && h.isSite(given[cut+len(separator):]) {
			return strings.TrimSpace(given[:cut])
		}
		if before, after, ok := strings.Cut(given, separator); ok && h.isSite(before) {
			return strings.TrimSpace(after)
		}
	}
	return given
}

// isSite reports whether s names the site: as its own metadata do, or as its
// address does ("Four Years Remaining" at fouryears.eu).
func (h *head) isSite(s string) bool {
	name := strings.Join(wordsOf(s), "")
	if name == "" {
		return true
	}
	for _, site := range []string{h.meta("og:site_name"), h.meta("application-name"), h.domain} {
		if name == strings.Join(wordsOf(site), "") {
			return true
		}
	}
	label, _, _ := strings.Cut(h.domain, ".")
	label = strings.Join(wordsOf(label), "")
	near := len(label) >= 4 && len(name) >= 4 && len(name) <= 2*len(label)
	return near && (strings.HasPrefix(name, label) || strings.HasPrefix(label, name))
}
