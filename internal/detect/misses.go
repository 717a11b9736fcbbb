package detect

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/tocsin-news/tocsin/internal/burst"
	"github.com/tocsin-news/tocsin/internal/watch"
)

// NearMiss is a situation that nearly opened an alert.
type NearMiss struct {
	Watch    string    `json:"watch"`
	Story    string    `json:"story,omitempty"`
	Headline string    `json:"headline"`
	At       time.Time `json:"at"`
	Origins  int       `json:"origins"`
	Articles int       `json:"articles"`
	// Lacks says what was missing: "two origins of three within 6h".
	Lacks string `json:"lacks"`
}

const maxMisses = 256

// miss notes that all but one clause held, or one origin was missing.
func (s *situation) miss(d *Detector, v view) {
	w := &s.rule.watch
	lacks := v.lacks(w)
	if lacks == "" {
		return
	}
	m := NearMiss{Watch: w.Name, At: v.now, Headline: s.headline(d), Origins: v.window.origins, Articles: v.window.articles, Lacks: lacks}
	if s.story != nil {
		m.Story = s.story.ID
	}
	d.misses = slices.DeleteFunc(d.misses, func(o NearMiss) bool { return o.Watch == m.Watch && o.Story == m.Story })
	d.misses = append(d.misses, m)
	if len(d.misses) > maxMisses {
		d.misses = slices.Delete(d.misses, 0, 1)
	}
}

// lacks names the clause that does not hold, with what it has and what it asks
// for; "" where more is missing than makes a near miss.
func (v view) lacks(w *watch.Watch) string {
	within := " within " + watch.FormatDuration(w.When.Within)
	match := min(max(w.When.Origins, w.When.Articles), sure)
	switch n := v.window; {
	case n.origins == 0, n.origins < w.When.Origins-1:
		return ""
	case n.origins < w.When.Origins:
		return outOf(n.origins, w.When.Origins, "origin") + within
	case n.articles < w.When.Articles:
		return outOf(n.articles, w.When.Articles, "article") + within
	case n.matched < match:
		return outOf(n.matched, match, "article") + " that matches the query itself"
	case v.expect.Cold:
		return outOf(n.articles, coldArticles, "article") + within + fmt.Sprintf(", while the baseline is cold (%s of %d days of history)", inWords(v.expect.Days), burst.Warm)
	}
	return fmt.Sprintf("surprise: %s%s where %s is usual, p = %.2g of %.2g", plural(v.window.articles, "article", "articles"), within, number(v.expect.Mean), v.p, w.When.Surprise)
}

// outOf says "two origins of three".
func outOf(have, want int, of string) string {
	if have != 1 {
		of += "s"
	}
	return fmt.Sprintf("%s %s of %s", inWords(have), of, inWords(want))
}

// inWords writes small numbers as a sentence has them.
func inWords(n int) string {
	words := [...]string{"none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"}
	if n < 0 || n >= len(words) {
		return strconv.Itoa(n)
	}
	return words[n]
}

// NearMisses lists the latest situations that nearly opened an alert and still
// have not, the latest last.
func (d *Detector) NearMisses() []NearMiss {
	var out []NearMiss
	for _, m := range d.misses {
		if !d.openedSince(m) {
			out = append(out, m)
		}
	}
	return out
}

func (d *Detector) openedSince(m NearMiss) bool {
	r := d.rule(m.Watch)
	if r == nil {
		return false
	}
	if r.watch.By != watch.ByStory {
		s, ok := r.cases[0]
		return ok && s.alert.living()
	}
	of, ok := d.stories.Story(m.Story)
	if !ok {
		return false
	}
	s, ok := r.cases[of.Seq+1]
	return ok && (s.alert.living() || s.host(d) != nil)
}
