package query

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/tocsin-news/tocsin/pkg/events"
)

var vocabulary = strings.Fields("nato otan missile missiles drone drones attack attacked attacks corée nord north korea kyiv a the beach paris rome sport élection elections")

var facts = strings.Fields("entity:Q7184 entity:Q159 entity:nato topic:weapons topic:weapons.missile topic:coup lang:fr lang:en source:bbc.co.uk source:bbc* country:UA tier:<=2 tier:1 kind:opinion origin:afp entity.kind:ORG tier:<1")

// drawQuery draws the text of a query; operators nest at most depth times.
func drawQuery(t *rapid.T, depth int) string {
	w := rapid.SampledFrom(vocabulary)
	if depth == 0 {
		switch rapid.IntRange(0, 7).Draw(t, "term") {
		case 0:
			return `"` + w.Draw(t, "w") + " " + w.Draw(t, "w") + `"`
		case 1:
			return `"` + w.Draw(t, "w") + " " + w.Draw(t, "w") + `"~`
		case 2:
			return w.Draw(t, "w") + "~"
		case 3:
			s := w.Draw(t, "w")
			return string([]rune(s + "xx")[:2]) + "*"
		case 4:
			return rapid.SampledFrom([]string{"title:", "text:"}).Draw(t, "field") + w.Draw(t, "w")
		case 5:
			return w.Draw(t, "w") + " NEAR/3 " + w.Draw(t, "w")
		case 6:
			return rapid.SampledFrom(facts).Draw(t, "fact")
		}
		return w.Draw(t, "w")
	}
	a, b := drawQuery(t, depth-1), drawQuery(t, depth-1)
	switch rapid.IntRange(0, 4).Draw(t, "op") {
	case 0, 1:
		return "(" + a + ") AND (" + b + ")"
	case 2:
		return "(" + a + ") OR (" + b + ")"
	case 3:
		return "NOT (" + a + ")"
	}
	return a
}

func drawView(t *rapid.T) *View {
	some := rapid.SliceOfN(rapid.SampledFrom(append([]string{".", ","}, vocabulary...)), 0, 12)
	e := &events.Enriched{Lang: rapid.SampledFrom([]string{"fr", "en", "und", "fr-CA"}).Draw(t, "lang")}
	e.Article.Title, e.Article.Text = strings.Join(some.Draw(t, "title"), " "), strings.Join(some.Draw(t, "text"), " ")
	e.Article.Source = rapid.SampledFrom([]string{"bbc.co.uk", "news.bbc.co.uk", "lemonde.fr"}).Draw(t, "source")
	if rapid.Bool().Draw(t, "nato") {
		e.Entities = append(e.Entities, events.Entity{ID: "Q7184", Name: "NATO", Kind: events.Organisation})
	}
	if rapid.Bool().Draw(t, "ukraine") {
		e.Entities = append(e.Entities, events.Entity{ID: "Q212", Name: "Ukraine", Kind: events.Location, Country: "UA"})
	}
	if rapid.Bool().Draw(t, "topic") {
		e.Topics = append(e.Topics, events.Tag{Topic: rapid.SampledFrom([]string{"weapons.missile", "weapons", "coup"}).Draw(t, "which"), Score: 1})
	}
	e.Kind = rapid.SampledFrom([]string{"", "opinion"}).Draw(t, "kind")
	e.Article.Origin = rapid.SampledFrom([]string{"", "afp"}).Draw(t, "origin")
	return NewView(e, Source{Tier: rapid.IntRange(0, 3).Draw(t, "tier")})
}

func TestIndexAnswersAsEachQueryDoes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var x Index
		var live []*Query // by handle
		for range rapid.IntRange(1, 25).Draw(t, "steps") {
			switch rapid.IntRange(0, 5).Draw(t, "step") {
			case 0:
				if len(live) > 0 {
					i := rapid.IntRange(0, len(live)-1).Draw(t, "gone")
					if got := x.Remove(Handle(i)); got != (live[i] != nil) {
						t.Fatalf("Remove(%d) = %v", i, got)
					}
					live[i] = nil
				}
			case 1:
				x.Learn(drawView(t))
				x.Refile()
			default:
				q, err := Parse(drawQuery(t, rapid.IntRange(0, 3).Draw(t, "depth")))
				if err != nil {
					t.Fatal(err)
				}
				if got := x.Add(q); int(got) != len(live) {
					t.Fatalf("handle %d, want %d", got, len(live))
				}
				live = append(live, q)
			}
			v := drawView(t)
			var want []Handle
			for h, q := range live {
				if q != nil && q.Match(v) {
					want = append(want, Handle(h))
				}
			}
			if got := x.Match(nil, v); !slices.Equal(got, want) {
				t.Fatalf("title %q text %q: got %v, want %v", v.Article.Article.Title, v.Article.Article.Text, got, want)
			}
		}
	})
}

func TestCanonicalFormIsTheSameQuery(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawQuery(t, rapid.IntRange(0, 4).Draw(t, "depth"))
		q, err := Parse(s)
		if err != nil {
			t.Fatal(err)
		}
		again, err := Parse(q.String())
		if err != nil {
			t.Fatalf("%s became %s: %v", s, q, err)
		}
		if d := cmp.Diff(q.Root, again.Root, same); d != "" {
			t.Fatalf("%s became %s\n%s", s, q, d)
		}
		v := drawView(t)
		if q.Match(v) != again.Match(v) {
			t.Fatalf("%s and %s answer differently", s, q)
		}
		if x := q.Explain(v); x.Match != q.Match(v) || x.Match == (len(x.Missing) > 0) {
			t.Fatalf("%s: explanation %+v", s, x)
		}
	})
}

func TestIndexFilesUnderWhatIsRare(t *testing.T) {
	var x Index
	for range 100 {
		x.Learn(NewView(article("en", "president drone", ""), Source{}))
	}
	under, _, _ := x.cover(x.leaves.compile(nil, parse(t, "president AND uk").Root))
	want, _, _ := x.cover(x.leaves.compile(nil, parse(t, "uk").Root))
	if !slices.Equal(under, want) {
		t.Error("filed under the word of every article")
	}
}

func TestQueriesThatSayTheSameAreAskedOnce(t *testing.T) {
	var x Index
	v := NewView(article("en", "drone over airport", ""), Source{})
	for _, s := range []string{"drone AND airport", "airport drone", "(airport) AND drone", "drone", "airport AND drone"} {
		x.Add(parse(t, s))
	}
	if n := len(x.groups.all); n != 2 {
		t.Errorf("%d groups, want 2", n)
	}
	for _, step := range []struct {
		gone Handle
		want []Handle
	}{{0, []Handle{1, 2, 3, 4}}, {2, []Handle{1, 3, 4}}, {4, []Handle{1, 3}}, {1, []Handle{3}}, {3, nil}} {
		if !x.Remove(step.gone) || x.Remove(step.gone) {
			t.Errorf("query %d goes once", step.gone)
		}
		if got := x.Match(nil, v); !slices.Equal(got, step.want) {
			t.Errorf("without %d: got %v, want %v", step.gone, got, step.want)
		}
	}
}
