package main

import (
	"cmp"
	"strings"

	"github.com/tocsin-news/tocsin/pkg/events"
)

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

// legend says what the colours are.
func (a ansi) legend() string {
	var b strings.Builder
	for _, k := range []struct{ kind, name string }{
		{events.Person, "person"}, {events.Organisation, "organisation"}, {events.Location, "place"}, {events.Misc, "other name"}, {"topic", "words of a topic"},
	} {
		b.WriteString(a.ink(inks[k.kind], k.name) + "  ")
	}
	return b.String() + a.said("what somebody says", "", "") + "\n"
}

// kind is the first word of a judgement, in its colour.
func (a ansi) kind(s string) string {
	switch code := inks[s]; {
	case code != "":
		return a.ink(code, s)
	case strings.Contains(s, "."): // a topic, or what spoke against one
		return a.ink(inks["topic"], a.plain(s))
	}
	return a.ink("1", a.plain(s))
}

// strong sets words apart as a heading; what they are is ours, or plain already.
func (a ansi) strong(s string) string { return a.ink("1", s) }

// hit sets words apart that matched.
func (a ansi) hit(words string) string {
	if a {
		return a.ink(inks["topic"], a.plain(words))
	}
	return "[" + a.plain(words) + "]"
}

// level is a level of alert in capitals and its colour.
func (a ansi) level(name string) string {
	inks := map[string]string{events.Elevated: "1;33", events.High: "1;31", events.Critical: "1;7;31"}
	return a.ink(cmp.Or(inks[name], "1"), strings.ToUpper(name))
}

func (a ansi) ink(code, s string) string {
	if a {
		return "\x1b[" + code + "m" + s + "\x1b[0m"
	}
	return s
}

func (a ansi) mark(words, kind, why string) string {
	if a {
		return "\x1b[" + inks[kind] + "m" + a.plain(words) + "\x1b[0m"
	}
	return "[" + a.plain(words) + "|" + kind + " " + a.plain(why) + "]"
}

// said sets what somebody says in italics, or in braces.
func (a ansi) said(words, stance, who string) string {
	if a {
		return "\x1b[3m" + strings.ReplaceAll(words, "\x1b[0m", "\x1b[0m\x1b[3m") + "\x1b[0m"
	}
	return "{" + words + "|" + stance + " " + a.plain(who) + "}"
}
