package main

import (
	"cmp"
	"html"
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

type htmlMarks struct{}

const htmlHead = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Marks</title><style>
body{font:1rem/1.6 system-ui,sans-serif;max-width:50rem;margin:2rem auto;padding:0 1rem}
h2{margin:2rem 0 .3rem}p{margin:.2rem 0}mark{border-radius:.2rem;padding:0 .15rem}
.PER{background:#cfe2ff}.ORG{background:#ead1ff}.LOC{background:#d1f2d1}.MISC{background:#cff4f4}.topic{background:#ffd6d6}
.said{border-bottom:.15rem solid #8a8a8a;font-style:italic}.deny{border-color:#c33}.confirm{border-color:#2a8}
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

func (htmlMarks) said(words, stance, who string) string {
	return `<span class="said ` + stance + `" title="` + html.EscapeString(stance+" "+who) + `">` + words + "</span>"
}
