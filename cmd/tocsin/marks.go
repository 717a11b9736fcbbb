package main

import (
	"cmp"
	"fmt"
	"html"
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
	b.WriteString(m.by.line(m.by.plain(strings.Join(about(e), " · "))))
	if e.Article.Text != "" {
		b.WriteString(m.by.line(m.field(e, events.FieldText, e.Article.Text)))
	}
	for _, t := range e.Topics {
		b.WriteString(m.by.line(m.by.plain(fmt.Sprintf("%s %.2f (%s): %s", t.Topic, t.Score, t.Rule, words(e.Article, t.Evidence)))))
	}
	for _, x := range e.Entities {
		b.WriteString(m.by.line(m.by.plain(fmt.Sprintf("%s %s %s: %s (%s)", x.Kind, cmp.Or(x.ID, "?"), x.Name, words(e.Article, x.Mentions), x.Reason))))
	}
	_, err := m.out.buf.WriteString(b.String())
	return err
}

func about(e events.Enriched) []string {
	out := []string{e.Article.Source, e.Lang}
	for _, s := range []string{e.Kind, e.Article.Origin} {
		if s != "" {
			out = append(out, s)
		}
	}
	if e.Origin != nil {
		out = append(out, "from "+e.Origin.Key)
	}
	return out
}

func words(a events.Article, ms []events.Mention) string {
	var out []string
	for _, m := range ms {
		if w := m.Of(a); !slices.Contains(out, w) {
			out = append(out, w)
		}
	}
	return strings.Join(out, ", ")
}

type stretch struct {
	start, end int
	kind, why  string
}

// field writes one field with its entities and topics marked, the longer of
// two that overlap.
func (m *marked) field(e events.Enriched, field, s string) string {
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
	slices.SortStableFunc(all, func(a, b stretch) int { return cmp.Or(a.start-b.start, b.end-a.end) })
	var b strings.Builder
	at := 0
	for _, x := range all {
		if x.start < at {
			continue
		}
		b.WriteString(m.by.plain(s[at:x.start]))
		b.WriteString(m.by.mark(s[x.start:x.end], x.kind, x.why))
		at = x.end
	}
	b.WriteString(m.by.plain(s[at:]))
	return b.String()
}

// ansi marks for a terminal, in colours or in brackets.
type ansi bool

var inks = map[string]string{events.Person: "1;34", events.Organisation: "1;35", events.Location: "1;32", events.Misc: "1;36", "topic": "1;31"}

func (a ansi) title(s string) string {
	if a {
		return "\n\x1b[4m" + s + "\x1b[0m\n"
	}
	return "\n" + s + "\n"
}
func (a ansi) line(s string) string { return "  " + s + "\n" }

// plain leaves no control character to reach the terminal.
func (a ansi) plain(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '\n' || r == '\t' || r >= ' ' && r != 0x7f && !(r >= 0x80 && r < 0xa0) && !(r >= 0x202a && r <= 0x202e) && !(r >= 0x2066 && r <= 0x2069) {
			return r
		}
		return '\uFFFD'
	}, s)
}

func (a ansi) mark(words, kind, why string) string {
	if a {
		return "\x1b[" + inks[kind] + "m" + a.plain(words) + "\x1b[0m"
	}
	return "[" + a.plain(words) + "|" + kind + " " + a.plain(why) + "]"
}

type htmlMarks struct{}

const htmlHead = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Marks</title><style>
body{font:1rem/1.6 system-ui,sans-serif;max-width:50rem;margin:2rem auto;padding:0 1rem}
h2{margin:2rem 0 .3rem}p{margin:.2rem 0}mark{border-radius:.2rem;padding:0 .15rem}
.PER{background:#cfe2ff}.ORG{background:#ead1ff}.LOC{background:#d1f2d1}.MISC{background:#cff4f4}.topic{background:#ffd6d6}
</style></head><body>
`

func (htmlMarks) title(s string) string { return "<h2>" + s + "</h2>\n" }
func (htmlMarks) line(s string) string {
	return "<p>" + strings.ReplaceAll(s, "\n", "<br>") + "</p>\n"
}
func (htmlMarks) plain(s string) string { return html.EscapeString(s) }
func (htmlMarks) mark(words, kind, why string) string {
	return `<mark class="` + kind + `" title="` + html.EscapeString(kind+" "+why) + `">` + html.EscapeString(words) + "</mark>"
}
