package main

import (
	"strings"

	"github.com/tocsin-news/tocsin/internal/token"
	"github.com/tocsin-news/tocsin/internal/topic"
	"github.com/tocsin-news/tocsin/internal/web"
	"github.com/tocsin-news/tocsin/pkg/events"
)

// show prints enriched articles one by one.
type show interface {
	one(events.Enriched) error
	end() error
}

func shower(form string, out writer, colour bool, taxonomy *topic.Taxonomy) show {
	switch form {
	case "text":
		return &inked{out: out, by: ansi(colour), taxonomy: taxonomy}
	case "html":
		return paged{&web.Marks{W: out.buf}, taxonomy}
	}
	return plain{out}
}

// marked is an article with all that was understood of it, and what spoke
// against a topic.
func marked(e events.Enriched, t *topic.Taxonomy) web.Marked {
	return web.MarkUp(e, t.Doubts(token.Of(e.Article.Title, e.Article.Text), e.Lang, e.Entities))
}

// plain writes lines.
type plain struct{ out writer }

func (p plain) one(e events.Enriched) error { return p.out.write(e) }
func (p plain) end() error                  { return nil }

// paged writes a page.
type paged struct {
	page     *web.Marks
	taxonomy *topic.Taxonomy
}

func (p paged) one(e events.Enriched) error { return p.page.Add(marked(e, p.taxonomy)) }
func (p paged) end() error                  { return p.page.End() }

// inked writes for a terminal.
type inked struct {
	out      writer
	by       ansi
	taxonomy *topic.Taxonomy
	begun    bool
}

func (k *inked) one(e events.Enriched) error {
	m := marked(e, k.taxonomy)
	var b strings.Builder
	if !k.begun && bool(k.by) {
		b.WriteString(k.by.legend())
	}
	k.begun = true
	b.WriteString(k.by.title(k.runs(m.Title)))
	lines := judgements(m)
	b.WriteString(k.by.line(k.by.plain(lines[0].text)))
	if e.Article.Text != "" {
		b.WriteString(k.by.line(k.runs(m.Text)))
	}
	for _, l := range lines[1:] {
		b.WriteString(k.by.line(k.by.kind(l.kind) + k.by.plain(l.text)))
	}
	_, err := k.out.buf.WriteString(b.String())
	return err
}

func (k *inked) end() error { return nil }

// runs writes a field with its entities and topics marked, and around them what
// somebody says.
func (k *inked) runs(all []web.Run) string {
	var b strings.Builder
	for _, r := range all {
		var in strings.Builder
		for _, w := range r.Words {
			if w.Kind == "" {
				in.WriteString(k.by.plain(w.Words))
			} else {
				in.WriteString(k.by.mark(w.Words, w.Kind, w.Why))
			}
		}
		if r.Said == nil {
			b.WriteString(in.String())
		} else {
			b.WriteString(k.by.said(in.String(), r.Said.Stance, speaker(*r.Said)))
		}
	}
	return b.String()
}
