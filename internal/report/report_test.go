package report

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tocsin-news/tocsin/internal/burst"
	"github.com/tocsin-news/tocsin/internal/watch"
	"github.com/tocsin-news/tocsin/pkg/events"
)

var noon = time.Date(2024, 11, 21, 12, 0, 0, 0, time.UTC)

func article(id, title string, at time.Duration) *events.Article {
	return &events.Article{ID: id, Source: "one.example", URL: "https://one.example/" + id, Title: title, FetchedAt: noon.Add(at)}
}

func version(id, watch, state, level string, at time.Duration, articles ...string) events.Alert {
	a := events.Alert{ID: id, State: state, Level: level, Watch: watch, Story: "story-" + id, Headline: "Headline of " + id, At: noon.Add(at), Origins: len(articles)}
	for _, x := range articles {
		id, origin, _ := strings.Cut(x, "/")
		a.Articles = append(a.Articles, events.Evidence{ID: id, Source: "one.example", Title: "Title of " + id, Origin: origin, Why: "own reporting"})
	}
	return a
}

func TestALifeIsToldByItsSteps(t *testing.T) {
	var l Log
	for _, a := range []events.Alert{
		version("a", "w", events.Opened, events.Elevated, 0, "1/x", "2/y", "3/x"),
		version("a", "w", events.Updated, events.Elevated, time.Hour, "1/x", "2/y", "3/x"),
		version("a", "w", events.Escalated, events.High, 2*time.Hour, "1/x", "2/y", "3/x", "4/z"),
		version("a", "w", events.Resolved, events.High, 5*time.Hour, "1/x", "2/y", "3/x", "4/z"),
		version("a", "w", events.Opened, events.Elevated, 9*time.Hour, "1/x", "2/y", "3/x", "4/z"),
	} {
		l.Decided(a)
	}
	x := l.Lives()[0]
	var got []string
	for _, s := range x.spans(noon.Add(12 * time.Hour)) {
		got = append(got, fmt.Sprintf("%s %v-%v", s.level, s.from.Sub(noon).Hours(), s.to.Sub(noon).Hours()))
	}
	if d := cmp.Diff([]string{"elevated 0-2", "high 2-5", "elevated 9-12"}, got); d != "" {
		t.Error(d)
	}
	if len(x.Counted()) != 3 || len(x.Ignored()) != 1 || x.Ignored()[0].ID != "3" {
		t.Errorf("counted %v, ignored %v", x.Counted(), x.Ignored())
	}
	if x.Level != events.High || !x.Ended().IsZero() || len(l.Lives()) != 1 {
		t.Errorf("%+v", x)
	}
}

func TestThePlainRule(t *testing.T) {
	for name, c := range map[string]struct {
		hours []float64 // of the articles with the word
		want  []float64 // of the firings
	}{
		"two items are too few":             {[]float64{0, 1}, nil},
		"three in a day":                    {[]float64{0, 1, 2}, []float64{2}},
		"not three in three days":           {[]float64{0, 24, 48}, nil},
		"quiet for half a day":              {[]float64{0, 1, 2, 3, 13, 14.5}, []float64{2, 14.5}},
		"silent once a week of it has come": {append(week(3), 7*24, 7*24+1, 7*24+2), []float64{2, 24, 48, 72}},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPlain([]string{"Missile"})
			for i, h := range c.hours {
				p.article(article(fmt.Sprint(i), "A missile, a MISSILE", time.Duration(h*float64(time.Hour))), noon.Add(time.Duration(h*float64(time.Hour))), true)
			}
			var got []float64
			for _, f := range p.firings {
				got = append(got, f.At.Sub(noon).Hours())
			}
			if d := cmp.Diff(c.want, got); d != "" {
				t.Error(d)
			}
		})
	}
	t.Run("one page, seen three times, is one item", func(t *testing.T) {
		p := newPlain([]string{"missile"})
		for i := range 3 {
			a := article(fmt.Sprint(i), "Missile", 0)
			a.URL = "https://one.example/same"
			p.article(a, noon.Add(time.Duration(i)*time.Hour), true)
		}
		if len(p.firings) != 0 {
			t.Error(p.firings)
		}
	})
}

// week is n articles a day for a week, an hour apart.
func week(n int) (hours []float64) {
	for d := range 7 {
		for i := range n {
			hours = append(hours, float64(24*d+i))
		}
	}
	return hours
}

func TestWordsOfQueriesJoinThePlainRule(t *testing.T) {
	ws, err := watch.Load(strings.NewReader("watches: [{name: a, query: 'wagner AND (dam~ OR \"two words\") AND NOT sport AND topic:weapons'}]"), "t")
	if err != nil {
		t.Fatal(err)
	}
	got := PlainWords(ws)[len(plainWords):]
	if d := cmp.Diff([]string{"wagner"}, got); d != "" {
		t.Error(d)
	}
}

// told is a log of an alert that came an hour before the plain rule, one that
// the rule is silent on, a near miss that came to nothing and one that came to
// an alert.
func told() *Log {
	l := &Log{Name: "<mine>"}
	l.Beside([]string{"missile"})
	for i := range 4 {
		l.Article(article(fmt.Sprint(i), "A missile", time.Duration(i)*time.Hour))
	}
	l.Article(article("9", "Something else", 30*time.Hour))
	l.Decided(version("a", "one", events.Opened, events.Elevated, time.Hour, "0/x", "1/y"))
	l.Decided(version("a", "one", events.Escalated, events.Critical, 2*time.Hour, "0/x", "1/y", "2/z"))
	l.Decided(version("b", "two", events.Opened, events.Info, 30*time.Hour, "9/x"))
	l.Missed(Miss{Watch: "one", Story: "story-a", At: noon, Lacks: "1 origin of 2"})
	l.Missed(Miss{Watch: "two", Story: "story-c", Headline: "<b>Nearly</b>", At: noon.Add(time.Hour), Lacks: "2 origins of 3"})
	l.Missed(Miss{Watch: "two", Story: "story-c", Headline: "<b>Nearly</b>", At: noon.Add(2 * time.Hour), Lacks: "2 origins of 3"})
	l.Loud(noon.Add(12*time.Hour), []burst.Burst{{Key: "topic:weapons", Observed: 4, Expected: 0.5, P: 1e-4}})
	return l
}

func TestSummary(t *testing.T) {
	var b bytes.Buffer
	if err := told().Summary(&b); err != nil {
		t.Fatal(err)
	}
	want := `5 articles of 1 source from 21 Nov 2024 to 22 Nov 2024 (1 day)

  alerts  in others'  a day  info  elevated  high  critical  versions  near misses  before plain rule  watch
       1           -   0.80     -         -     -         1         2            -          1 h 0 min  one
       1           -   0.80     1         -     -         -         1            1                  -  two
       2           -   1.60     1         -     -         1         3            1          1 h 0 min  all

Beside it the plain keyword rule (3 items in a day, 3 times the week before; 1 word) went off once, 0.80 a day, 0 of them on nothing that an alert tells of. It went off on 1 of the 2 alerts; the median of these came 1 h 0 min before it.
`
	if d := cmp.Diff(want, b.String()); d != "" {
		t.Error(d)
	}
	b.Reset()
	if err := new(Log).Summary(&b); err != nil || b.String() != "no articles\n" {
		t.Errorf("%q %v", b.String(), err)
	}
}

func TestOnlyWhatIsSinceCounts(t *testing.T) {
	l := &Log{Since: noon}
	l.Article(article("0", "x", -time.Hour))
	l.Article(article("1", "x", time.Hour))
	l.Missed(Miss{At: noon.Add(-time.Minute)})
	if l.Decided(version("a", "w", events.Opened, events.Info, -time.Minute, "0/x")) {
		t.Error("a decision of before counts")
	}
	if !l.Decided(version("a", "w", events.Updated, events.Info, time.Minute, "0/x")) {
		t.Error("a later version of it does not count")
	}
	if l.articles != 1 || len(l.Misses()) != 0 || len(l.Lives()) != 1 {
		t.Errorf("%+v", l)
	}
}

func TestThePageStandsAloneAndEscapes(t *testing.T) {
	l := told()
	hostile := version("h", `w"><script>alert(1)</script>`, events.Opened, events.High, 3*time.Hour, "7/x")
	hostile.Headline = `</title><script>alert(1)</script>`
	hostile.Articles[0].URL = `javascript:alert(1)`
	l.Decided(hostile)
	var a, b bytes.Buffer
	if err := l.Page(&a); err != nil {
		t.Fatal(err)
	}
	if err := l.Page(&b); err != nil || !bytes.Equal(a.Bytes(), b.Bytes()) {
		t.Error("the same log gives other bytes")
	}
	for _, no := range []string{"<script", "javascript:", "<b>Nearly", "<link", "<img", "@import"} {
		if strings.Contains(a.String(), no) {
			t.Errorf("the page has %s", no)
		}
	}
	for _, yes := range []string{"&lt;b&gt;Nearly", "@media (prefers-", "<svg", "topic:weapons", "1 h 0 min before the plain keyword rule"} {
		if !strings.Contains(a.String(), yes) {
			t.Errorf("the page has no %s", yes)
		}
	}
	a.Reset()
	if err := new(Log).Page(&a); err != nil || !strings.Contains(a.String(), "nothing to read") {
		t.Error(err)
	}
}

func TestCompare(t *testing.T) {
	log := func(name string, versions ...events.Alert) *Log {
		l := &Log{Name: name}
		l.Article(article("0", "x", 0))
		for _, v := range versions {
			l.Decided(v)
		}
		return l
	}
	one := version("a", "w", events.Opened, events.Elevated, 0, "1/x", "2/y")
	later := version("a", "w", events.Opened, events.High, time.Hour, "1/x", "2/y")
	renamed := version("z", "v", events.Opened, events.Elevated, 0, "1/x")
	renamed.Story = one.Story
	together := version("t", "q", events.Opened, events.Elevated, time.Hour, "1/x", "2/y", "3/z")
	together.Story = ""
	other := version("o", "w", events.Opened, events.Info, 0, "8/x")
	for name, c := range map[string]struct {
		a, b []events.Alert
		want string // how each of A is told by B, then what only one tells
	}{
		"the same":                        {[]events.Alert{one}, []events.Alert{one}, "at the same time | only a 0, only b 0"},
		"later, and louder":               {[]events.Alert{one}, []events.Alert{later}, "1 h 0 min later, high instead of elevated | only a 0, only b 0"},
		"another watch, the same story":   {[]events.Alert{one}, []events.Alert{renamed}, "at the same time, by v | only a 0, only b 0"},
		"another kind, the same articles": {[]events.Alert{one}, []events.Alert{together}, "1 h 0 min later, by q | only a 0, only b 0"},
		"nothing in common":               {[]events.Alert{one}, []events.Alert{other}, " | only a 1, only b 1"},
		"nothing at all":                  {nil, nil, " | only a 0, only b 0"},
	} {
		t.Run(name, func(t *testing.T) {
			d := Compare(log("A", c.a...), log("B", c.b...))
			var how []string
			for _, p := range d.Both {
				how = append(how, p.How())
			}
			got := fmt.Sprintf("%s | only a %d, only b %d", strings.Join(how, "; "), len(d.OnlyA), len(d.OnlyB))
			if got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
	t.Run("what the other nearly told", func(t *testing.T) {
		b := log("B", other)
		b.Missed(Miss{Watch: "w", Story: one.Story, At: noon, Lacks: "2 origins of 3"})
		d := Compare(log("A", one), b)
		var text bytes.Buffer
		if err := d.Text(&text); err != nil || !strings.Contains(text.String(), "[the other nearly: w: 2 origins of 3]") {
			t.Errorf("%s %v", &text, err)
		}
	})
}
