package main

import (
	"cmp"
	"slices"
	"strings"

	"github.com/tocsin-news/tocsin/pkg/events"
)

// show prints enriched articles one by one.
type show interface {
	one(events.Enriched) error
	end() error
}

func shower(form string, out writer, colour bool) show {
	switch form {
	case "text":
		return &marked{out, ansi(colour), "", ""}
	case "html":
		return &marked{out, htmlMarks{}, htmlHead, "</body></html>\n"}
	}
	return plain{out}
}

type plain struct{ out writer }

func (p plain) one(e events.Enriched) error { return p.out.write(e) }
func (p plain) end() error                  { return nil }

// marks is a way to write a text with stretches of it marked.
type marks interface {
	title(s string) string
	line(s string) string
	plain(s string) string
	mark(words, kind, why string) string
	// said surrounds words that are marked already.
	said(words, stance, who string) string
}

// marked writes articles with their judgements as marks.
type marked struct {
	out        writer
	by         marks
	head, foot string
}

func (m *marked) end() error {
	_, err := m.out.buf.WriteString(m.head + m.foot)
	return err
}

func (m *marked) one(e events.Enriched) error {
	var b strings.Builder
	b.WriteString(m.head)
	m.head = ""
	b.WriteString(m.by.title(m.field(e, events.FieldTitle, e.Article.Title)))
	lines := judgements(e)
	b.WriteString(m.by.line(m.by.plain(lines[0])))
	if e.Article.Text != "" {
		b.WriteString(m.by.line(m.field(e, events.FieldText, e.Article.Text)))
	}
	for _, l := range lines[1:] {
		b.WriteString(m.by.line(m.by.plain(l)))
	}
	_, err := m.out.buf.WriteString(b.String())
	return err
}

type stretch struct {
	start, end int
	kind, why  string
}

// field writes one field with its entities and topics marked, and around them
// what somebody says.
func (m *marked) field(e events.Enriched, field, s string) string {
	inner := stretches(e, field)
	var b strings.Builder
	at := 0
	for _, x := range sayings(e, field, inner) {
		b.WriteString(m.marks(s, at, x.start, inner))
		b.WriteString(m.by.said(m.marks(s, x.start, x.end, inner), x.kind, x.why))
		at = x.end
	}
	b.WriteString(m.marks(s, at, len(s), inner))
	return b.String()
}

// marks writes bytes [from, to) of s with the stretches that lie there.
func (m *marked) marks(s string, from, to int, all []stretch) string {
	var b strings.Builder
	for _, x := range all {
		if x.start < from || x.end > to {
			continue
		}
		b.WriteString(m.by.plain(s[from:x.start]))
		b.WriteString(m.by.mark(s[x.start:x.end], x.kind, x.why))
		from = x.end
	}
	b.WriteString(m.by.plain(s[from:to]))
	return b.String()
}

// stretches are the entities and topics of a field in the order of the text,
// the longer of two that overlap.
func stretches(e events.Enriched, field string) []stretch {
	var all []stretch
	add := func(ms []events.Mention, kind, why string) {
		for _, x := range ms {
			if x.Field == field {
				all = append(all, stretch{x.Start, x.End, kind, why})
			}
		}
	}
	for _, x := range e.Entities {
		add(x.Mentions, x.Kind, cmp.Or(x.ID, "not linked")+" "+x.Name)
	}
	for _, t := range e.Topics {
		add(t.Evidence, "topic", t.Topic)
	}
	return apart(all)
}

// sayings are the statements of a field, grown so that they part no stretch.
func sayings(e events.Enriched, field string, inner []stretch) []stretch {
	var all []stretch
	for _, s := range e.Says {
		if s.Words.Field != field {
			continue
		}
		x := stretch{s.Words.Start, s.Words.End, s.Stance, speaker(e, s)}
		for _, in := range inner {
			if in.start < x.end && in.end > x.start {
				x.start, x.end = min(x.start, in.start), max(x.end, in.end)
			}
		}
		all = append(all, x)
	}
	return apart(all)
}

// apart sorts stretches and drops those that begin inside another.
func apart(all []stretch) []stretch {
	slices.SortStableFunc(all, func(a, b stretch) int { return cmp.Or(a.start-b.start, b.end-a.end) })
	at := 0
	return slices.DeleteFunc(all, func(x stretch) bool {
		if x.start < at {
			return true
		}
		at = x.end
		return false
	})
}
