package query

import (
	"slices"
	"strings"

	"github.com/tocsin-news/tocsin/pkg/events"
)

// Explanation says why an article answers a query, or what it lacks.
type Explanation struct {
	Match bool
	// Evidence are the terms that matched, in the order of the query.
	Evidence []Evidence
	// Missing says, where the article does not match, what would have to
	// change; one line each.
	Missing []string
}

// Evidence is a term of a query, in its canonical form, and the words of the
// article that it matched. A term that asks for a fact (lang:fr) may have none.
type Evidence struct {
	Term     string
	Mentions []events.Mention
}

// maxMentions bounds the words shown for one term.
const maxMentions = 50

// Explain answers as [Query.Match] does, and says why.
func (q *Query) Explain(v *View) Explanation {
	e := Explanation{Match: q.Match(v)}
	e.collect(q.Root, v)
	if !e.Match {
		e.Missing = missing(q.Root, v)
	}
	return e
}

// collect gathers the evidence of the parts that match.
func (e *Explanation) collect(n Node, v *View) {
	switch n := n.(type) {
	case *And:
		for _, k := range n.Of {
			e.collect(k, v)
		}
	case *Or:
		for _, k := range n.Of {
			e.collect(k, v)
		}
	case *Term, *Near:
		if match(n, v) {
			e.Evidence = append(e.Evidence, Evidence{Term: format(n), Mentions: v.mentions(n)})
		}
	}
}

// mentions lists the words that a leaf matched, in the order of the text.
func (v *View) mentions(n Node) []events.Mention {
	var out []events.Mention
	if t, ok := n.(*Term); ok && !t.Field.Worded() {
		if len(t.keys) > 0 && t.Field != Tier {
			for i := v.facts.first(t.keys[0]); i >= 0; i = v.facts.after(i) {
				out = append(out, v.saying[i]...)
			}
		}
	} else {
		for _, s := range v.spans(n, 0) {
			out = append(out, v.mention(int(s.from), int(s.to)))
		}
	}
	slices.SortFunc(out, func(a, b events.Mention) int {
		switch {
		case a.Field != b.Field && a.Field == events.FieldTitle:
			return -1
		case a.Field != b.Field:
			return 1
		case a.Start != b.Start:
			return a.Start - b.Start
		}
		return a.End - b.End
	})
	out = slices.Compact(out)
	return out[:min(len(out), maxMentions)]
}

// missing says what n, which does not match, lacks.
func missing(n Node, v *View) []string {
	switch n := n.(type) {
	case *And:
		var out []string
		for _, k := range n.Of {
			if !match(k, v) {
				out = append(out, missing(k, v)...)
			}
		}
		return out
	case *Or:
		var of []string
		for _, k := range n.Of {
			of = append(of, strings.Join(missing(k, v), " and "))
		}
		return []string{"one of: " + strings.Join(of, "; ")}
	case *Not:
		return []string{"must not have " + format(n.Of) + v.quote(n.Of)}
	}
	return []string{format(n)}
}

// quote shows the first words that n matched, to say what stands in the way.
func (v *View) quote(n Node) string {
	var e Explanation
	e.collect(n, v)
	for _, ev := range e.Evidence {
		if len(ev.Mentions) > 0 {
			return " (has “" + ev.Mentions[0].Of(v.Article.Article) + "”)"
		}
	}
	return ""
}

func format(n Node) string {
	var b strings.Builder
	print(&b, n, 0)
	return b.String()
}
