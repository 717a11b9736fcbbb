package source

import (
	"strconv"
	"strings"
	"time"
)

// number places a bare number: a day first, then a year.
func (w *written) number(n, digits int) {
	switch {
	case digits == 4 && w.year == 0 && n > 1900:
		w.year = n
	case digits <= 2 && w.day == 0 && n >= 1 && n <= 31:
		w.day = n
	case digits == 2 && w.year == 0:
		w.year = century(n)
	}
}

// century reads a year of two digits as RFC 2822 section 4.3 does.
func century(n int) int {
	if n < 50 {
		return 2000 + n
	}
	return 1900 + n
}

// numeric reads 22/11/2024, 22.11.2024, 2024/11/22.
func (w *written) numeric(word, lang string) {
	parts := strings.FieldsFunc(word, func(r rune) bool { return r == '/' || r == '.' || r == '-' })
	if len(parts) != 3 || w.month != 0 {
		return
	}
	var n [3]int
	for i, part := range parts {
		v, err := strconv.Atoi(part)
		if err != nil {
			return
		}
		n[i] = v
	}
	switch {
	case len(parts[0]) == 4:
		w.year, w.month, w.day = n[0], time.Month(n[1]), n[2]
		return
	case len(parts[2]) == 4:
		w.year = n[2]
	case len(parts[2]) == 2:
		w.year = century(n[2])
	}
	w.dayAndMonth(n[0], n[1], strings.Contains(word, "."), lang)
}

// dayAndMonth decides which of the two is the month. Only English writes it
// first, and only with slashes or dashes.
func (w *written) dayAndMonth(first, second int, dots bool, lang string) {
	switch {
	case first > 12 || dots || first == second || dayFirst(lang):
		w.day, w.month = first, time.Month(second)
	case second > 12 || strings.EqualFold(lang, "en-US"):
		w.day, w.month = second, time.Month(first)
	default:
		w.vague = true
	}
}

func dayFirst(lang string) bool {
	lang = strings.ToLower(lang)
	if strings.HasPrefix(lang, "en") {
		return lang == "en-gb" || lang == "en-au" || lang == "en-ie" || lang == "en-nz" || lang == "en-in"
	}
	return lang != ""
}

func (w *written) eastern(n []int) {
	if n[0] >= 1970 && n[1] <= 12 && n[2] <= 31 {
		w.year, w.month, w.day = n[0], time.Month(n[1]), n[2]
	}
}

// clock reads 10:00, 10:00:05, 10:00:05.123, 10:00:05z.
func (w *written) clock(word string) {
	parts := strings.Split(strings.TrimSuffix(word, "z"), ":")
	if len(parts) > 3 {
		w.vague = true
		return
	}
	for i, part := range parts {
		part, _, _ = strings.Cut(part, ".")
		n, err := strconv.Atoi(part)
		if err != nil || n < 0 {
			return
		}
		switch i {
		case 0:
			w.hour = n
		case 1:
			w.minute = n
		case 2:
			w.second = n
		}
	}
}

// zone reads +0100, -05:00, +1.
func (w *written) zone(word string) {
	digits := strings.ReplaceAll(word[1:], ":", "")
	n, err := strconv.Atoi(digits)
	if err != nil || len(digits) > 4 {
		return
	}
	if len(digits) <= 2 {
		n *= 100
	}
	hours, minutes := n/100, n%100
	if hours > 14 || minutes > 59 {
		return
	}
	w.offset = hours*3600 + minutes*60
	if word[0] == '-' {
		w.offset = -w.offset
	}
}

// word reads a month, a zone, am or pm. Some words are a month in one tongue
// and a day of the week in another ("mar."): a month stands beside its day, and
// a later reading wins only there.
func (w *written) word(word string, afterNumber bool) {
	switch {
	case word == "pm" || word == "p.m":
		w.hour = w.hour%12 + 12
		return
	case (word == "am" || word == "a.m") && w.hour == 12:
		w.hour = 0
		return
	}
	if month := monthOf(word); month != 0 {
		if w.month == 0 || afterNumber && w.day != 0 {
			w.month = month
		}
		return
	}
	if offset, ok := zones[word]; ok {
		w.offset = offset
	}
}
