package watch

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/tocsin-news/tocsin/internal/query"
)

const manual = `watches:
  - name: nato-missile
    about: missiles that concern the alliance
    query: >
      entity:Q7184 AND (topic:weapons.missile OR "north korea"~ OR "corée du nord"~)
      AND NOT topic:sport
    by: story
    when:
      origins: 3
      within: 2h
      surprise: 1e-4
    level: elevated
    escalate: {origins: 8, level: high}
    resolve_after: 12h
    tests:
      - fires: {title: "Un missile", text: "L'OTAN"}
      - silent: {title: "A film", lang: en, tier: 2}
  - name: plain
    query: coup
    budget: 1/week
    escalate:
      - {origins: 5, level: high}
      - {origins: 9, articles: 20, level: critical}
`

func load(t testing.TB, s string) []Watch {
	t.Helper()
	ws, err := Load(strings.NewReader(s), "watches.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return ws
}

func TestLoad(t *testing.T) {
	ws := load(t, manual)
	if len(ws) != 2 {
		t.Fatalf("%d watches", len(ws))
	}
	w := ws[0]
	if got, want := w.Query.String(), `entity:Q7184 AND (topic:weapons.missile OR "north korea"~ OR "corée du nord"~) AND NOT topic:sport`; got != want {
		t.Errorf("query\n got %s\nwant %s", got, want)
	}
	if want := (When{Origins: 3, Within: 2 * time.Hour, Surprise: 1e-4}); w.When != want {
		t.Errorf("when %+v, want %+v", w.When, want)
	}
	if d := cmp.Diff([]Step{{Origins: 8, Level: "high"}}, w.Escalate); d != "" {
		t.Error(d)
	}
	if w.By != ByStory || w.Level != "elevated" || w.ResolveAfter != 12*time.Hour || w.Line != 2 || w.File != "watches.yaml" {
		t.Errorf("%+v", w)
	}
	if len(w.Tests) != 2 || !w.Tests[0].Fires || w.Tests[1].Fires || w.Tests[1].Source.Tier != 2 || w.Tests[0].Line != 16 {
		t.Errorf("tests %+v", w.Tests)
	}
	p := ws[1]
	if want := (When{Origins: DefaultOrigins, Within: DefaultWithin}); p.When != want || p.By != ByStory || p.Level != DefaultLevel || p.ResolveAfter != DefaultResolveAfter {
		t.Errorf("defaults: %+v", p)
	}
	if p.Budget != (Budget{1, week}) || len(p.Escalate) != 2 || p.Escalate[1] != (Step{Origins: 9, Articles: 20, Level: "critical"}) {
		t.Errorf("%+v", p)
	}
}

func TestWrittenWatchesAreReadTheSame(t *testing.T) {
	ws := load(t, manual)
	ignore := cmp.Options{cmpopts.IgnoreFields(Watch{}, "File", "Line", "Query", "terms"), cmpopts.IgnoreFields(Test{}, "Line"), cmpopts.IgnoreUnexported(query.Query{})}
	t.Run("as YAML", func(t *testing.T) {
		text, err := YAML(ws)
		if err != nil {
			t.Fatal(err)
		}
		again := load(t, string(text))
		if d := cmp.Diff(ws, again, ignore); d != "" {
			t.Errorf("%s\n%s", text, d)
		}
	})
	t.Run("as JSON", func(t *testing.T) {
		for _, w := range ws {
			text, err := json.Marshal(w)
			if err != nil {
				t.Fatal(err)
			}
			var again Watch
			if err := json.Unmarshal(text, &again); err != nil {
				t.Fatalf("%s: %v", text, err)
			}
			if d := cmp.Diff(w, again, ignore); d != "" || w.Hash() != again.Hash() {
				t.Errorf("%s\n%s", text, d)
			}
		}
	})
}

var update = flag.Bool("update", false, "write the golden files anew")

// TestErrors compares what wrong files are told with testdata/errors.golden:
// the file, then what its reader sees.
func TestErrors(t *testing.T) {
	files, err := filepath.Glob("testdata/wrong/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatal("no files", err)
	}
	var got bytes.Buffer
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		ws, err := Load(bytes.NewReader(data), filepath.Base(f))
		if err == nil || ws != nil {
			t.Errorf("%s: taken", f)
			continue
		}
		got.WriteString(err.Error() + "\n")
		var e *Error
		if errors.As(err, &e) && e.Caret != "" {
			got.WriteString(e.Caret + "\n")
		}
		got.WriteString("\n")
	}
	golden := "testdata/errors.golden"
	if *update {
		if err := os.WriteFile(golden, got.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), got.String()); d != "" {
		t.Error(d)
	}
}

func TestLoadIsBounded(t *testing.T) {
	for name, in := range map[string]string{
		"nothing":                   "",
		"a million open brackets":   strings.Repeat("[", 1<<20),
		"a million dashes":          strings.Repeat("- ", 1<<20),
		"brackets line by line":     strings.Repeat("[\n", 100_000),
		"not text at all":           "\x00\x01\xff",
		"a file beyond its bound":   "watches: " + strings.Repeat(" ", MaxFile),
		"aliases of aliases":        "a: &a [x]\nb: &b [*a,*a]\nwatches: [*b,*b]\n",
		"a document after document": manual + "---\n" + manual,
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := Load(strings.NewReader(in), "f"); err == nil {
				t.Error("taken")
			} else if len(err.Error()) > 10_000 {
				t.Errorf("an error of %d bytes", len(err.Error()))
			}
		})
	}
}

func TestDurationsAndBudgets(t *testing.T) {
	for in, want := range map[string]time.Duration{"90m": 90 * time.Minute, "2h": 2 * time.Hour, "7d": 7 * day, "1d12h": 36 * time.Hour, "1w": week, "1.5h": 90 * time.Minute} {
		got, err := ParseDuration(in)
		if err != nil || got != want {
			t.Errorf("%s: %v %v", in, got, err)
		}
		if again, err := ParseDuration(FormatDuration(got)); err != nil || again != got {
			t.Errorf("%s written as %s", in, FormatDuration(got))
		}
	}
	for _, in := range []string{"", "2", "h", "-2h", "2 h", "0s", "400d", "2h!", "1e9h", "999999999999999999999d"} {
		if d, err := ParseDuration(in); err == nil {
			t.Errorf("%q was read as %v", in, d)
		}
	}
	for in, want := range map[string]float64{"1/week": 1. / 7, "3/day": 3, "2/month": 2. / 30, "0.5/day": 0.5} {
		b, err := ParseBudget(in)
		if err != nil || b.PerDay() < want*0.999 || b.PerDay() > want*1.001 || b.String() != in {
			t.Errorf("%s: %v %v", in, b, err)
		}
	}
	for _, in := range []string{"", "1", "0/day", "-1/day", "x/day", "1/decade", "NaN/day"} {
		if b, err := ParseBudget(in); err == nil {
			t.Errorf("%q was read as %v", in, b)
		}
	}
}

func FuzzLoad(f *testing.F) {
	f.Add(manual)
	f.Add("watches: [{name: a, query: '('}]")
	f.Add("watches:\n- name: a\n  query: |\n    x\n    (y\n")
	f.Fuzz(func(t *testing.T, s string) {
		ws, err := Load(strings.NewReader(s), "f")
		if err != nil && ws != nil {
			t.Fatal("an error and watches")
		}
		for i := range ws {
			if err := ws[i].usable(); err != nil {
				t.Fatalf("loaded, and %v", err)
			}
		}
	})
}

func TestLoadAs(t *testing.T) {
	for _, tc := range []struct{ name, body, says string }{
		{"the name is left out", `{"query":"nato"}`, ""},
		{"the name is the same", "name: x\nquery: nato", ""},
		{"the name is another", `{"name":"y","query":"nato"}`, `named "y", and put under "x"`},
		{"no watch at all", `7`, "must be a mapping"},
	} {
		w, err := LoadAs(strings.NewReader(tc.body), "", "x")
		if (err == nil) != (tc.says == "") || err != nil && !strings.Contains(err.Error(), tc.says) {
			t.Errorf("%s: %v", tc.name, err)
		}
		if err == nil && w.Name != "x" {
			t.Errorf("%s: it is named %q", tc.name, w.Name)
		}
	}
}
