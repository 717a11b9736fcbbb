package story

import (
	_ "embed"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/cespare/xxhash/v2"

	"github.com/tocsin-news/tocsin/internal/token"
)

//go:embed months.txt
var shippedMonths string

// months is the number of each month's names, folded.
var months = sync.OnceValue(func() map[string]time.Month {
	out := map[string]time.Month{}
	m := time.January
	for line := range strings.Lines(shippedMonths) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		for w := range strings.FieldsSeq(line) {
			out[w] = m
		}
		m++
	}
	return out
})

// today is how near a date must be to an article's own to say nothing: all
// that is written on a day names it.
const today = 2 * 24 * time.Hour

// date reads a day and a month at word i: "13 janvier", "January 13". It
// returns how many words they are, 0 for no date, and what the date counts as
// among the numbers, 0 where it is the article's own.
func date(words []token.Token, i int, at time.Time) (size int, number uint32) {
	if i+1 >= len(words) {
		return 0, 0
	}
	day, month := dayOf(words[i]), months()[words[i+1].Fold]
	if day == 0 {
		day, month = dayOf(words[i+1]), months()[words[i].Fold]
	}
	if day == 0 || month == 0 || !words[i+1].Near() {
		return 0, 0
	}
	then := time.Date(at.Year(), month, day, 12, 0, 0, 0, time.UTC)
	apart := then.Sub(at).Abs()
	if apart = min(apart, 365*24*time.Hour-apart); apart <= today {
		return 2, 0
	}
	return 2, uint32(xxhash.Sum64String("date " + strconv.Itoa(int(month)*100+day)))
}

// dayOf is the day of a month that a word is, or 0: "1", "13", "1er", "4th".
func dayOf(w token.Token) int {
	if w.Shape&token.Number == 0 || len(w.Fold) > 4 {
		return 0
	}
	digits := strings.TrimRight(w.Fold, "erdhnst.")
	if len(digits) > 2 {
		return 0
	}
	day, err := strconv.Atoi(digits)
	if err != nil || day < 1 || day > 31 {
		return 0
	}
	return day
}
