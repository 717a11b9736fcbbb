package ingest

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/cespare/xxhash/v2"

	"github.com/tocsin-news/tocsin/pkg/events"
)

// Record is what is remembered of one address: the versions published under
// it, oldest first, at most maxVersions.
type Record struct {
	Versions []Version `json:"v"`
}

const maxVersions = 16

// Version is one published article, in little.
type Version struct {
	ID string `json:"i"`
	// Publisher is whom the address belongs to: its own domain, or, for an
	// address that its teller does not own, the teller.
	Publisher string `json:"p"`
	// By is the source that told of it, or "push/<token>".
	By string `json:"b"`
	// Title and Text are hashes of the folded words; 0 when there are none.
	Title uint64 `json:"t,omitempty"`
	Text  uint64 `json:"x,omitempty"`
	// Mark is the hash of what was offered before the page filled it.
	Mark uint64 `json:"o,omitempty"`
	// Revision is the article's; -1 where it was published under another address
	// alone.
	Revision int `json:"r,omitempty"`
	// At is when it was published or last renewed, in seconds of Unix time.
	At int64 `json:"a"`
}

// with returns r with v as its newest version, in the place of an older word
// on the same by the same teller.
func (r Record) with(v Version) Record {
	vs := make([]Version, 0, maxVersions+1)
	for _, w := range r.Versions {
		if w.ID != v.ID || w.By != v.By {
			vs = append(vs, w)
		}
	}
	vs = append(vs, v)
	return Record{Versions: vs[max(0, len(vs)-maxVersions):]}
}

// last is the highest revision of publisher's, or -1.
func (r Record) last(publisher string) int {
	n := -1
	for _, v := range r.Versions {
		if v.Publisher == publisher {
			n = max(n, v.Revision)
		}
	}
	return n
}

func (r Record) has(id string) bool {
	return slices.ContainsFunc(r.Versions, func(v Version) bool { return v.ID == id })
}

// renewed returns r as seen again at now, so that a bucket with a time to live
// does not forget what a slow feed still offers.
func (r Record) renewed(now time.Time) Record {
	vs := append([]Version(nil), r.Versions...)
	for i := range vs {
		vs[i].At = now.Unix()
	}
	return Record{Versions: vs}
}

// renewAfter is the age at which a record that is still offered is written
// again.
const renewAfter = 10 * 24 * time.Hour

func (r Record) old(now time.Time) bool {
	return len(r.Versions) > 0 && now.Unix()-r.Versions[len(r.Versions)-1].At > int64(renewAfter/time.Second)
}

// addressKey is the key of an article's record: its address, or, where it has
// none, its guid within the source. One that has neither has no revisions.
func addressKey(a events.Article, guid string) string {
	switch {
	case a.URL != "":
		return key("url", a.URL)
	case guid != "":
		return key("guid", a.Source, guid)
	}
	return key("id", a.Source, a.ID)
}

// Keys are where the record of an article that was taken may be, the likeliest
// first.
func Keys(a events.Article) []string {
	return []string{addressKey(a, ""), key("id", a.Source, a.ID)}
}

// givenKey is the key of an id that its teller has chosen; "" for one that is
// derived from the article, and so cannot be that of another.
func givenKey(a events.Article, guid string) string {
	for _, k := range []string{a.URL, guid} {
		if a.ID == events.ArticleID(a.Source, k, a.Title, a.Text) {
			return ""
		}
	}
	return key("given", a.ID)
}

// wordsKey is the key under which the same words of the same publisher are found
// at another address; "" when there are too few words to say so.
func wordsKey(a events.Article, v Version) string {
	if len(a.Text) < leastWords {
		return ""
	}
	return key("words", v.Publisher, strconv.FormatUint(v.Title, 16), strconv.FormatUint(v.Text, 16))
}

// leastWords is how long a text must be, in bytes, for its copy at another
// address to be the same article: short ones ("Live", "Quake felt") recur.
const leastWords = 200

func key(parts ...string) string {
	h := sha256.New()
	for _, p := range parts {
		h.Write([]byte(p))
		h.Write([]byte{0})
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// digest hashes words, white space folded; no words give 0.
func digest(s string) uint64 {
	d := xxhash.New()
	for word := range strings.FieldsSeq(s) {
		_, _ = d.WriteString(word)
		_, _ = d.Write([]byte{' '})
	}
	if d.Sum64() == xxhash.Sum64(nil) {
		return 0
	}
	return d.Sum64()
}
