package story_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/tocsin-news/tocsin/internal/entity"
	"github.com/tocsin-news/tocsin/internal/story"
	"github.com/tocsin-news/tocsin/internal/token"
	"github.com/tocsin-news/tocsin/internal/topic"
	"github.com/tocsin-news/tocsin/pkg/events"
)

// hard is two articles that are hard to judge: of one happening and told in
// other words or another language, or of two that share a name or words.
type hard struct {
	Name  string
	Same  bool
	Hours int
	A, B  struct{ Lang, Title, Text string }
}

func hardPairs(t *testing.T) []hard {
	t.Helper()
	data, err := os.ReadFile("testdata/hard.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	var out []hard
	for lines := bufio.NewScanner(bytes.NewReader(data)); lines.Scan(); {
		var h hard
		if err := json.Unmarshal(lines.Bytes(), &h); err != nil {
			t.Fatalf("line %d: %v", len(out)+1, err)
		}
		out = append(out, h)
	}
	return out
}

// reader reads texts as the enricher does.
type reader struct {
	finder   *entity.Finder
	taxonomy *topic.Taxonomy
}

func newReader(t *testing.T) reader {
	t.Helper()
	base, err := entity.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	tagger, err := entity.Tagger()
	if err != nil {
		t.Fatal(err)
	}
	taxonomy, err := topic.Load()
	if err != nil {
		t.Fatal(err)
	}
	return reader{&entity.Finder{Base: base, Tagger: tagger}, taxonomy}
}

func (r reader) item(id, lang, title, text string, at time.Time) story.Item {
	a := events.Article{ID: id, Source: id + ".example", Title: title, Text: text, FetchedAt: at}
	doc := token.Of(title, text)
	e := events.Enriched{Article: a, Lang: lang, Entities: r.finder.Find(a, doc, lang)}
	e.Topics = r.taxonomy.Read(a, doc, lang, e.Entities).Tags
	return story.ItemOf(e, doc, at)
}

func shipped(t *testing.T) *story.Clusterer {
	t.Helper()
	w, err := story.ShippedWeights()
	if err != nil {
		t.Fatal(err)
	}
	return story.New(w)
}

var monday = time.Date(2026, 3, 2, 6, 0, 0, 0, time.UTC)

// TestHardPairs counts what is right, alone and in one stream where the others
// are there to be confused with. The log tells what is wrong.
func TestHardPairs(t *testing.T) {
	r := newReader(t)
	var all []story.Item
	pairs := hardPairs(t)
	alone, together := 0, 0
	for i, h := range pairs {
		at := monday.Add(time.Duration(i) * 3 * time.Hour)
		a := r.item(fmt.Sprint(i, "a"), h.A.Lang, h.A.Title, h.A.Text, at)
		b := r.item(fmt.Sprint(i, "b"), h.B.Lang, h.B.Title, h.B.Text, at.Add(time.Duration(h.Hours)*time.Hour))
		all = append(all, a, b)
		c := shipped(t)
		if same := c.Add(a).Story == c.Add(b).Story; same == h.Same {
			alone++
		} else {
			t.Logf("alone: in one story is %v, want %v: %s: %q, %q", same, h.Same, h.Name, h.A.Title, h.B.Title)
		}
	}
	slices.SortStableFunc(all, func(a, b story.Item) int { return a.At.Compare(b.At) })
	c := shipped(t)
	for _, it := range all {
		c.Add(it)
	}
	for i, h := range pairs {
		a, _ := c.StoryOf(fmt.Sprint(i, "a"))
		b, _ := c.StoryOf(fmt.Sprint(i, "b"))
		if (a == b) == h.Same {
			together++
		}
	}
	t.Logf("of %d pairs, %d are right alone and %d in one stream", len(pairs), alone, together)
	if alone < 38 || together < 38 {
		t.Errorf("of %d pairs, %d are right alone and %d in one stream, want 38", len(pairs), alone, together)
	}
}
