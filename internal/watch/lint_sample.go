package watch

import (
	"fmt"
	"slices"
	"strings"

	"github.com/tocsin-news/tocsin/internal/query"
)

// What a sample must hold before something is said of it.
const (
	sampleForDead  = 2000 // articles, to call a term dead
	sampleForLang  = 500  // articles of a language, to miss it
	broadShare     = 0.05 // of articles, to call a watch too broad
	formsThatCount = 5    // more matches with inflection, to advise it
)

// practice looks at what the watch does with the sample.
func (l *Linter) practice(r *report) {
	perLang, hits := map[string]int{}, map[string]int{}
	total := 0
	for _, v := range l.Sample {
		lang := v.Article.Lang
		perLang[lang]++
		if r.watch.Query.Match(v) {
			hits[lang]++
			total++
		}
	}
	if share := float64(total) / float64(len(l.Sample)); share > broadShare && len(l.Sample) >= 200 {
		r.add(Doubt, nil, "narrow the query", "query matches %.0f %% of the sample", 100*share)
	}
	if total == 0 && len(l.Sample) >= sampleForDead {
		r.add(Doubt, nil, "ask tocsin explain of an article that should match", "query matches none of the %d articles of the sample", len(l.Sample))
	}
	for _, lang := range l.Langs {
		if total > 0 && perLang[lang] >= sampleForLang && hits[lang] == 0 && !names(r.watch.Query, query.Lang) {
			r.add(Doubt, nil, "add words of that language, or topics and entities, which know all", "query matches none of %d articles in %s", perLang[lang], lang)
		}
	}
	query.Terms(r.watch.Query.Root, func(t *query.Term, negated bool) { l.term(r, t, negated) })
}

func names(q *query.Query, f query.Field) (found bool) {
	query.Terms(q.Root, func(t *query.Term, _ bool) { found = found || t.Field == f })
	return found
}

// term looks at what one term does with the sample.
func (l *Linter) term(r *report, t *query.Term, negated bool) {
	alone := query.Query{Root: t}
	plain := l.count(&alone)
	if plain == 0 && !negated && len(l.Sample) >= sampleForDead {
		r.add(Note, t, "is it spelt as the press spells it?", "%s is in none of the %d articles of the sample", t, len(l.Sample))
	}
	if !t.Field.Worded() || t.Prefix || len(t.Words[len(t.Words)-1]) < 4 {
		return
	}
	if t.Inflected {
		l.accents(r, t)
		return
	}
	forms, err := query.Parse(fieldPrefix(t) + `"` + strings.Join(t.Words, " ") + `"~`)
	if err != nil {
		return
	}
	if more := l.count(forms); more >= plain+formsThatCount && float64(more) > 1.3*float64(plain) {
		r.add(Doubt, t, "write "+forms.String(), "%s is in %d articles of the sample, its other forms in %d more", t, plain, more-plain)
	}
}

func fieldPrefix(t *query.Term) string {
	if t.Field == query.Any {
		return ""
	}
	return string(t.Field) + ":"
}

func (l *Linter) count(q *query.Query) (n int) {
	for _, v := range l.Sample {
		if q.Match(v) {
			n++
		}
	}
	return n
}

// accents looks for an inflected term that is written without the accents that
// the press writes: stemmers want them.
func (l *Linter) accents(r *report, t *query.Term) {
	if !slices.Equal(t.Spelt, t.Words) {
		return
	}
	plain, err := query.Parse(`"` + strings.Join(t.Words, " ") + `"`)
	if err != nil {
		return
	}
	spellings := map[string]int{}
	seen := 0
	for _, v := range l.Sample {
		for _, ev := range plain.Explain(v).Evidence {
			for _, m := range ev.Mentions {
				spellings[strings.ToLower(m.Of(v.Article.Article))]++
				seen++
			}
		}
	}
	best, most := "", 0
	for s, n := range spellings {
		if n > most || n == most && s < best {
			best, most = s, n
		}
	}
	if seen >= 3 && best != strings.Join(t.Words, " ") && float64(most) > 0.7*float64(seen) {
		r.add(Doubt, t, fmt.Sprintf("write %q~", best), "%s has no accents; the press writes %s", t, best)
	}
}
