package detect

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/tocsin-news/tocsin/internal/burst"
	"github.com/tocsin-news/tocsin/internal/watch"
	"github.com/tocsin-news/tocsin/pkg/events"
)

const (
	// evidence bounds the articles that one alert version lists: the first and
	// the latest.
	firstEvidence  = 50
	latestEvidence = 150
	commonNames    = 16
	commonTopics   = 8
	// fresh is how far back the titles go among which the headline is chosen.
	fresh = 2 * time.Hour
)

// state makes the next version of the alert.
func (s *situation) state(d *Detector, v view, state, changed string) events.Alert {
	l, w := s.alert, &s.rule.watch
	l.Version++
	l.Before, l.At, l.State, l.Due = l.At, v.now, state, time.Time{}
	l.Origins, l.Articles = v.whole.origins, v.whole.articles
	if state != events.Resolved {
		l.From, l.Until = l.Until, v.now
		if state == events.Opened {
			l.From = time.Time{}
		}
		l.Headline = s.headline(d)
		l.Clauses, l.Baseline = v.clauses(w), v.baseline()
		l.Observed, l.Expected, l.P = v.window.articles, round(v.expect.Mean), nil
		if w.When.Surprise > 0 && !v.expect.Cold {
			p := round(v.p)
			l.P = &p
		}
	}
	l.Changed, l.Missing = changed, v.missing(d, w, l.Level)
	l.Reason = s.reason(d, v, state, changed)
	l.Past = append(l.Past, Version{l.Version, state, l.Level, v.now, l.Origins, changed})
	if len(l.Past) > maxPast {
		l.Past = append(l.Past[:1], l.Past[len(l.Past)-maxPast+1:]...)
	}
	return s.stated(d)
}

// stated is the latest version as the world reads it.
func (s *situation) stated(d *Detector) events.Alert {
	l := s.alert
	a := events.Alert{
		ID: l.ID, Version: l.Version, State: l.State, Level: l.Level, Watch: s.rule.watch.Name,
		Headline: l.Headline, At: l.At, Articles: s.evidence(d, s.told(d)), Origins: l.Origins,
		Observed: float64(l.Observed), Expected: l.Expected, PValue: l.P,
		Entities: s.common(d, namesOf, commonNames), Topics: s.common(d, topicsOf, commonTopics),
		Reason: l.Reason, Changed: l.Changed, Missing: l.Missing, Also: slices.Clone(l.Also),
	}
	if s.story != nil {
		a.Story = s.story.ID
	}
	return a
}

// told are the hits that a version lists, in the order in which they came: all
// of the evidence, reprints too, and of a watch by query what is new.
func (s *situation) told(d *Detector) []hit {
	hits := s.hits
	if s.story == nil {
		hits = s.instalment(d)
	}
	if n := firstEvidence + latestEvidence; len(hits) > n {
		hits = append(append(make([]hit, 0, n), hits[:firstEvidence]...), hits[len(hits)-latestEvidence:]...)
	}
	return hits
}

func (s *situation) evidence(d *Detector, hits []hit) []events.Evidence {
	out := make([]events.Evidence, 0, len(hits))
	for _, h := range hits {
		m := h.Member
		e := events.Evidence{ID: m.ID, Source: m.Source, URL: m.URL, Title: m.Title, PublishedAt: m.Published, Origin: s.originOf(d, m), Why: m.Why}
		if e.Why == "own reporting" && e.Origin != m.Source {
			e.Why = "family " + e.Origin
		}
		out = append(out, e)
	}
	return out
}

// headline is the most central title of the story's latest hours, or of what
// a watch by query tells.
func (s *situation) headline(d *Detector) string {
	if s.story != nil {
		return s.story.Headline(s.alert.since(d.clock.now))
	}
	if title := central(s.instalment(d)); title != "" || s.alert == nil {
		return title
	}
	return s.alert.Headline
}

// reason is one sentence with the numbers of the decision.
func (s *situation) reason(d *Detector, v view, state, changed string) string {
	w := &s.rule.watch
	if state == events.Resolved {
		return fmt.Sprintf("Resolved: %s. In all %s of %s.", changed,
			plural(v.whole.articles, "article", "articles"), plural(v.whole.origins, "independent origin", "independent origins"))
	}
	s.sum(d, v.now.Add(-w.When.Within), false)
	names := d.origins()
	b := &strings.Builder{}
	fmt.Fprintf(b, "%s (%s) in %s within %s", plural(v.window.origins, "independent origin", "independent origins"),
		some(names, 6), plural(v.window.articles, "article", "articles"), watch.FormatDuration(w.When.Within))
	fmt.Fprintf(b, ", where %s asked for", plural(w.When.Origins, "origin was", "origins were"))
	switch {
	case v.expect.Cold:
		fmt.Fprintf(b, "; cold baseline: it covers %s of the %s that a judgement needs", inWords(v.expect.Days), plural(burst.Warm, "day", "days"))
		if w.When.Surprise > 0 {
			fmt.Fprintf(b, ", so %s articles stand in for surprise", inWords(coldArticles))
		}
	case w.When.Surprise > 0:
		fmt.Fprintf(b, "; %s expected from %s of history (p = %.2g)", number(v.expect.Mean), plural(v.expect.Days, "day", "days"), v.p)
	default:
		fmt.Fprintf(b, "; %s expected", number(v.expect.Mean))
	}
	if v.whole.origins > v.window.origins {
		fmt.Fprintf(b, "; since it opened %s", plural(v.whole.origins, "origin", "origins"))
	}
	b.WriteByte('.')
	return b.String()
}

// missing says what the next level still lacks, "" where there is none.
func (v view) missing(d *Detector, w *watch.Watch, level string) string {
	for _, step := range append([]watch.Step{{Level: w.Level}}, w.Escalate...) {
		if events.LevelRank(step.Level) <= events.LevelRank(level) {
			continue
		}
		var lacks []string
		if n := step.Origins - v.whole.origins; n > 0 {
			lacks = append(lacks, plural(n, "more origin", "more origins"))
		}
		if n := step.Articles - v.whole.articles; n > 0 {
			lacks = append(lacks, plural(n, "more article", "more articles"))
		}
		if !v.surprises(step.Surprise) {
			lacks = append(lacks, fmt.Sprintf("a count as improbable as %.2g", step.Surprise))
		}
		if events.LevelRank(step.Level) >= events.LevelRank(events.High) && !v.carriesHigh(d) {
			if v.whole.trusted == 0 {
				lacks = append(lacks, "a trusted independent origin")
			} else {
				lacks = append(lacks, fmt.Sprintf("%d independent origins in all", minHigh))
			}
		}
		if len(lacks) > 0 {
			return fmt.Sprintf("for %s: %s", step.Level, strings.Join(lacks, ", "))
		}
	}
	return ""
}

// since is from when on titles say what is new: those after the version before,
// of the latest hours.
func (l *life) since(now time.Time) time.Time {
	at := now.Add(-fresh)
	if l != nil && l.Before.After(at) {
		return l.Before.Add(time.Nanosecond)
	}
	return at
}

func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + many
}

// some lists the first n words and says how many are left.
func some(words []string, n int) string {
	if len(words) <= n {
		return strings.Join(words, ", ")
	}
	return strings.Join(words[:n], ", ") + fmt.Sprintf(" and %d more", len(words)-n)
}

func number(x float64) string { return strconv.FormatFloat(round(x), 'g', -1, 64) }

// round keeps three digits, so that a number reads well and is the same
// wherever it was computed.
func round(x float64) float64 {
	y, err := strconv.ParseFloat(strconv.FormatFloat(x, 'g', 3, 64), 64)
	if err != nil {
		return x
	}
	return y
}

func clockTime(t time.Time) string { return t.UTC().Format("2006-01-02 15:04") }
