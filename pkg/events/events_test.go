package events_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/tocsin-news/tocsin/pkg/events"
)

// Every message that was ever published decodes, and says the same when it is
// written again. A new version of a message adds a file; none is changed.
func TestGoldenMessagesRoundTrip(t *testing.T) {
	for _, path := range golden(t) {
		t.Run(filepath.Base(path), func(t *testing.T) {
			was := read(t, path)
			v := empty(path)
			if err := json.Unmarshal(was, v); err != nil {
				t.Fatal(err)
			}
			again, err := json.Marshal(v)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(decode(t, was), decode(t, again)); d != "" {
				t.Errorf("read and written again (-was +is):\n%s", d)
			}
		})
	}
}

func TestGoldenMessagesFitTheirSchema(t *testing.T) {
	for _, path := range golden(t) {
		kind, _, _ := strings.Cut(filepath.Base(path), ".")
		if kind == "dead" {
			continue
		}
		t.Run(filepath.Base(path), func(t *testing.T) {
			if err := schema(t, kind).Validate(decode(t, read(t, path))); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestSchemaRefusesWhatIsNotAMessage(t *testing.T) {
	for kind, bad := range map[string]string{
		"article":  `{"id":"","source":"x","url":"","title":"","text":"","revision":0}`,
		"enriched": `{"article":{"id":"1","source":"x","url":"","title":"t","text":"","revision":0},"lang":"fr","entities":[{"id":"","name":"n","kind":"CITY","mentions":[]}],"topics":[]}`,
		"alert":    `{"id":"1","version":0}`,
	} {
		if schema(t, kind).Validate(decode(t, []byte(bad))) == nil {
			t.Errorf("%s: %s was taken", kind, bad)
		}
	}
}

func TestUnknownFieldsAreIgnored(t *testing.T) {
	var a events.Article
	if err := json.Unmarshal([]byte(`{"id":"1","source":"x","title":"t","section":"World","nested":{"a":[1]}}`), &a); err != nil || a.Title != "t" {
		t.Errorf("got %+v, %v", a, err)
	}
}

func TestIDs(t *testing.T) {
	id := events.ArticleID("example.fr", "https://example.fr/a", "Un  titre", "Le texte\n\n du jour")
	if same := events.ArticleID("example.fr", "https://example.fr/a", "Un titre", " Le texte du jour "); same != id {
		t.Error("white space changes the id")
	}
	others := map[string]string{
		"source":         events.ArticleID("example.org", "https://example.fr/a", "Un titre", "Le texte du jour"),
		"url":            events.ArticleID("example.fr", "https://example.fr/b", "Un titre", "Le texte du jour"),
		"content":        events.ArticleID("example.fr", "https://example.fr/a", "Un titre", "Le texte corrigé"),
		"where it parts": events.ArticleID("example.fr", "https://example.fr/a", "Un", "titre Le texte du jour"),
	}
	for what, other := range others {
		if other == id {
			t.Errorf("another %s has the same id", what)
		}
	}
	if len(id) != 32 {
		t.Errorf("id has %d digits", len(id))
	}
	if events.NotificationKey("a", 1, "desk") == events.NotificationKey("a", 2, "desk") {
		t.Error("two versions share a notification key")
	}
}

func TestSubjectsAreOneTokenEach(t *testing.T) {
	for in, want := range map[string]string{"lemonde.fr": "lemonde_fr", "": "_", "a b*>\n": "a_b___", "zh-Hant": "zh-Hant", "é": "_"} {
		if got := events.Token(in); got != want {
			t.Errorf("Token(%q) = %q, want %q", in, got, want)
		}
	}
	a := events.Alert{Watch: "nato-missile", ID: "0a"}
	if a.Subject() != "tocsin.alert.nato-missile.0a" {
		t.Error(a.Subject())
	}
}

func TestEventTimeIsClamped(t *testing.T) {
	fetched := time.Date(2024, 11, 23, 10, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct{ published, want time.Time }{
		"undated is when it was fetched":   {time.Time{}, fetched},
		"an honest date stands":            {fetched.Add(-3 * time.Hour), fetched.Add(-3 * time.Hour)},
		"1970 goes no further than week":   {time.Unix(0, 0), fetched.Add(-7 * 24 * time.Hour)},
		"next year is ten minutes at most": {fetched.AddDate(1, 0, 0), fetched.Add(10 * time.Minute)},
	} {
		t.Run(name, func(t *testing.T) {
			a := events.Article{PublishedAt: c.published, FetchedAt: fetched}
			if got := a.EventTime(); !got.Equal(c.want) {
				t.Errorf("got %v, want %v", got, c.want)
			}
			if !a.StreamTime().Equal(fetched) {
				t.Error("a publisher's date moved the stream's time")
			}
		})
	}
}

func TestArticleValidateNamesTheField(t *testing.T) {
	good := events.Article{ID: "1", Source: "example.fr", URL: "https://example.fr/a", Title: "t"}
	if err := good.Validate(); err != nil {
		t.Fatal(err)
	}
	for field, spoil := range map[string]func(*events.Article){
		"id":       func(a *events.Article) { a.ID = "" },
		"source":   func(a *events.Article) { a.Source = "" },
		"title":    func(a *events.Article) { a.Title = " " },
		"text":     func(a *events.Article) { a.Text = strings.Repeat("é", events.MaxText+1) },
		"url":      func(a *events.Article) { a.URL = "javascript:alert(1)" },
		"lang":     func(a *events.Article) { a.Lang = strings.Repeat("x", 36) },
		"revision": func(a *events.Article) { a.Revision = -1 },
		"authors":  func(a *events.Article) { a.Authors = make([]string, 65) },
	} {
		a := good
		spoil(&a)
		var fe *events.FieldError
		if err := a.Validate(); !errors.As(err, &fe) || fe.Field != field {
			t.Errorf("%s: got %v", field, err)
		}
	}
	a := good
	a.Title = "\xff"
	if err := a.Validate(); err == nil || !strings.Contains(err.Error(), "UTF-8") {
		t.Errorf("invalid UTF-8: got %v", err)
	}
	a.Title = strings.Repeat("é", events.MaxTitle)
	if err := a.Validate(); err != nil {
		t.Errorf("a title as long as allowed: %v", err)
	}
}

func TestEnrichedValidateChecksOffsets(t *testing.T) {
	e := events.Enriched{Article: events.Article{ID: "1", Source: "s", Title: "Élysée"}, Lang: "fr"}
	mention := func(start, end int) []events.Mention {
		return []events.Mention{{Field: "title", Start: start, End: end}}
	}
	e.Entities = []events.Entity{{Name: "Élysée", Kind: "ORG", Mentions: mention(0, 8)}}
	if err := e.Validate(); err != nil {
		t.Fatal(err)
	}
	for name, m := range map[string][]events.Mention{
		"beyond the text": mention(0, 9), "empty": mention(2, 2), "backwards": mention(3, 2),
		"inside a character": mention(1, 8), "unknown field": {{Field: "body", Start: 0, End: 1}},
	} {
		e.Entities[0].Mentions = m
		if e.Validate() == nil {
			t.Errorf("%s was taken", name)
		}
		said := events.Enriched{Article: e.Article, Lang: "fr", Says: []events.Statement{{Stance: "claim", Words: m[0]}}}
		if said.Validate() == nil {
			t.Errorf("a statement %s was taken", name)
		}
		from := events.Enriched{Article: e.Article, Lang: "fr", Origin: &events.Origin{Key: "afp", Evidence: m[0]}}
		if from.Validate() == nil {
			t.Errorf("an origin %s was taken", name)
		}
	}
	if (events.Enriched{Article: e.Article, Lang: "fr", Says: []events.Statement{{Stance: "doubt", Words: mention(0, 8)[0]}}}).Validate() == nil {
		t.Error("an unknown stance was taken")
	}
}

func TestAlertValidate(t *testing.T) {
	var a events.Alert
	if err := json.Unmarshal(read(t, "testdata/golden/alert.v1.json"), &a); err != nil {
		t.Fatal(err)
	}
	if err := a.Validate(); err != nil {
		t.Fatal(err)
	}
	for field, spoil := range map[string]func(*events.Alert){
		"id": func(a *events.Alert) { a.ID = "" }, "version": func(a *events.Alert) { a.Version = 0 },
		"state": func(a *events.Alert) { a.State = "closed" }, "level": func(a *events.Alert) { a.Level = "loud" },
		"watch": func(a *events.Alert) { a.Watch = "" }, "reason": func(a *events.Alert) { a.Reason = "" },
		"at": func(a *events.Alert) { a.At = time.Time{} },
	} {
		b := a
		spoil(&b)
		var fe *events.FieldError
		if err := b.Validate(); !errors.As(err, &fe) || fe.Field != field {
			t.Errorf("%s: got %v", field, err)
		}
	}
}

func golden(t *testing.T) []string {
	t.Helper()
	paths, err := filepath.Glob("testdata/golden/*.json")
	if err != nil || len(paths) < 5 {
		t.Fatalf("golden messages: %v, %v", paths, err)
	}
	return paths
}

func empty(path string) any {
	switch kind, _, _ := strings.Cut(filepath.Base(path), "."); kind {
	case "article":
		return new(events.Article)
	case "enriched":
		return new(events.Enriched)
	case "alert":
		return new(events.Alert)
	}
	return new(events.Dead)
}

func read(t *testing.T, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func decode(t *testing.T, b []byte) any {
	t.Helper()
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func schema(t *testing.T, kind string) *jsonschema.Schema {
	t.Helper()
	c := jsonschema.NewCompiler()
	for _, k := range []string{"article", "enriched", "alert"} {
		b, err := events.Schemas.ReadFile("schema/" + k + ".v1.json")
		if err != nil {
			t.Fatal(err)
		}
		if err := c.AddResource("https://tocsin.news/schema/"+k+".v1.json", decode(t, b)); err != nil {
			t.Fatal(err)
		}
	}
	s, err := c.Compile("https://tocsin.news/schema/" + kind + ".v1.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}
