package origin

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/tocsin-news/tocsin/internal/fingerprint"
	"github.com/tocsin-news/tocsin/internal/token"
)

// world is a story as the web tells it: a few newsrooms that report alone, and
// up to sixty sites that print what one of them, or an agency, wrote.
type world struct {
	items   []Item
	origins int
}

func generate(r *rand.Rand, families *Families) world {
	common := prose(r, 120) // names and phrases of the happening itself
	quote := prose(r, 30)   // what a minister said, and everybody prints
	newsrooms := pick(r, []string{"lemonde.fr", "theguardian.com", "spiegel.de", "elpais.com", "repubblica.it", "nytimes.com", "dn.se", "yle.fi", "never-heard.example"}, 1+r.IntN(5))
	agencies := pick(r, []string{"afp", "reuters", "ap", "dpa"}, r.IntN(3))
	var w world
	var texts []struct {
		words  []string
		agency string
	}
	for _, site := range newsrooms {
		t := article(r, common, quote)
		w.add(families, site, "", t)
		texts = append(texts, struct {
			words  []string
			agency string
		}{t, ""})
		if r.IntN(3) == 0 { // a second piece of the same newsroom adds nothing
			w.add(families, site, "", article(r, common, quote))
		}
	}
	for _, a := range agencies {
		t := article(r, common, quote)
		texts = append(texts, struct {
			words  []string
			agency string
		}{t, a})
		w.add(families, fmt.Sprintf("first-%s.example", a), a, t)
	}
	w.origins = len(newsrooms) + len(agencies)
	for i := range 1 + r.IntN(60) {
		t := texts[r.IntN(len(texts))]
		agency := t.agency
		if r.IntN(3) == 0 {
			agency = "" // the credit was cut off
		}
		w.add(families, fmt.Sprintf("copy-%d.example", i), agency, reprint(r, t.words))
	}
	return w
}

func (w *world) add(f *Families, site, agency string, words []string) {
	doc := token.Of(strings.Join(words[:8], " "), strings.Join(words[8:], " "))
	w.items = append(w.items, Item{
		ID: fmt.Sprintf("%08d", len(w.items)), Source: site, Family: f.Find(site), Agency: agency, Sketch: fingerprint.Make(doc), Lang: "en",
	})
}

// article is 150 to 600 words of its own that use the happening's words, with
// the quotation somewhere inside.
func article(r *rand.Rand, common, quote []string) []string {
	out := prose(r, 150+r.IntN(450))
	for i := range out {
		if r.IntN(4) == 0 {
			out[i] = common[r.IntN(len(common))]
		}
	}
	at := 10 + r.IntN(len(out)-20)
	return slices.Concat(out[:at], quote, out[at:])
}

// reprint is a copy: retitled, cut, lightly edited, wrapped in boilerplate.
func reprint(r *rand.Rand, words []string) []string {
	out := slices.Clone(words)
	if r.IntN(2) == 0 { // cut to between two fifths and all
		n := len(out)*2/5 + r.IntN(len(out)*3/5)
		at := r.IntN(len(out) - n + 1)
		out = out[at : at+n]
	}
	if r.IntN(2) == 0 { // a word in twenty-five changed
		out = slices.Clone(out)
		for i := 5; i < len(out); i += 20 + r.IntN(10) {
			out[i] = "altered"
		}
	}
	boiler := prose(r, r.IntN(40))
	return slices.Concat(prose(r, 8), boiler, out, prose(r, r.IntN(30)))
}

func prose(r *rand.Rand, n int) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = fmt.Sprintf("w%d", int(3000*r.Float64()*r.Float64()*r.Float64()))
	}
	return out
}

func pick(r *rand.Rand, from []string, n int) []string {
	r.Shuffle(len(from), func(i, j int) { from[i], from[j] = from[j], from[i] })
	return from[:n]
}

func TestOriginsOfGeneratedWorlds(t *testing.T) {
	families, err := Shipped()
	if err != nil {
		t.Fatal(err)
	}
	const worlds = 1000
	exact, over, under := 0, 0, 0
	for seed := range uint64(worlds) {
		r := rand.New(rand.NewPCG(seed, 7))
		w := generate(r, families)
		var l Ledger
		for _, it := range w.items {
			l.Add(it)
		}
		switch n := l.Count(); {
		case n == w.origins:
			exact++
		case n > w.origins:
			over++
		default:
			under++
		}
	}
	t.Logf("origin count exact in %d of %d worlds, too high in %d, too low in %d", exact, worlds, over, under)
	if exact < worlds*995/1000 {
		t.Errorf("exact in %d of %d worlds, want 99.5 %%", exact, worlds)
	}
}

func TestLedger(t *testing.T) {
	families, _ := Shipped()
	r := rand.New(rand.NewPCG(3, 4))
	common, quote := prose(r, 100), prose(r, 30)
	wire, own, other := article(r, common, quote), article(r, common, quote), article(r, common, quote)
	item := func(id, site, agency string, words []string) Item {
		doc := token.Of(strings.Join(words[:8], " "), strings.Join(words[8:], " "))
		return Item{ID: id, Source: site, Family: families.Find(site), Agency: agency, Sketch: fingerprint.Make(doc), Lang: "en"}
	}
	for _, c := range []struct {
		name  string
		items []Item
		want  int
	}{
		{"one article is one origin", []Item{item("a", "lemonde.fr", "", own)}, 1},
		{"sixty sites that print one agency text are one", many(60, func(i int) Item {
			return item(fmt.Sprint(i), fmt.Sprintf("s%d.example", i), "afp", wire)
		}), 1},
		{"a copy without the credit is the agency's", []Item{item("a", "x.example", "afp", wire), item("b", "y.example", "", reprint(r, wire))}, 1},
		{"a credit that comes later moves the text to the agency", []Item{item("a", "x.example", "", wire), item("b", "y.example", "afp", wire), item("c", "z.example", "afp", other)}, 1},
		{"one owner's two sites are one", []Item{item("a", "thetimes.co.uk", "", own), item("b", "wsj.com", "", other)}, 1},
		{"a piece that is half a quotation is of one text, not of all that quote", []Item{
			item("a", "lemonde.fr", "", own), item("b", "lefigaro.fr", "", other), item("c", "x.example", "", slices.Concat(prose(r, 8), own[20:48], quote)),
		}, 2},
		{"two newsrooms are two", []Item{item("a", "lemonde.fr", "", own), item("b", "lefigaro.fr", "", other)}, 2},
		{"own reporting beside the wire is a second origin", []Item{item("a", "lemonde.fr", "afp", wire), item("b", "lemonde.fr", "", own)}, 2},
		{"the agency's own site and its client are one", []Item{item("a", "reuters.com", "", wire), item("b", "x.example", "reuters", other)}, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			var l Ledger
			for _, it := range c.items {
				l.Add(it)
			}
			if got := l.Count(); got != c.want {
				t.Errorf("%d origins, want %d", got, c.want)
			}
			var m Ledger // merging story by story counts the same
			for _, it := range c.items {
				var one Ledger
				one.Add(it)
				m.Merge(&one)
			}
			if got := m.Count(); got != c.want {
				t.Errorf("%d origins after merging, want %d", got, c.want)
			}
		})
	}
}

func TestTranslationOfAnAgencyText(t *testing.T) {
	families, _ := Shipped()
	facts, numbers := []uint32{1, 2, 3, 4}, []uint32{10, 20, 30}
	english := Item{ID: "a", Source: "x.example", Family: families.Find("x.example"), Agency: "afp", Lang: "en", Facts: facts, Numbers: numbers}
	french := Item{ID: "b", Source: "y.example", Family: families.Find("y.example"), Lang: "fr", Facts: facts, Numbers: numbers}
	own := Item{ID: "c", Source: "z.example", Family: families.Find("z.example"), Lang: "fr", Facts: facts, Numbers: []uint32{10, 40, 50}}
	var l Ledger
	l.Add(english)
	if e := l.Add(french); e.Why != "translates a" || l.Count() != 1 {
		t.Errorf("the translation counts apart: %v, %d origins", e, l.Count())
	}
	if e := l.Add(own); l.Count() != 2 {
		t.Errorf("an own report with other numbers does not count: %v", e)
	}
}

func many(n int, f func(int) Item) []Item {
	out := make([]Item, n)
	for i := range out {
		out[i] = f(i)
	}
	return out
}
