// Command train learns the weights of the decision whether an article joins a
// story, and prints them as weights.tsv has them:
//
//	go run ./internal/story/train events.jsonl > internal/story/weights.tsv
//
// It needs texts of happenings, each {"date","text"} on a line, in the order of
// their dates; the shipped weights were learned from Wikipedia's "Portal:Current
// events" (its contributors, CC BY-SA 4.0), none of whose text is in them. Of
// each happening it makes a few articles as newsrooms might write them: words
// left out and added, a headline only or with a text, hours apart, some in a
// "language" of their own that shares names and numbers with the others. It
// feeds them through the clusterer, each into the story where it belongs, and
// fits a logistic regression to what the decision saw of every candidate.
package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/tocsin-news/tocsin/internal/enrich"
	"github.com/tocsin-news/tocsin/internal/entity"
	"github.com/tocsin-news/tocsin/internal/story"
	"github.com/tocsin-news/tocsin/internal/token"
	"github.com/tocsin-news/tocsin/internal/topic"
	"github.com/tocsin-news/tocsin/pkg/events"
)

func main() {
	without := flag.String("without", "", "features to leave out, separated by commas, to compare")
	common := flag.Bool("common", false, "print common.tsv, how common words and names are, instead of weights")
	flag.Parse()
	if flag.NArg() != 1 {
		fmt.Fprintln(os.Stderr, "usage: train [-without names,places] events.jsonl > weights.tsv")
		os.Exit(2)
	}
	for f := range strings.SplitSeq(*without, ",") {
		held[f] = 0
	}
	if err := run(flag.Arg(0), *common); err != nil {
		fmt.Fprintln(os.Stderr, "train:", err)
		os.Exit(1)
	}
}

// enricher reads articles as the program does.
func enricher() (enrich.Enricher, error) {
	base, err := entity.Builtin()
	if err != nil {
		return enrich.Enricher{}, err
	}
	tagger, err := entity.Tagger()
	if err != nil {
		return enrich.Enricher{}, err
	}
	taxonomy, err := topic.Load()
	return enrich.Enricher{Entities: &entity.Finder{Base: base, Tagger: tagger}, Topics: taxonomy}, err
}

func run(file string, common bool) error {
	happenings, err := read(file)
	if err != nil {
		return err
	}
	reader, err := enricher()
	if err != nil {
		return err
	}
	if common {
		return count(happenings, reader)
	}
	news := worlds(happenings, rand.New(rand.NewPCG(1, 1)))
	half := len(news) / 2
	train, test := lessons(news[:half], reader), lessons(news[half:], reader)
	w := fit(train)
	report("learned on", train, w)
	report("held out", test, w)
	fmt.Println("# Weights of the decision whether an article joins a story. Made by go run ./internal/story/train,")
	fmt.Println("# from happenings of Wikipedia's Portal:Current events (CC BY-SA 4.0), without any of their text.")
	fmt.Print(w)
	return nil
}

// happening is one event's text.
type happening struct {
	Date string `json:"date"`
	Text string `json:"text"`
	day  time.Time
}

func read(file string) ([]happening, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var out []happening
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for n := 1; lines.Scan(); n++ {
		var h happening
		if err := json.Unmarshal(lines.Bytes(), &h); err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
		if h.day, err = time.Parse(time.DateOnly, h.Date); err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
		if i := strings.LastIndex(h.Text, ". ("); i > 0 {
			h.Text = h.Text[:i+1] // without the sources' names
		}
		if len(strings.Fields(h.Text)) >= 8 {
			out = append(out, h)
		}
	}
	return out, lines.Err()
}

// written is one made article and the happening that it tells of.
type written struct {
	article events.Article
	lang    string
	of      int
}

// worlds writes articles of all happenings, in the order of their times.
func worlds(hs []happening, r *rand.Rand) []written {
	var out []written
	for i, h := range hs {
		start := h.day.Add(time.Duration(r.IntN(24*60)) * time.Minute)
		n := 1 + int(r.ExpFloat64()*1.5)
		for k := range min(n, 8) {
			at := start.Add(time.Duration(r.ExpFloat64() * float64(k) * float64(20*time.Hour)))
			a, lang := write(h, func() happening { return background(hs, i, r) }, r)
			a.ID, a.Source, a.FetchedAt = fmt.Sprintf("%d-%d", i, k), fmt.Sprintf("s%d.example", r.IntN(40)), at
			out = append(out, written{a, lang, i})
		}
	}
	slices.SortStableFunc(out, func(a, b written) int { return a.article.FetchedAt.Compare(b.article.FetchedAt) })
	return out
}

// background is another happening that an article on the i-th may tell of too:
// of those before it, more likely one that shares a capitalised word.
func background(hs []happening, i int, r *rand.Rand) happening {
	var h happening
	for range 8 {
		h = hs[max(0, min(len(hs)-1, i-80+r.IntN(120)))]
		if related(hs[i].Text, h.Text) && h.Text != hs[i].Text {
			return h
		}
	}
	return h
}

// related reports whether two texts share a capitalised word of five letters.
func related(a, b string) bool {
	for w := range strings.FieldsSeq(a) {
		if len(w) > 5 && w[0] >= 'A' && w[0] <= 'Z' && strings.Contains(b, w[:5]) {
			return true
		}
	}
	return false
}

// write tells a happening in some newsroom's words: a headline only, with a
// lead, or with a text that has background on other happenings in it, which
// like means nearby and of the same names.
func write(h happening, like func() happening, r *rand.Rand) (events.Article, string) {
	words := strings.Fields(h.Text)
	keep := 0.4 + 0.4*r.Float64()
	some := func(from []string, share float64) []string {
		var out []string
		for _, w := range from {
			switch x := r.Float64(); {
			case x < share:
				out = append(out, w)
			case x < share+0.15: // another word for it
				other := strings.Fields(like().Text)
				out = append(out, other[r.IntN(len(other))])
			}
		}
		return out
	}
	// A headline takes a stretch of the text's words; the text the rest.
	cut := min(len(words), 8+r.IntN(10))
	from := 0
	if r.IntN(3) == 0 {
		from = r.IntN(len(words) - cut + 1)
	}
	title := some(words[from:from+cut], keep)
	var text []string
	switch r.IntN(10) {
	case 0, 1, 2, 3: // a headline only
	case 4, 5, 6:
		text = some(words, keep)
	default:
		text = some(words, keep)
		for range 2 + r.IntN(6) {
			text = append(text, some(strings.Fields(like().Text), 0.7)...)
		}
	}
	lang := "en"
	a := events.Article{Title: strings.Join(title, " "), Text: strings.Join(text, " ")}
	if r.IntN(4) == 0 {
		lang = []string{"fr", "de", "pl"}[r.IntN(3)]
	}
	return a, lang
}

// lesson is what the decision saw of an article and a story, and whether they
// tell of one happening.
type lesson struct {
	pair story.Pair
	same bool
}

// lessons feeds the articles through a clusterer, each into its own story.
func lessons(news []written, reader enrich.Enricher) []lesson {
	c := story.New(story.Weights{}) // it places nothing by itself
	right := map[int]*story.Story{}
	whose := map[*story.Story]int{}
	var out []lesson
	for _, n := range news {
		doc := token.Of(n.article.Title, n.article.Text)
		e := reader.Enrich(n.article)
		e.Lang = n.lang
		it := story.ItemOf(e, doc, n.article.FetchedAt)
		if n.lang != "en" {
			foreign(&it, n.lang)
		}
		for _, l := range c.Lessons(it) {
			out = append(out, lesson{l.Pair, whose[l.Story] == n.of})
		}
		for _, gone := range c.Evict(it.At) {
			delete(right, whose[gone])
		}
		s := c.Put(it, right[n.of])
		right[n.of], whose[s] = s, n.of
	}
	return out
}

// foreign makes an item one of another language: no word is shared but one in
// eight (names written alike), all entities and numbers are.
func foreign(it *story.Item, lang string) {
	salt := uint32(len(lang)) * 0x9e3779b1
	for _, r := range lang {
		salt = salt*31 + uint32(r)
	}
	for _, v := range []story.Vector{it.Words, it.Heads} {
		for i := range v {
			if v[i].Hash%8 != 0 {
				v[i].Hash ^= salt
			}
		}
		slices.SortFunc(v, func(a, b story.Term) int {
			switch {
			case a.Hash < b.Hash:
				return -1
			case a.Hash > b.Hash:
				return 1
			}
			return 0
		})
	}
}

func report(name string, ls []lesson, w story.Weights) {
	var tp, fp, fn int
	for _, l := range ls {
		switch yes := w.Score(&l.pair) > 0; {
		case yes && l.same:
			tp++
		case yes:
			fp++
		case l.same:
			fn++
		}
	}
	p, r := float64(tp)/float64(max(1, tp+fp)), float64(tp)/float64(max(1, tp+fn))
	fmt.Fprintf(os.Stderr, "%s %d candidates: precision %.3f, recall %.3f, F1 %.3f\n", name, len(ls), p, r, 2*p*r/math.Max(1e-9, p+r))
}
