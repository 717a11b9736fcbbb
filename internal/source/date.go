package source

import (
	"strconv"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// maxDate bounds what is read as a date, in bytes.
const maxDate = 128

// Date reads a date as feeds and pages write it, in UTC: RFC 3339 and its
// shortened forms, RFC 822 and its misspellings, asctime, and dates in words in
// the languages of monthNames. lang, a BCP 47 tag or "", decides what 3/4/2024
// means; where it does not tell, such a date is not read. A clock without a
// zone, or with one that is not known, is taken as UTC. ok is false when the
// date cannot be read: none is invented, and years outside 1970–2099 are
// refused.
func Date(s, lang string) (at time.Time, ok bool) {
	s = strings.TrimSpace(s)
	if s == "" || len(s) > maxDate {
		return time.Time{}, false
	}
	for _, layout := range layouts(s) {
		if at, err := time.Parse(layout, s); err == nil {
			return plausible(at)
		}
	}
	return scanDate(s, lang).time()
}

var isoLayouts = []string{
	time.RFC3339Nano, "2006-01-02T15:04:05.999999999Z0700", "2006-01-02T15:04Z07:00", "2006-01-02T15:04Z0700",
	"2006-01-02T15:04:05", "2006-01-02T15:04", "2006-01-02 15:04:05Z07:00", "2006-01-02 15:04:05 -0700",
	"2006-01-02 15:04:05", "2006-01-02 15:04", "2006-01-02", "2006-01", "2006", "2006-002", "20060102",
	"20060102T150405Z0700", "20060102150405", "2006-01-02T15:04:05 -07:00", "2006-01-02 15:04:05 UTC",
}

// mailLayouts are the commonest of RSS. Layouts that name zones are left to
// [scanDate], because time.Parse takes any name for a zone.
var mailLayouts = []string{
	"Mon, 02 Jan 2006 15:04:05 -0700", "Mon, 02 Jan 2006 15:04:05 GMT", "Mon, 2 Jan 2006 15:04:05 -0700", "Mon, 2 Jan 2006 15:04:05 GMT",
}

func layouts(s string) []string {
	if isDigit(s[0]) {
		return isoLayouts
	}
	return mailLayouts
}

func plausible(at time.Time) (time.Time, bool) {
	at = at.UTC()
	if at.Year() < 1970 || at.Year() > 2099 {
		return time.Time{}, false
	}
	return at, true
}

// written is a date as its parts were found.
type written struct {
	year, day    int
	month        time.Month
	hour, minute int
	second       int
	offset       int // seconds east of UTC
	vague        bool
}

func (w written) time() (time.Time, bool) {
	if w.vague || w.year == 0 || w.month < 1 || w.month > 12 || w.day < 1 || w.hour > 24 || w.minute > 59 || w.second > 60 {
		return time.Time{}, false
	}
	at := time.Date(w.year, w.month, w.day, w.hour, w.minute, w.second, 0, time.UTC)
	if at.Day() != w.day && w.hour < 24 {
		return time.Time{}, false
	}
	return plausible(at.Add(-time.Duration(w.offset) * time.Second))
}

// scanDate takes the parts of s one word at a time, in whatever order.
func scanDate(s, lang string) written {
	var w written
	var numbers []int // numbers before a month was found, in order
	words := dateWords(s)
	for i, word := range words {
		switch {
		case (word[0] == '+' || word[0] == '-') && len(word) >= 3 && w.year > 0:
			w.zone(word)
		case strings.Contains(word, ":"):
			w.clock(word)
		case isNumber(word):
			n, _ := strconv.Atoi(word)
			numbers = append(numbers, n)
			w.number(n, len(word))
		case strings.ContainsAny(word, "/.-") && isDigit(word[0]):
			w.numeric(word, lang)
		default:
			w.word(word, i > 0 && isNumber(words[i-1]))
		}
	}
	if w.month == 0 && len(numbers) >= 3 { // 2024年11月22日 and the like
		w.eastern(numbers)
	}
	return w
}

// dateWords cuts s into words, numbers, clocks and offsets, folded.
func dateWords(s string) []string {
	s = strings.NewReplacer("年", " ", "月", " ", "日", " ", "년", " ", "월", " ", "일", " ").Replace(s)
	fields := strings.FieldsFunc(bare(s), func(r rune) bool {
		return unicode.IsSpace(r) || strings.ContainsRune(",;()|–—·\"'’", r)
	})
	var words []string
	for _, f := range fields {
		for _, w := range cutJoined(f) {
			if w = strings.Trim(w, "."); w != "" {
				words = append(words, w)
			}
		}
	}
	return words
}

// bare is s in lower case without accents.
func bare(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return unicode.ToLower(r)
	}, norm.NFKD.String(s))
}

// cutJoined parts what is often written together: "22nov2024", "22-nov-2024",
// "2024-11-22t10:00z", "10:00gmt", "10:00+0100", "gmt+1".
func cutJoined(f string) []string {
	if i := strings.IndexByte(f, 't'); i > 0 && i < len(f)-1 && isDigit(f[i-1]) && isDigit(f[i+1]) {
		return append(cutJoined(f[:i]), cutJoined(f[i+1:])...)
	}
	if strings.IndexFunc(f, unicode.IsLetter) >= 0 && strings.Contains(f, "-") && !strings.Contains(f, ":") {
		return strings.Split(f, "-")
	}
	if hour, minute, ok := strings.Cut(f, "h"); ok && isNumber(hour) && isNumber(minute) { // 12h30
		return []string{hour + ":" + minute}
	}
	var parts []string
	start := 0
	for i := 1; i < len(f); i++ {
		before, now := f[i-1], f[i]
		switch {
		case isDigit(before) != isDigit(now) && (isLetter(before) || isLetter(now)),
			(now == '+' || now == '-') && (strings.Contains(f[start:i], ":") || isLetter(before)):
			parts = append(parts, f[start:i])
			start = i
		}
	}
	return append(parts, f[start:])
}

func isDigit(c byte) bool  { return '0' <= c && c <= '9' }
func isLetter(c byte) bool { return 'a' <= c && c <= 'z' || c >= 0x80 }

func isNumber(s string) bool {
	for i := range len(s) {
		if !isDigit(s[i]) {
			return false
		}
	}
	return s != "" && len(s) < 9
}
