package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/tocsin-news/tocsin/internal/web"
)

// judgement is a line about an article: what kind of judgement, and the rest.
type judgement struct{ kind, text string }

// judgements says in lines what was understood of an article, each with the
// words that it rests on. The first is about the whole.
func judgements(m web.Marked) []judgement {
	out := []judgement{{"", strings.Join(about(m), " · ")}}
	add := func(kind, form string, args ...any) { out = append(out, judgement{kind, fmt.Sprintf(form, args...)}) }
	for _, s := range m.Says {
		add(s.Stance, " by %s: %s", speaker(s), s.Words)
	}
	for _, t := range m.Topics {
		add(t.Topic, " %.2f (%s): %s", t.Score, t.Rule, strings.Join(t.Words, ", "))
	}
	for _, d := range m.Against {
		left := fmt.Sprintf("%.2f is left of %.2f", d.Left, d.Alone)
		if !d.Tagged {
			left = fmt.Sprintf("too little is left of %.2f", d.Alone)
		}
		add("against "+d.Topic, ": %s because of %s; for it: %s", left, because(d), strings.Join(d.For, ", "))
	}
	for _, x := range m.Entities {
		add(x.Kind, " %s %s%s: %s (%s)", cmp.Or(x.ID, "?"), x.Name, where(x), strings.Join(x.Words, ", "), x.Reason)
	}
	return out
}

func because(d web.MarkedDoubt) string {
	var out []string
	for _, c := range d.Contexts {
		out = append(out, c.Topic+" ("+strings.Join(c.Words, ", ")+")")
	}
	if len(d.Words) > 0 {
		out = append(out, "the words "+strings.Join(d.Words, ", "))
	}
	return strings.Join(out, " and ")
}

func about(m web.Marked) []string {
	out := []string{m.Article.Source, m.Lang}
	switch {
	case m.Reason != "":
		out = append(out, m.Kind+" ("+m.Reason+")")
	case m.Kind != "":
		out = append(out, m.Kind)
	}
	if a := m.Agency; a != nil {
		from := "from " + a.Key
		if a.Words != "" {
			from += ", as it says “" + a.Words + "”"
		}
		out = append(out, from)
	}
	return slices.DeleteFunc(out, func(s string) bool { return s == "" })
}

// where is an entity's country and, of a place, its coordinates in degrees.
func where(x web.MarkedEntity) string {
	var out []string
	if x.Country != "" {
		out = append(out, x.Country)
	}
	if x.Lat != nil && x.Lon != nil {
		out = append(out, fmt.Sprintf("%.2f %.2f", *x.Lat, *x.Lon))
	}
	if out == nil {
		return ""
	}
	return " [" + strings.Join(out, " ") + "]"
}

// speaker is the name of who says s.
func speaker(s web.Saying) string { return cmp.Or(s.Speaker, "somebody") }
