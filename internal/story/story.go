// Package story groups articles that tell of one happening, as they come, in
// one pass and across languages. It knows words, names, numbers and times, and
// the learned weights that decide; it does not know watches, alerts, or what
// makes a happening important.
//
// An article joins the living story that it fits best, or opens one. A story
// keeps the mean of its articles' weighted words and entities; candidates come
// from an inverted index of their rarest terms, and a linear decision with
// committed weights says yes or no. Everything is a pure function of the
// articles and their stream times, in their order.
//
// Sources: J. Allan (ed.), "Topic Detection and Tracking" (2002); S. Miranda et
// al., "Multilingual Clustering of Streaming News" (EMNLP 2018).
package story

import (
	"crypto/sha256"
	"encoding/hex"
	"time"

	"github.com/tocsin-news/tocsin/internal/origin"
)

// Story is a cluster of articles on one happening. Exported fields are its
// state; read them, never write them.
type Story struct {
	// ID is derived from the article that founded the story, and stays.
	ID string
	// Seq orders stories by their founding.
	Seq uint64
	// First and Last are stream times of the first and the latest article.
	First, Last time.Time
	// Articles counts all that ever joined; Members may hold fewer.
	Articles int
	Members  []*Member
	// Tongues are the languages in the order in which they were first seen.
	Tongues []Tongue
	// Texts are the story's texts and what they count towards.
	Texts origin.Ledger
	// Merged are the ids of stories that were found to be this one.
	Merged []string
	// Audit is what happened to the story apart from articles joining.
	Audit []Event
	// Revived is when it last came back after a silence.
	Revived time.Time

	// Words, Heads, Names and Topics are sums of the articles' vectors, the older ones
	// faded; Numbers and Places the latest seen, ascending.
	Words, Heads, Names, Topics Vector
	Numbers, Places             []uint32
	// Hours counts articles per hour of the last two days, by hour modulo 48.
	Hours [hours]uint16
	// HourAt is the hour that Hours was last moved to, in hours since 1970.
	HourAt int64
	// Recent are the latest articles in brief, to see whether the story has
	// become two.
	Recent []Brief

	slot    int32
	indexed []uint32
}

// Member is an article of a story.
type Member struct {
	ID, Source, URL, Title, Lang string
	Published, At                time.Time
	// Text is its text in the story's Texts, Why the reason for that.
	Text int32
	Why  string
	// Trusted reports whether its publisher is known and trusted.
	Trusted bool
	// Gone is set when the story, grown too large, let go of the member.
	Gone bool
}

// Tongue is a language and when the story was first told in it.
type Tongue struct {
	Lang string
	At   time.Time
}

// Event is a line of a story's audit trail.
type Event struct {
	At   time.Time
	What string
}

// Brief is an article's heaviest terms.
type Brief struct {
	Article      string
	Words, Names Vector
}

// IDOf is the id of the story that an article founds: 16 hexadecimal digits.
func IDOf(article string) string {
	h := sha256.Sum256([]byte("story:" + article))
	return hex.EncodeToString(h[:8])
}

// Origin is the origin that a member counts towards.
func (s *Story) Origin(m *Member) string { return s.Texts.Origin(m.Text) }

// Origins counts the independent origins among the story's members, and those
// of them that a trusted publisher carries.
func (s *Story) Origins() (all, trusted int) {
	seen := map[string]bool{}
	for _, m := range s.Members {
		k := s.Origin(m)
		seen[k] = seen[k] || m.Trusted
	}
	for _, t := range seen {
		if t {
			trusted++
		}
	}
	return len(seen), trusted
}

// Headline is the most central title of the members since the given time, or
// of all when none came since: the one whose words the others share most.
func (s *Story) Headline(since time.Time) string {
	best, at := -1.0, -1
	for i := len(s.Members) - 1; i >= 0 && i >= len(s.Members)-64; i-- {
		m := s.Members[i]
		if m.At.Before(since) && at >= 0 {
			break
		}
		if c := s.central(m.Title); c > best {
			best, at = c, i
		}
	}
	if at < 0 {
		return ""
	}
	return s.Members[at].Title
}

// foreignTo reports whether the story is told in other languages than lang, as
// far as both are known.
func (s *Story) foreignTo(lang string) bool {
	return lang != "und" && lang != "" && !s.told(lang) && !s.told("und") && !s.told("")
}

// told reports whether an article in the language has joined.
func (s *Story) told(lang string) bool {
	for _, t := range s.Tongues {
		if t.Lang == lang {
			return true
		}
	}
	return false
}
