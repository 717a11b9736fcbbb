package detect

import (
	"fmt"
	"slices"
	"time"

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
	// Lacks says what was missing: "2 origins of 3".
	Lacks string `json:"lacks"`
}

const maxMisses = 256

// miss notes that all but one clause held, or one origin was missing.
func (s *situation) miss(d *Detector, v view) {
	w := &s.rule.watch
	lacks := ""
	origins := v.window.origins
	switch {
	case origins == w.When.Origins-1 && origins > 0:
		lacks = fmt.Sprintf("%s of %d", plural(origins, "origin", "origins"), w.When.Origins)
	case origins < w.When.Origins:
		return
	case v.window.articles < w.When.Articles:
		lacks = fmt.Sprintf("%s of %d", plural(v.window.articles, "article", "articles"), w.When.Articles)
	default:
		lacks = fmt.Sprintf("p = %.2g where %.2g was asked for", v.p, w.When.Surprise)
		if v.expect.Cold {
			lacks = fmt.Sprintf("%s of %d while the baseline is cold", plural(v.window.articles, "article", "articles"), coldArticles)
		}
	}
	m := NearMiss{Watch: w.Name, At: v.now, Headline: s.headline(d), Origins: origins, Articles: v.window.articles, Lacks: lacks}
	if s.story != nil {
		m.Story = s.story.ID
	}
	d.misses = slices.DeleteFunc(d.misses, func(o NearMiss) bool { return o.Watch == m.Watch && o.Story == m.Story })
	d.misses = append(d.misses, m)
	if len(d.misses) > maxMisses {
		d.misses = slices.Delete(d.misses, 0, 1)
	}
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
