package web

import (
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/tocsin-news/tocsin/pkg/events"
)

func TestOriginsAndWhatIsNotCountedAgain(t *testing.T) {
	ground := func(id, source, origin, why, family string, agency *Agency) Grounds {
		return Grounds{Evidence: events.Evidence{ID: id, Source: source, Origin: origin, Why: why}, Family: family, Agency: agency, Trusted: family == "courier"}
	}
	afp := &Agency{Key: "afp", Words: "(AFP)"}
	articles := []Grounds{
		ground("a1", "courier.example", "courier", "own reporting", "courier", nil),
		ground("b2", "matinal.example", "afp", "names afp", "matinal", afp),
		ground("c3", "ouest.example", "afp", "names afp", "ouest", afp),
		ground("d4", "thief.example", "courier", "copies a1 (0.83)", "thief.example", nil),
		ground("e5", "sunday.example", "courier", "own reporting", "courier", nil),
		ground("f6", "lone.example", "lone.example", "own reporting", "lone.example", nil),
		ground("g7", "courier.example", "courier", "own reporting", "courier", nil),
	}
	origins := Originate(articles)
	want := []Origin{
		{Key: "courier", Articles: 4, Trusted: true, First: "a1", Sources: []string{"courier.example", "thief.example", "sunday.example"}, Why: "its own reporting (family courier)"},
		{Key: "afp", Articles: 2, First: "b2", Sources: []string{"matinal.example", "ouest.example"}, Why: "a text of the agency afp: its text says “(AFP)”"},
		{Key: "lone.example", Articles: 1, First: "f6", Sources: []string{"lone.example"}, Why: "its own reporting"},
	}
	if d := cmp.Diff(want, origins); d != "" {
		t.Errorf("-want +got:\n%s", d)
	}
	articles[3].Repeats.Shared = 0.83
	for i, say := range map[int]string{
		0: "", 1: "", 5: "",
		2: "the agency afp again, as in matinal.example: its text says “(AFP)”",
		3: "a copy of the text in courier.example, 83 % of the words copied",
		4: "the family courier again, as courier.example",
		6: "courier.example again",
	} {
		if got := articles[i].NotCounted(); got != say || articles[i].Counts != (say == "") {
			t.Errorf("%s: counts %v, %q, want %q", articles[i].ID, articles[i].Counts, got, say)
		}
	}
}

func TestTheLeadOfALanguage(t *testing.T) {
	at := func(lang string, after time.Duration) Tongue { return Tongue{lang, noon.Add(after)} }
	for want, langs := range map[string][]Tongue{
		"":                                       {at("fr", 0)},
		"French press 3 h 10 min before English": {at("fr", 0), at("en", 190*time.Minute)},
		"English press 2 d before German, 2 d 3 h before Ukrainian": {at("en", 0), at("de", 48*time.Hour), at("uk", 51*time.Hour)},
		"Polish press together with French, 5 min before Serbo":     {at("pl", 0), at("fr", 20*time.Second), at("Serbo", 5*time.Minute)},
		"an unknown language press 1 h before Portuguese":           {at("und", 0), at("pt-BR", time.Hour)},
	} {
		if got := Lead(langs); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestSentencesThatHoldMarks(t *testing.T) {
	for name, c := range map[string]struct {
		text  string
		words []string
		want  []string
	}{
		"only those with a mark":      {"One ship sank. Two missiles flew. Nobody saw. A missile fell!", []string{"missiles", "missile fell"}, []string{"Two [missiles] flew.", "A [missile fell]!"}},
		"an opening mark belongs":     {"Rien. « Un missile », dit-il. Fin.", []string{"missile"}, []string{"« Un [missile] », dit-il."}},
		"a closing mark stays behind": {`He said "no." The missile flew.`, []string{"missile"}, []string{"The [missile] flew."}},
		"lines part":                  {"Headline\nA missile flew\nThe end", []string{"missile"}, []string{"A [missile] flew"}},
		"an abbreviation parts not":   {"The U.S. missile flew over Mr. Smith. End.", []string{"missile"}, []string{"The U.S. [missile] flew over Mr. Smith."}},
		"right to left":               {"שלום. טיל נורה. סוף.", []string{"טיל"}, []string{"[טיל] נורה."}},
		"none":                        {"Nothing here.", nil, nil},
	} {
		t.Run(name, func(t *testing.T) {
			var marks []Mark
			for _, w := range c.words {
				i := strings.Index(c.text, w)
				marks = append(marks, Mark{events.Mention{Field: events.FieldText, Start: i, End: i + len(w)}, "t"})
			}
			var got []string
			for _, l := range Sentences(c.text, events.FieldText, marks) {
				whole, shown := "", ""
				for _, p := range l.Pieces {
					if c.text[p.Start:p.End] != p.Words {
						t.Errorf("%q is not at %d", p.Words, p.Start)
					}
					whole += p.Words
					if p.Mark != "" {
						shown += "[" + p.Words + "]"
					} else {
						shown += p.Words
					}
				}
				if c.text[l.Start:l.End] != whole {
					t.Errorf("%q is not at %d", whole, l.Start)
				}
				got = append(got, shown)
			}
			if d := cmp.Diff(c.want, got); d != "" {
				t.Errorf("-want +got:\n%s", d)
			}
		})
	}
}

func FuzzSentences(f *testing.F) {
	f.Add("One. Two « three ». Four!", 5, 8, 10, 30)
	f.Add("« \u00a0“a b", 0, 4, 3, 9)
	f.Add("00!00000«00000000000»0000000", 2, 8, 10, 30) // a mark that reaches over a sentence's end
	f.Fuzz(func(t *testing.T, s string, a, b, c, d int) {
		if !utf8.ValidString(s) {
			return
		}
		marks := []Mark{{events.Mention{Field: "text", Start: a, End: b}, "x"}, {events.Mention{Field: "text", Start: c, End: d}, "y"}}
		at := 0
		for _, l := range Sentences(s, "text", marks) {
			if l.Start < at || l.End > len(s) || len(l.Pieces) == 0 {
				t.Fatalf("%q: line %+v after %d", s, l, at)
			}
			at = l.Start
			for _, p := range l.Pieces {
				if p.Start < at || s[p.Start:p.End] != p.Words {
					t.Fatalf("%q: piece %+v after %d", s, p, at)
				}
				at = p.End
			}
			if at != l.End {
				t.Fatalf("%q: the line ends at %d, its pieces at %d", s, l.End, at)
			}
		}
	})
}

// Whatever the coordinates, the part of the map that is drawn lies on it and
// holds them.
func TestTheMapHoldsItsPlaces(t *testing.T) {
	for name, places := range map[string][]Place{
		"one place":            {{Name: "Oslo", Lat: 59.9, Lon: 10.7}},
		"the far east":         {{Name: "Anadyr", Lat: 64.7, Lon: 177.5}},
		"all round the earth":  {{Name: "Anadyr", Lat: 64.7, Lon: 177.5}, {Name: "Suva", Lat: -18.1, Lon: 178.4}, {Name: "Adak", Lat: 51.9, Lon: -176.6}},
		"a pole":               {{Name: "Pole", Lat: 89, Lon: 0}},
		"what is on no map":    {{Name: "Nowhere", Lat: 400, Lon: 0}, {Name: "Oslo", Lat: 59.9, Lon: 10.7}},
		"a hundred in a place": crowd(100),
	} {
		t.Run(name, func(t *testing.T) {
			a := mapped([]Grounds{{Places: places}})
			var x, y, w, h float64
			if _, err := fmt.Sscan(a.Box, &x, &y, &w, &h); err != nil || w < leastWide || x < mapWest || x+w > mapEast+1 {
				t.Fatalf("box %q: %v", a.Box, err)
			}
			labels := 0
			for _, p := range a.Places {
				if p.X < x-1 || p.X > x+w+1 {
					t.Errorf("%s is outside %q", p.Say, a.Box)
				}
				if p.Name != "" {
					labels++
				}
			}
			if labels == 0 || labels > mostLabels {
				t.Errorf("%d names", labels)
			}
		})
	}
	if mapped([]Grounds{{}}) != nil {
		t.Error("a map without a place")
	}
}

func crowd(n int) []Place {
	out := make([]Place, n)
	for i := range out {
		out[i] = Place{Name: strings.Repeat("x", 1+i%20), Lat: 50 + float64(i)/1000, Lon: 30}
	}
	return out
}

func TestTheTimelineOfALife(t *testing.T) {
	e := Explanation{
		Versions: []Version{{1, events.Opened, events.Elevated, noon.Add(time.Hour), 2, "opened"}, {2, events.Escalated, events.High, noon.Add(2 * time.Hour), 3, ""}, {3, events.Resolved, events.High, noon.Add(20 * time.Hour), 3, ""}},
		Articles: []Grounds{{Lang: "fr", FetchedAt: noon, Counts: true}, {Lang: "en", FetchedAt: noon.Add(time.Hour), Counts: true}, {Lang: "fr", FetchedAt: noon.Add(90 * time.Minute)}, {}},
	}
	l := draw(e)
	if len(l.Lanes) != 3 || l.Lanes[0].Name != "French" || len(l.Lanes[0].Dots) != 2 || l.Lanes[0].Dots[1].Counts || l.Most != 2 || len(l.Spans) != 2 || len(l.Marks) != 3 {
		t.Errorf("got %+v", l)
	}
	if n := len(l.Ticks); n < 2 || n > 9 {
		t.Errorf("%d ticks", n)
	}
	for _, s := range l.Spans {
		if s.X < labelWide || s.X+s.W > lineWide {
			t.Errorf("%+v is off the drawing", s)
		}
	}
	if l := draw(Explanation{}); l.High != 0 {
		t.Errorf("nothing gives %+v", l)
	}
}

// Put together again, the runs are the text, whatever judgements say of it.
func FuzzRuns(f *testing.F) {
	f.Add("NATO says no to Moscow", 0, 4, 5, 12, 10, 22)
	f.Add("« é »", 0, 9, 3, 3, -1, 2)
	f.Fuzz(func(t *testing.T, s string, a, b, c, d, x, y int) {
		e := events.Enriched{
			Article:  events.Article{Text: s},
			Entities: []events.Entity{{Kind: events.Organisation, Mentions: []events.Mention{{Field: "text", Start: a, End: b}}}},
			Topics:   []events.Tag{{Topic: "weapons", Evidence: []events.Mention{{Field: "text", Start: c, End: d}}}},
			Says:     []events.Statement{{Stance: "deny", Words: events.Mention{Field: "text", Start: x, End: y}}},
		}
		whole := ""
		for _, r := range Runs(e, "text") {
			for _, w := range r.Words {
				whole += w.Words
			}
		}
		if whole != s {
			t.Errorf("%q became %q", s, whole)
		}
	})
}
