package query

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tocsin-news/tocsin/pkg/events"
)

func article(lang, title, text string) *events.Enriched {
	return &events.Enriched{
		Article: events.Article{ID: "a", Source: "news.example.co.uk", Title: title, Text: text},
		Lang:    lang,
	}
}

func parse(t testing.TB, s string) *Query {
	t.Helper()
	q, err := Parse(s)
	if err != nil {
		t.Fatalf("parse %s: %v", s, err)
	}
	return q
}

func TestMatchWords(t *testing.T) {
	const title = "L'OTAN dénonce les missiles de la Corée du Nord"
	const text = "The minister flew to Palm Beach. Korea was quiet; two F-16 jets, and an anti-drone unit, left the U.S. base."
	for name, c := range map[string]struct {
		query string
		want  bool
	}{
		"a word without case":                         {"otan", true},
		"a word without accents":                      {"denonce", true},
		"a word of the text":                          {"minister", true},
		"a word that is only part of one":             {"minist", false},
		"a prefix":                                    {"minist*", true},
		"a prefix of nothing":                         {"ministeria*", false},
		"a phrase":                                    {`"palm beach"`, true},
		"a phrase in another order":                   {`"beach palm"`, false},
		"a phrase does not cross a sentence":          {`"beach korea"`, false},
		"a phrase does not run from title to text":    {`"nord the"`, false},
		"a phrase over a hyphen":                      {`"anti drone"`, true},
		"a hyphenated name":                           {"F-16", true},
		"an acronym with stops":                       {"U.S.", true},
		"a phrase that ends in a prefix":              {`"palm bea"*`, true},
		"the title alone":                             {"title:otan", true},
		"not in the title":                            {"title:minister", false},
		"the text alone":                              {"text:minister", true},
		"not in the text":                             {"text:otan", false},
		"a plain word knows no plural":                {"missile", false},
		"an inflected word does":                      {"missile~", true},
		"an inflected phrase":                         {`"jet left"~`, false},
		"near":                                        {"minister NEAR/4 beach", true},
		"near in the other order":                     {"beach NEAR/4 minister", true},
		"not near enough":                             {"minister NEAR/3 beach", false},
		"near does not run from title to text":        {"nord NEAR/8 minister", false},
		"near takes brackets":                         {`(general OR minister) NEAR/8 ("palm beach" OR paris)`, true},
		"near takes inflected words":                  {`missile~ NEAR/6 "corée du nord"`, true},
		"near nothing":                                {"minister NEAR/8 paris", false},
		"a word is not near itself":                   {"minister NEAR/8 minister", false},
		"near in a chain":                             {"minister NEAR/2 flew NEAR/3 beach", true},
		"and":                                         {"otan AND minister", true},
		"and, one missing":                            {"otan AND paris", false},
		"or":                                          {"paris OR minister", true},
		"not":                                         {"otan NOT paris", true},
		"not, but there":                              {"otan NOT minister", false},
		"a query of only NOT matches what has it not": {"NOT paris", true},
		"not of a bracket":                            {"NOT (otan paris)", true},
	} {
		t.Run(name, func(t *testing.T) {
			v := NewView(article("fr", title, text), Source{})
			if got := parse(t, c.query).Match(v); got != c.want {
				t.Errorf("%s: %v", c.query, got)
			}
		})
	}
}

func TestMatchInflectedForms(t *testing.T) {
	for name, c := range map[string]struct {
		lang, query, text string
		want              bool
	}{
		"an English plural":                       {"en", "missile~", "Three missiles fell", true},
		"an English verb":                         {"en", "attack~", "They attacked, attacking again", true},
		"a French plural":                         {"fr", `"tir de missile"~`, "Des tirs de missiles", true},
		"a French participle with its accent":     {"fr", "attaquer~", "La base attaquée hier", true},
		"a French adjective":                      {"fr", "nucléaire~", "Les armes NUCLEAIRES", true},
		"a French query without accents":          {"fr", "nucleaire~", "Les armes nucléaires", true},
		"a German genitive":                       {"de", "angriff~", "Wegen des Angriffs", true},
		"a Spanish plural":                        {"es", "misil~", "Los misiles cayeron", true},
		"a Russian case":                          {"ru", "ракета~", "Пуск ракеты сорвался", true},
		"a Polish case by its endings":            {"pl", "rakieta~", "Atak rakietami na Kijów", true},
		"a Ukrainian case by its endings":         {"uk", "ракета~", "Удар ракетами вночі", true},
		"the language counts, with its region":    {"en-GB", "missile~", "missiles", true},
		"a plural where the language is not sure": {"und", "missile~", "missiles", true},
		"no form where the language is not sure":  {"und", "attack~", "attacking", false},
		"another word":                            {"en", "missile~", "A mission", false},
		"a German form is none in English":        {"en", "rakete~", "raketen", false},
	} {
		t.Run(name, func(t *testing.T) {
			v := NewView(article(c.lang, "", c.text), Source{})
			if got := parse(t, c.query).Match(v); got != c.want {
				t.Errorf("%s in %q: %v", c.query, c.text, got)
			}
		})
	}
}

func TestMatchFacts(t *testing.T) {
	e := article("fr-CA", "Mark Rutte reçu à Kyiv", "Le chef de l'OTAN, selon l'AFP.")
	e.Entities = []events.Entity{
		{ID: "per.mark-rutte", Name: "Mark Rutte", Kind: events.Person, Country: "NL", Mentions: []events.Mention{{Field: events.FieldTitle, Start: 0, End: 10}}},
		{ID: "Q7184", Name: "NATO", Kind: events.Organisation, Mentions: []events.Mention{{Field: events.FieldText, Start: 13, End: 17}}},
		{ID: "", Name: "Kyiv", Kind: events.Location, Country: "UA"},
	}
	e.Topics = []events.Tag{{Topic: "weapons.missile", Score: 0.9}, {Topic: "diplomacy.alliance.summit", Score: 0.5}}
	e.Kind, e.Origin = "analysis", &events.Origin{Key: "afp"}
	src := Source{Country: "CA", Tier: 2}
	for query, want := range map[string]bool{
		"entity:Q7184": true, "entity:q7184": true, "entity:Q718": false, "entity:per.mark-rutte": true,
		`entity:"Mark Rutte"`: true, "entity:nato": true, `entity:otan`: true, "entity:rutte": false,
		"entity.kind:PER": true, "entity.kind:MISC": false,
		"topic:weapons": true, "topic:weapons.missile": true, "topic:weapons.nuclear": false, "topic:weap": false,
		"topic:diplomacy.alliance": true, "topic:diplomacy.*": true,
		"lang:fr": true, "lang:fr-ca": true, "lang:fr-fr": false, "lang:en": false,
		"source:news.example.co.uk": true, "source:example.co.uk": true, "source:news.exam*": true, "source:example.org": false,
		"country:UA": true, "country:CA": true, "country:NL": true, "country:FR": false,
		"place.country:UA": true, "place.country:CA": false, "source.country:CA": true, "source.country:UA": false,
		"tier:2": true, "tier:<=2": true, "tier:<2": false, "tier:>=3": false, "tier:>1": true, "NOT tier:1": true,
		"kind:analysis": true, "kind:news": false, "origin:afp": true, "origin:AFP": true, "origin:reuters": false,
	} {
		t.Run(query, func(t *testing.T) {
			q := parse(t, query)
			if got := q.Match(NewView(e, src)); got != want {
				t.Errorf("asked alone: %v", got)
			}
			var x Index
			x.Add(q)
			if got := len(x.Match(nil, NewView(e, src))) == 1; got != want {
				t.Errorf("asked through the index: %v", got)
			}
		})
	}
	t.Run("what nobody said is plain news, of a publisher without a tier", func(t *testing.T) {
		v := NewView(article("fr", "x", ""), Source{})
		if !parse(t, "kind:news AND NOT tier:>=1").Match(v) {
			t.Error("did not match")
		}
	})
}

func TestExplain(t *testing.T) {
	e := article("en", "NATO chief meets minister", "Missiles were on the table. NATO said so.")
	v := NewView(e, Source{})
	words := func(x Explanation) (out []string) {
		for _, ev := range x.Evidence {
			for _, m := range ev.Mentions {
				out = append(out, ev.Term+" = "+m.Field+" "+m.Of(e.Article))
			}
		}
		return out
	}
	t.Run("a match shows every term and all its words", func(t *testing.T) {
		x := parse(t, `nato AND (missile~ OR paris) AND chief NEAR/3 minister AND NOT sport`).Explain(v)
		want := []string{"nato = title NATO", "nato = text NATO", `"missile"~ = text Missiles`, "chief NEAR/3 minister = title chief meets minister"}
		if d := cmp.Diff(want, words(x)); !x.Match || d != "" {
			t.Error(x.Match, d)
		}
	})
	t.Run("no match says what was missing", func(t *testing.T) {
		x := parse(t, `nato AND (paris OR rome lang:fr) AND NOT missile~`).Explain(v)
		want := []string{"one of: paris; rome and lang:fr", `must not have "missile"~ (has “Missiles”)`}
		if d := cmp.Diff(want, x.Missing); x.Match || d != "" {
			t.Error(x.Match, d)
		}
	})
}

func TestMatchIsBounded(t *testing.T) {
	e := article("en", "", strings.Repeat("drone ", 40_000))
	v := NewView(e, Source{})
	for _, s := range []string{"drone NEAR/100 drone NEAR/100 drone", "drone~ NEAR/100 dron* NEAR/100 drone", "NOT drone"} {
		q := parse(t, s)
		if x := q.Explain(v); len(x.Evidence) > 1 || len(x.Evidence) == 1 && len(x.Evidence[0].Mentions) > maxMentions {
			t.Errorf("%s: evidence is not bounded", s)
		}
	}
}
