package watch

import (
	"bytes"
	"encoding/json"
	"strconv"

	"github.com/goccy/go-yaml"
)

// Definition is a watch as its file writes it.
type Definition struct {
	Name         string     `json:"name" yaml:"name"`
	About        string     `json:"about,omitempty" yaml:"about,omitempty"`
	Group        string     `json:"group,omitempty" yaml:"group,omitempty"`
	Query        string     `json:"query" yaml:"query"`
	By           string     `json:"by,omitempty" yaml:"by,omitempty"`
	When         whenClause `json:"when,omitzero" yaml:"when"`
	Level        string     `json:"level,omitempty" yaml:"level,omitempty"`
	Escalate     []stepText `json:"escalate,omitempty" yaml:"escalate,omitempty"`
	ResolveAfter string     `json:"resolve_after,omitempty" yaml:"resolve_after,omitempty"`
	Budget       string     `json:"budget,omitempty" yaml:"budget,omitempty"`
	Tests        []testText `json:"tests,omitempty" yaml:"tests,omitempty"`
}

type whenClause struct {
	Origins  int         `json:"origins,omitempty" yaml:"origins,omitempty"`
	Articles int         `json:"articles,omitempty" yaml:"articles,omitempty"`
	Within   string      `json:"within,omitempty" yaml:"within,omitempty"`
	Surprise json.Number `json:"surprise,omitempty" yaml:"surprise,omitempty"`
}

type stepText struct {
	Origins  int         `json:"origins,omitempty" yaml:"origins,omitempty"`
	Articles int         `json:"articles,omitempty" yaml:"articles,omitempty"`
	Surprise json.Number `json:"surprise,omitempty" yaml:"surprise,omitempty"`
	Level    string      `json:"level" yaml:"level"`
}

type testText struct {
	Fires  *example `json:"fires,omitempty" yaml:"fires,omitempty"`
	Silent *example `json:"silent,omitempty" yaml:"silent,omitempty"`
}

type example struct {
	Title   string `json:"title,omitempty" yaml:"title,omitempty"`
	Text    string `json:"text,omitempty" yaml:"text,omitempty"`
	Lang    string `json:"lang,omitempty" yaml:"lang,omitempty"`
	Source  string `json:"source,omitempty" yaml:"source,omitempty"`
	Origin  string `json:"origin,omitempty" yaml:"origin,omitempty"`
	Country string `json:"country,omitempty" yaml:"country,omitempty"`
	Tier    int    `json:"tier,omitempty" yaml:"tier,omitempty"`
}

// MarshalJSON writes the watch with the keys of its file, every default said.
// The query stands as it was written.
func (w Watch) MarshalJSON() ([]byte, error) { return json.Marshal(w.Definition()) }

// UnmarshalJSON reads what [Watch.MarshalJSON] wrote, or any single watch in
// JSON, as strictly as [LoadOne].
func (w *Watch) UnmarshalJSON(data []byte) error {
	read, err := LoadOne(bytes.NewReader(data), "")
	if err != nil {
		return err
	}
	*w = read
	return nil
}

// YAML writes watches as a file that [Load] reads.
func YAML(ws []Watch) ([]byte, error) {
	out := struct {
		Watches []Definition `yaml:"watches"`
	}{}
	for i := range ws {
		out.Watches = append(out.Watches, ws[i].Definition())
	}
	return yaml.MarshalWithOptions(out, yaml.IndentSequence(true))
}

// Definition is the watch as its file writes it, every default said.
func (w *Watch) Definition() Definition {
	d := Definition{
		Name: w.Name, About: w.About, Group: w.Group, By: w.By, Level: w.Level,
		ResolveAfter: FormatDuration(w.ResolveAfter), Budget: w.Budget.String(),
		When: whenClause{Origins: w.When.Origins, Articles: w.When.Articles, Within: FormatDuration(w.When.Within), Surprise: number(w.When.Surprise)},
	}
	if w.Query != nil {
		d.Query = w.Query.Source
	}
	for _, s := range w.Escalate {
		d.Escalate = append(d.Escalate, stepText{s.Origins, s.Articles, number(s.Surprise), s.Level})
	}
	for _, t := range w.Tests {
		d.Tests = append(d.Tests, t.text())
	}
	return d
}

func (t Test) text() testText {
	e := &example{
		Title: t.Article.Title, Text: t.Article.Text, Lang: t.Article.Lang, Source: t.Article.Source,
		Origin: t.Article.Origin, Country: t.Source.Country, Tier: t.Source.Tier,
	}
	if t.Fires {
		return testText{Fires: e}
	}
	return testText{Silent: e}
}

func number(p float64) json.Number {
	if p == 0 {
		return ""
	}
	return json.Number(strconv.FormatFloat(p, 'g', -1, 64))
}
