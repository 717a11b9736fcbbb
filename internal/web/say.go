package web

import (
	"fmt"
	"strings"
	"time"
)

// Span says a time span to the minute: 2 d 3 h, 3 h 10 min, 12 min.
func Span(d time.Duration) string {
	m := int(d.Round(time.Minute).Minutes())
	switch {
	case m >= 24*60 && m/60%24 == 0:
		return fmt.Sprintf("%d d", m/(24*60))
	case m >= 24*60:
		return fmt.Sprintf("%d d %d h", m/(24*60), m/60%24)
	case m >= 60 && m%60 == 0:
		return fmt.Sprintf("%d h", m/60)
	case m >= 60:
		return fmt.Sprintf("%d h %d min", m/60, m%60)
	}
	return fmt.Sprintf("%d min", m)
}

// tongues are the languages that are identified, by name.
var tongues = map[string]string{
	"ar": "Arabic", "be": "Belarusian", "bg": "Bulgarian", "bs": "Bosnian", "ca": "Catalan", "cs": "Czech", "da": "Danish", "de": "German", "el": "Greek",
	"en": "English", "es": "Spanish", "et": "Estonian", "fa": "Persian", "fi": "Finnish", "fr": "French", "ga": "Irish", "he": "Hebrew", "hi": "Hindi",
	"hr": "Croatian", "hu": "Hungarian", "hy": "Armenian", "id": "Indonesian", "is": "Icelandic", "it": "Italian", "ja": "Japanese", "ka": "Georgian",
	"kk": "Kazakh", "ko": "Korean", "lt": "Lithuanian", "lv": "Latvian", "mk": "Macedonian", "mt": "Maltese", "nb": "Norwegian", "nl": "Dutch", "nn": "Norwegian",
	"no": "Norwegian", "pl": "Polish", "pt": "Portuguese", "ro": "Romanian", "ru": "Russian", "sk": "Slovak", "sl": "Slovenian", "sq": "Albanian", "sr": "Serbian",
	"sv": "Swedish", "th": "Thai", "tr": "Turkish", "uk": "Ukrainian", "ur": "Urdu", "vi": "Vietnamese", "zh": "Chinese",
}

// LanguageName is the English name of a language, else its tag.
func LanguageName(tag string) string {
	base, _, _ := strings.Cut(tag, "-")
	switch name := tongues[base]; {
	case name != "":
		return name
	case tag == "" || tag == "und":
		return "an unknown language"
	}
	return tag
}

// longestTerm is how many letters of a query's term are shown.
const longestTerm = 120

// brief is the first letters of s.
func brief(s string) string {
	if r := []rune(s); len(r) > longestTerm {
		return string(r[:longestTerm]) + "…"
	}
	return s
}

// count says a number of things: "1 article", "12,000 articles".
func count(n int, of string) string { return plural(n, of, of+"s") }

func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return grouped(n) + " " + many
}

// grouped writes 32898 as 32,898.
func grouped(n int) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// trim leaves out the white space at both ends of bytes [from, to) of s.
func trim(s string, from, to int) (int, int) {
	in := s[from:to]
	start := from + len(in) - len(strings.TrimLeft(in, " \t\r\n\u00a0"))
	end := from + len(strings.TrimRight(in, " \t\r\n\u00a0"))
	return start, max(start, end)
}
