package main

import (
	"cmp"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/tocsin-news/tocsin/internal/subscription"
	"github.com/tocsin-news/tocsin/internal/web"
)

// printExplanation writes an explanation for a person; most is how many articles
// are shown down to their words, 0 for all.
func printExplanation(w io.Writer, e web.Explanation, colour bool, most int) error {
	p := telling{w, ansi(colour), most}
	p.head(e)
	if err := p.clauses(e); err != nil {
		return err
	}
	p.caring(e.Care)
	p.origins(e)
	p.articles(e)
	p.life(e)
	return p.near(e)
}

// telling writes the parts of an explanation.
type telling struct {
	w    io.Writer
	by   ansi
	most int
}

func (p telling) line(form string, args ...any) {
	for i, a := range args {
		if s, ok := a.(string); ok {
			args[i] = p.by.plain(s)
		}
	}
	fmt.Fprintf(p.w, form+"\n", args...)
}

// section begins a part; what fmt makes of the rest is ours.
func (p telling) section(form string, args ...any) {
	fmt.Fprintf(p.w, "\n%s\n", p.by.strong(fmt.Sprintf(form, args...)))
}

func (p telling) head(e web.Explanation) {
	a := e.Alert
	fmt.Fprintf(p.w, "\n%s  %s\n", p.by.level(a.Level), p.by.strong(p.by.plain(a.Headline)))
	p.line("%s, version %d, at %s · alert %s", a.State, a.Version, clockUTC(a.At), a.ID)
	also := ""
	if len(a.Also) > 0 {
		also = "; it stands for " + strings.Join(a.Also, ", ") + " too"
	}
	p.line("watch %s%s", a.Watch, also)
	p.line("%s", a.Reason)
	if e.Story != nil && e.Story.Lead != "" {
		p.line("The story is %s. %s.", e.Story.Phase, e.Story.Lead)
	}
	p.section("It asks for")
	p.line("  %s", strings.TrimSpace(e.Query))
}

func (p telling) clauses(e web.Explanation) error {
	fmt.Fprintln(p.w)
	t := tabwriter.NewWriter(p.w, 0, 4, 2, ' ', 0)
	fmt.Fprintln(t, "  CLAUSE\tASKED\tSEEN\tMET")
	for _, c := range e.Clauses {
		met := "no"
		if c.Met {
			met = "yes"
		}
		fmt.Fprintf(t, "  %s\t%s\t%s\t%s\n", c.Name, p.by.plain(c.Asked), p.by.plain(c.Seen), met)
	}
	if err := t.Flush(); err != nil {
		return err
	}
	p.line("  %s", e.Baseline.String())
	if e.Missing != "" {
		p.line("  Missing %s", e.Missing)
	}
	return nil
}

func (p telling) origins(e web.Explanation) {
	trusted := 0
	for _, o := range e.Origins {
		if o.Trusted {
			trusted++
		}
	}
	p.section("Independent origins: %d, %d of them trusted", len(e.Origins), trusted)
	wide := 0
	for _, o := range e.Origins {
		wide = max(wide, len(o.Key))
	}
	for _, o := range e.Origins {
		mark := ""
		if o.Trusted {
			mark = ", trusted"
		}
		p.line("  %s  %s%s: %s", fmt.Sprintf("%-*s", wide, o.Key), articles(o.Articles), mark, o.Why)
	}
}

// shownLines is how many sentences of one article are printed.
const shownLines = 3

func (p telling) articles(e web.Explanation) {
	p.section("Articles: %d, %d of them not counted again", len(e.Articles), e.Repeats())
	for i, g := range e.Articles {
		if p.most > 0 && i == p.most {
			p.line("\n  and %s more", articles(len(e.Articles)-i))
			break
		}
		fmt.Fprintf(p.w, "\n  %s\n", p.pieces(g.Title, g.Evidence.Title))
		p.line("    %s", strings.Join(p.facts(g), " · "))
		if g.Counts {
			p.line("    counts as %s: %s", g.Origin, g.OriginWhy())
		} else {
			p.line("    not counted again: %s", g.NotCounted())
		}
		p.words(g)
		for _, s := range g.Says {
			p.line("    %s by %s: %s", s.Stance, cmp.Or(s.Speaker, "somebody"), s.Words)
		}
	}
}

func (p telling) facts(g web.Grounds) []string {
	out := []string{g.Source}
	if g.Lang != "" {
		out = append(out, web.LanguageName(g.Lang))
	}
	if at := g.PublishedAt; !at.IsZero() {
		out = append(out, clockUTC(at))
	}
	switch {
	case g.KindReason != "":
		out = append(out, g.Kind+" ("+g.KindReason+")")
	case g.Kind != "":
		out = append(out, g.Kind)
	}
	if g.Late {
		out = append(out, "late: its window had closed")
	}
	if g.Gone {
		out = append(out, "its text is not kept any more")
	} else if !g.Matches {
		out = append(out, "of the same story; it does not meet the query itself: "+short(strings.Join(g.Lacks, "; "), 2*longestTerm))
	}
	return out
}

// words are the sentences that hold what matched, and what each term met.
func (p telling) words(g web.Grounds) {
	for _, l := range g.Lines[:min(len(g.Lines), shownLines)] {
		fmt.Fprintf(p.w, "    “%s”\n", p.pieces(l.Pieces, ""))
	}
	if n := len(g.Lines) - shownLines; n > 0 {
		p.line("    and %s more", counted(n, "sentence"))
	}
	var met []string
	for _, t := range g.Terms {
		if len(t.Words) > 0 {
			met = append(met, short(t.Term, longestTerm)+" by "+strings.Join(t.Words, ", "))
		}
	}
	if len(met) > 0 {
		p.line("    met: %s", strings.Join(met, "; "))
	}
}

func (p telling) life(e web.Explanation) {
	p.section("Its life")
	for _, v := range e.Versions {
		changed := ""
		if v.Changed != "" {
			changed = ": " + v.Changed
		}
		p.line("  v%-3d %s  %-9s %-9s %s%s", v.Version, clockUTC(v.At), v.State, v.Level, counted(v.Origins, "origin"), changed)
	}
}

// caring says what people have said of an alert.
func (p telling) caring(c *subscription.Care) {
	if c == nil {
		return
	}
	if w := c.Acknowledged; w != nil {
		p.line("acknowledged by %s at %s%s", w.Who, clockUTC(w.At), noted(w.Note))
	}
	if w := c.Snoozed; w != nil {
		p.line("snoozed by %s until %s%s", w.Who, clockUTC(w.Until), noted(w.Note))
	}
}

func noted(note string) string {
	if note == "" {
		return ""
	}
	return ": " + note
}

func (p telling) near(e web.Explanation) error {
	if len(e.Near) == 0 {
		return nil
	}
	p.section("Nearly an alert too, of this watch or story")
	for _, m := range e.Near {
		p.line("  %s  %s: %s (%s)", clockUTC(m.At), m.Watch, m.Headline, m.Lacks)
	}
	return nil
}

func (p telling) pieces(ps []web.Piece, otherwise string) string {
	if len(ps) == 0 {
		return p.by.plain(otherwise)
	}
	var b strings.Builder
	for _, x := range ps {
		words := strings.Join(strings.FieldsFunc(x.Words, func(r rune) bool { return r == '\n' || r == '\r' }), " ")
		if x.Mark == "" {
			b.WriteString(p.by.plain(words))
		} else {
			b.WriteString(p.by.hit(words))
		}
	}
	return b.String()
}

// longestTerm is how many letters of a term are printed.
const longestTerm = 60

// short is the first letters of s.
func short(s string, most int) string {
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}

func articles(n int) string { return counted(n, "article") }

func counted(n int, of string) string {
	if n == 1 {
		return "1 " + of
	}
	return fmt.Sprintf("%d %ss", n, of)
}

func clockUTC(t time.Time) string { return t.UTC().Format("2006-01-02 15:04 UTC") }
