// Package render says how an alert reads: the same plain facts for every
// channel, in English or French.
//
// It knows alerts and words. It must not know any markup: what it returns is
// plain text that a channel's own escaper takes.
package render

import (
	"fmt"
	"net/url"
	"strings"

	"github.com/tocsin-news/tocsin/pkg/events"
)

// Facts is an alert as a person reads it. Every string is one line of valid
// UTF-8 without control characters, and bounded.
type Facts struct {
	// Subject is the headline with its level and state before it.
	Subject  string
	Headline string
	// Level and State are words of the language ("high", "opened").
	Level, State string
	// Rank is the level's rank, 0 to 3.
	Rank     int
	Resolved bool
	Watch    string
	// Stand is watch, version and time in one line.
	Stand string
	// Counts is the number of origins and articles in one line.
	Counts string
	// Reason, Changed and Missing are the alert's own sentences; "" when absent.
	Reason, Changed, Missing string
	Evidence                 []Evidence
	// More says how much evidence is not listed; "" when all is.
	More string
	// Link leads to the alert in the console; "" without one.
	Link string
	// Notice leads the message: a test, or what could not be delivered.
	Notice string
	Words  Words

	hidden int // articles that are not listed
}

// Evidence is one article, as it is listed.
type Evidence struct {
	Title string
	// URL is http or https, or "". Host is where it leads, in ASCII, so that a
	// look-alike name shows.
	URL, Host string
	// Origin is what the article counts towards, with the reason.
	Origin string
	// At is the time of publication; "" when unknown.
	At string
}

// Bounds of what is shown, in characters.
const (
	MaxHeadline = 300
	MaxSentence = 800
	MaxTitle    = 300
	// MaxEvidence is how many articles are listed.
	MaxEvidence = 10
)

// Subject is what a message is about.
type Subject struct {
	Alert events.Alert
	// Test and the pair of Failed and Why are the notice before it.
	Test        bool
	Failed, Why string
	// Console is the base of links; Lang is en or fr.
	Console, Lang string
}

// Of renders s.
func Of(s Subject) Facts {
	w := wordsOf(s.Lang)
	a := s.Alert
	f := Facts{
		Headline: Line(a.Headline, MaxHeadline),
		Level:    w.Levels[max(events.LevelRank(a.Level), 0)],
		State:    w.State(a.State),
		Rank:     max(events.LevelRank(a.Level), 0),
		Resolved: a.State == events.Resolved,
		Watch:    Line(a.Watch, 100),
		Reason:   Line(a.Reason, MaxSentence),
		Changed:  Line(a.Changed, MaxSentence),
		Missing:  Line(a.Missing, MaxSentence),
		Link:     link(s.Console, a.ID),
		Words:    w,
	}
	if f.Headline == "" {
		f.Headline = f.Watch
	}
	f.Subject = fmt.Sprintf("[%s] %s: %s", f.Level, f.State, f.Headline)
	f.Stand = fmt.Sprintf(w.Stand, f.Watch, a.Version, w.Time(a.At))
	f.Counts = fmt.Sprintf(w.Counts, w.Count(a.Origins, w.Origin), w.Count(len(a.Articles), w.Article))
	f.Notice = notice(s, w)
	if f.Notice != "" {
		f.Subject = f.Notice + " " + f.Subject
	}
	f.Evidence = evidence(a, w)
	f.hide(len(a.Articles) - len(f.Evidence))
	return f
}

func notice(s Subject, w Words) string {
	switch {
	case s.Test:
		return w.Test
	case s.Failed != "":
		return fmt.Sprintf(w.Undelivered, Line(s.Failed, 64), Line(s.Why, MaxSentence))
	}
	return ""
}

func link(console, id string) string {
	if console == "" {
		return ""
	}
	return strings.TrimRight(console, "/") + "/alerts/" + url.PathEscape(id)
}

// Text is the facts as plain text, a line each: the body where a channel has
// no markup. The headline is not in it.
func (f Facts) Text() string {
	var b strings.Builder
	for _, s := range f.Lines() {
		b.WriteString(s + "\n")
	}
	for _, e := range f.Evidence {
		b.WriteString("\n• " + e.Title + "\n  " + e.By() + "\n")
		if e.URL != "" {
			b.WriteString("  " + e.URL + "\n")
		}
	}
	if f.More != "" {
		b.WriteString("\n" + f.More + "\n")
	}
	if f.Link != "" {
		b.WriteString("\n" + f.Words.Explained + " " + f.Link + "\n")
	}
	return b.String()
}

// Lines is the facts before the evidence, those that are there.
func (f Facts) Lines() []string {
	var out []string
	for _, s := range []string{f.Notice, f.Stand, f.Reason, f.Words.label(f.Words.Changed, f.Changed), f.Words.label(f.Words.Missing, f.Missing), f.Counts} {
		if s != "" {
			out = append(out, s)
		}
	}
	return out
}

// By is who published it, when, and what it counts towards.
func (e Evidence) By() string {
	by := e.Host
	if e.At != "" {
		by += ", " + e.At
	}
	if e.Origin != "" {
		by += " → " + e.Origin
	}
	return by
}
