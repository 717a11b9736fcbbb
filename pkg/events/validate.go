package events

import (
	"fmt"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"
)

// Bounds of an article, in characters (URL, Source and Lang: in bytes). What
// comes from outside is cut to them or refused at the door.
const (
	MaxTitle   = 512
	MaxText    = 256 << 10
	MaxURL     = 4096
	MaxSource  = 253
	MaxLang    = 35
	MaxAuthors = 64
)

// FieldError says which field of a message is wrong, how, and what to do.
type FieldError struct {
	Field   string
	Problem string
	Hint    string
}

func (e *FieldError) Error() string {
	if e.Hint == "" {
		return e.Field + ": " + e.Problem
	}
	return e.Field + ": " + e.Problem + " (" + e.Hint + ")"
}

func wrong(field, hint, format string, args ...any) error {
	return &FieldError{Field: field, Problem: fmt.Sprintf(format, args...), Hint: hint}
}

// Validate reports the first thing that makes a not an article that may be
// published, as a [*FieldError].
func (a Article) Validate() error {
	switch {
	case a.ID == "":
		return wrong("id", "leave the field out, and it is derived", "is empty")
	case a.Source == "":
		return wrong("source", "the publisher's domain, such as lemonde.fr", "is empty")
	case len(a.Source) > MaxSource:
		return wrong("source", "", "has %d bytes, more than %d", len(a.Source), MaxSource)
	case strings.TrimSpace(a.Title) == "" && strings.TrimSpace(a.Text) == "":
		return wrong("title", "an article needs a title or a text", "is empty, and so is text")
	case len(a.URL) > MaxURL:
		return wrong("url", "", "has %d bytes, more than %d", len(a.URL), MaxURL)
	case len(a.Lang) > MaxLang:
		return wrong("lang", "a BCP 47 tag such as fr or en-GB", "has %d bytes, more than %d", len(a.Lang), MaxLang)
	case len(a.Authors) > MaxAuthors:
		return wrong("authors", "", "has %d names, more than %d", len(a.Authors), MaxAuthors)
	case a.Revision < 0:
		return wrong("revision", "0 for the first version", "is negative")
	}
	if err := text("title", a.Title, MaxTitle); err != nil {
		return err
	}
	if err := text("text", a.Text, MaxText); err != nil {
		return err
	}
	return link("url", a.URL)
}

func text(field, s string, most int) error {
	if !utf8.ValidString(s) {
		return wrong(field, "send it as UTF-8", "is not valid UTF-8")
	}
	if len(s) > most {
		if n := utf8.RuneCountInString(s); n > most {
			return wrong(field, "", "has %d characters, more than %d", n, most)
		}
	}
	return nil
}

func link(field, s string) error {
	if s == "" {
		return nil
	}
	u, err := url.Parse(s)
	if err != nil {
		return wrong(field, "an absolute http or https address", "cannot be read: %v", err)
	}
	if (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" {
		return wrong(field, "an absolute http or https address", "is %q", s)
	}
	return nil
}

// Validate reports the first thing wrong with e: an article that may not be
// published, or a mention that does not fit the article's text.
func (e Enriched) Validate() error {
	if err := e.Article.Validate(); err != nil {
		return fmt.Errorf("article: %w", err)
	}
	if e.Lang == "" {
		return wrong("lang", "und when unsure", "is empty")
	}
	for i, ent := range e.Entities {
		switch ent.Kind {
		case Person, Organisation, Location, Misc:
		default:
			return wrong(fmt.Sprintf("entities[%d].kind", i), "PER ORG LOC or MISC", "is %q", ent.Kind)
		}
		for j, m := range ent.Mentions {
			if err := m.fits(e.Article, fmt.Sprintf("entities[%d].mentions[%d]", i, j)); err != nil {
				return err
			}
		}
	}
	for i, t := range e.Topics {
		if t.Topic == "" {
			return wrong(fmt.Sprintf("topics[%d].topic", i), "", "is empty")
		}
		if t.Score <= 0 || t.Score > 1 {
			return wrong(fmt.Sprintf("topics[%d].score", i), "in (0, 1]", "is %v", t.Score)
		}
		for j, m := range t.Evidence {
			if err := m.fits(e.Article, fmt.Sprintf("topics[%d].evidence[%d]", i, j)); err != nil {
				return err
			}
		}
	}
	if o := e.Origin; o != nil {
		if err := o.Evidence.fits(e.Article, "origin.evidence"); err != nil {
			return err
		}
	}
	for i, s := range e.Says {
		switch s.Stance {
		case "claim", "confirm", "deny", "quote":
		default:
			return wrong(fmt.Sprintf("says[%d].stance", i), "claim confirm deny or quote", "is %q", s.Stance)
		}
		if err := s.Words.fits(e.Article, fmt.Sprintf("says[%d].words", i)); err != nil {
			return err
		}
	}
	return nil
}

func (m Mention) fits(a Article, where string) error {
	s := a.Text
	switch m.Field {
	case FieldTitle:
		s = a.Title
	case FieldText:
	default:
		return wrong(where+".field", "title or text", "is %q", m.Field)
	}
	if m.Start < 0 || m.Start >= m.End || m.End > len(s) {
		return wrong(where, "bytes, half-open", "[%d, %d) does not fit %d bytes of %s", m.Start, m.End, len(s), m.Field)
	}
	if !utf8.RuneStart(s[m.Start]) || (m.End < len(s) && !utf8.RuneStart(s[m.End])) {
		return wrong(where, "", "[%d, %d) cuts a character of %s", m.Start, m.End, m.Field)
	}
	return nil
}

// Validate reports the first thing wrong with a.
func (a Alert) Validate() error {
	switch {
	case a.ID == "":
		return wrong("id", "", "is empty")
	case a.Version < 1:
		return wrong("version", "1 for the first decision", "is %d", a.Version)
	case a.Watch == "":
		return wrong("watch", "", "is empty")
	case LevelRank(a.Level) < 0:
		return wrong("level", "info elevated high or critical", "is %q", a.Level)
	case a.At.IsZero():
		return wrong("at", "", "is missing")
	case a.At.Location() != time.UTC:
		return wrong("at", "", "is not in UTC")
	case a.Reason == "":
		return wrong("reason", "", "is empty")
	}
	switch a.State {
	case Opened, Updated, Escalated, Resolved:
		return nil
	}
	return wrong("state", "opened updated escalated or resolved", "is %q", a.State)
}
