package watch

import (
	"fmt"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"github.com/tocsin-news/tocsin/internal/query"
	"github.com/tocsin-news/tocsin/pkg/events"
)

// Test is an example that a watch carries: an article that its query must
// match (fires) or must not (silent).
type Test struct {
	Fires   bool
	Article events.Article
	// Source is the publisher's country and tier, where the query asks.
	Source query.Source
	Line   int
}

// Enricher understands an article.
type Enricher interface {
	Enrich(events.Article) events.Enriched
}

// Failure is an example that the watch does not keep to.
type Failure struct {
	Watch string
	File  string
	Test  Test
	// Why is what was missing, or what matched and should not.
	Why string
}

func (f Failure) Error() string {
	should := "should stay silent on"
	if f.Test.Fires {
		should = "should fire on"
	}
	return fmt.Sprintf("%s:%d: watch %s %s %q: %s", f.File, f.Test.Line, f.Watch, should, f.Test.Article.Title, f.Why)
}

// Test runs the watch's examples and gives those that fail.
func (w *Watch) Test(by Enricher) []Failure {
	var out []Failure
	for _, t := range w.Tests {
		e := by.Enrich(t.Article)
		x := w.Query.Explain(query.NewView(&e, t.Source))
		if x.Match != t.Fires {
			out = append(out, Failure{Watch: w.Name, File: w.File, Test: t, Why: why(x)})
		}
	}
	return out
}

func why(x query.Explanation) string {
	if !x.Match {
		return "missing " + strings.Join(x.Missing, ", ")
	}
	var terms []string
	for _, e := range x.Evidence {
		terms = append(terms, e.Term)
	}
	return "matched " + strings.Join(terms, ", ")
}

func (d *document) tests(n ast.Node) (out []Test) {
	for _, item := range d.list(n, "tests") {
		d.mapping(item, "a test", map[string]func(ast.Node){
			"fires":  func(n ast.Node) { out = append(out, d.test(n, true)) },
			"silent": func(n ast.Node) { out = append(out, d.test(n, false)) },
		})
	}
	return out
}

func (d *document) test(n ast.Node, fires bool) Test {
	t := Test{Fires: fires, Article: events.Article{Source: "example.org"}}
	t.Line, _ = start(n)
	set := func(to *string, what string) func(ast.Node) {
		return func(n ast.Node) { *to, _ = d.text(n, what) }
	}
	d.mapping(n, "an example", map[string]func(ast.Node){
		"title":   set(&t.Article.Title, "title"),
		"text":    set(&t.Article.Text, "text"),
		"lang":    set(&t.Article.Lang, "lang"),
		"source":  set(&t.Article.Source, "source"),
		"origin":  set(&t.Article.Origin, "origin"),
		"country": set(&t.Source.Country, "country"),
		"tier":    func(n ast.Node) { t.Source.Tier = d.count(n, "tier", 1) },
	})
	if t.Article.Title == "" && t.Article.Text == "" {
		d.fail(n, "add title: and text:", "example holds no words")
	}
	t.Article.ID = events.ArticleID(t.Article.Source, "", t.Article.Title, t.Article.Text)
	return t
}
