package topic

import (
	"reflect"
	"strings"
	"testing"

	"github.com/tocsin-news/tocsin/internal/token"
	"github.com/tocsin-news/tocsin/pkg/events"
)

func tag(tax *Taxonomy, title, text, lang string, ents ...events.Entity) []events.Tag {
	return tax.Tag(events.Article{Title: title, Text: text}, token.Of(title, text), lang, ents)
}

func find(tags []events.Tag, topic string) (events.Tag, bool) {
	for _, t := range tags {
		if t.Topic == topic {
			return t, true
		}
	}
	return events.Tag{}, false
}

func TestAFrenchMeetingTellsOfAllianceAndMissiles(t *testing.T) {
	tax := builtinTaxonomy(t)
	got := tag(tax, "Mark Rutte rencontre Donald Trump à Palm Beach",
		"Le secrétaire général de l'OTAN a parlé avec le président élu. L'alliance atlantique s'inquiète des liens entre la Russie "+
			"et la Corée du Nord, et des missiles que Pyongyang pourrait recevoir. « Ces missiles menacent l'Europe et l'Amérique », dit-il.", "fr",
		events.Entity{Name: "Mark Rutte", Kind: events.Person, Mentions: []events.Mention{{Field: "title", Start: 0, End: 10}}},
		events.Entity{Name: "Donald Trump", Kind: events.Person, Mentions: []events.Mention{{Field: "title", Start: 21, End: 33}}})
	for _, topic := range []string{"diplomacy.alliance", "weapons.missile"} {
		if _, ok := find(got, topic); !ok {
			t.Errorf("%s is not tagged: %v", topic, got)
		}
	}
}

func TestWordsThatOnlyLookLikeAThreat(t *testing.T) {
	tax := builtinTaxonomy(t)
	for _, c := range []struct{ lang, title, text string }{
		{"en", "Striker shoots twice as United attack sinks City", "The forward fired a missile of a shot into the top corner; the defence was under siege."},
		{"fr", "La bombe glacée de grand-mère", "Un dessert vanille et framboise : la recette du pâtissier pour une bombe parfaite."},
		{"en", "Union strikes a deal with rail firm", "Rail workers called off their strikes after talks on pay."},
		{"fr", "Grève à la SNCF : des frappes au clavier aux piquets", "Les syndicats appellent à la grève contre la réforme des retraites."},
		{"fr", "Il y a cent ans, la bataille de Verdun", "Les poilus de la Première Guerre mondiale commémorés par une cérémonie : tranchées et obus dans les archives."},
		{"en", "New spy thriller tops the box office", "The film stars an actor as a secret agent who must stop a nuclear bomb."},
		{"en", "Call of Duty video game breaks records", "Gamers fight a war with drones and missiles on the PlayStation."},
		{"fr", "Ligue 1 : une attaque de feu", "L'attaquant a bombardé la cage du gardien, son équipe gagne le match."},
		{"en", "Stars turn out for gala", "It was the bomb, said the singer after the concert; fans stormed the stage of the festival."},
	} {
		for _, g := range tag(tax, c.title, c.text, c.lang) {
			if i := tax.index[g.Topic]; tax.topics[i].Threat {
				t.Errorf("%q is tagged %s %.2f by %s", c.title, g.Topic, g.Score, g.Rule)
			}
		}
	}
}

func TestContexts(t *testing.T) {
	tax := builtinTaxonomy(t)
	for _, c := range []struct{ lang, text, want string }{
		{"fr", "Trente ans après, la ville commémore l'attentat ; une cérémonie d'anniversaire et un hommage aux victimes.", "context.anniversary"},
		{"en", "A training exercise simulated a terror attack at the station; the drill involved police.", "context.drill"},
		{"en", "Opinion: in my view, we must act.", "context.opinion"},
	} {
		if r := readText(tax, c.lang, c.text); !fired(Reading{Tags: r.Contexts}, c.want) {
			t.Errorf("%q: contexts %v", c.text, r.Contexts)
		}
	}
}

func TestEvidence(t *testing.T) {
	tax := builtinTaxonomy(t)
	title, text := "Tir de missile", "« Un missile balistique », dit l'armée : des missiles nord-coréens au-dessus du Japon."
	a := events.Article{Title: title, Text: text}
	got, ok := find(tag(tax, title, text, "fr"), "weapons.missile")
	if !ok {
		t.Fatal("no tag")
	}
	var words []string
	for _, m := range got.Evidence {
		words = append(words, m.Field+":"+m.Of(a))
	}
	if want := []string{"title:missile", "text:missile", "text:missiles"}; !reflect.DeepEqual(words, want) {
		t.Errorf("evidence %v, want %v", words, want)
	}
	if got.Rule != "weapons.missile/named" {
		t.Errorf("rule %s", got.Rule)
	}
}

func TestATextOfNothingHasAnEmptyList(t *testing.T) {
	if got := tag(builtinTaxonomy(t), "", "", "en"); got == nil || len(got) != 0 {
		t.Errorf("got %#v, want an empty list, which is [] in JSON", got)
	}
}

func TestScores(t *testing.T) {
	tax := builtinTaxonomy(t)
	score := func(title, text string) float64 {
		g, _ := find(tag(tax, title, text, "en"), "cyber.attack")
		return g.Score
	}
	inTitle := score("Ransomware at the hospital", "The hospital closed a ward.")
	alone := score("A ward is closed", "The hospital closed a ward.")
	inText := score("A ward is closed", "The hospital blamed ransomware for it.")
	twice := score("A ward is closed", "The hospital blamed ransomware for it. A malware expert came.")
	if !(alone == 0 && inText >= 0.5 && inTitle > inText && twice > inText && twice <= 1) {
		t.Errorf("title %.3f, twice %.3f, once in the text %.3f, never %.3f", inTitle, twice, inText, alone)
	}
}

func TestLanguages(t *testing.T) {
	tax := builtinTaxonomy(t)
	const text = "Ein Cyberangriff mit Ransomware traf die Klinik, sagte die Polizei."
	known, _ := find(tag(tax, "", text, "de"), "cyber.attack")
	unsure, ok := find(tag(tax, "", text, events.Und), "cyber.attack")
	if !ok || unsure.Score >= known.Score {
		t.Errorf("unknown language: %.3f, German: %.3f", unsure.Score, known.Score)
	}
	if region, _ := find(tag(tax, "", text, "de-AT"), "cyber.attack"); region.Score != known.Score {
		t.Errorf("de-AT: %.3f, de: %.3f", region.Score, known.Score)
	}
	if g := tag(tax, "", text, "sv"); len(g) > 0 {
		t.Errorf("German words count in a Swedish text: %v", g)
	}
}

func TestCapitalsInARuleAskForCapitals(t *testing.T) {
	tax, err := Load(small, File{"user.topics", []byte("topic x context\nrule x/y\n fr 4 EI\n")})
	if err != nil {
		t.Fatal(err)
	}
	if !fired(readText(tax, "fr", "Le groupe EI avance."), "x") || fired(readText(tax, "fr", "Le groupe ei avance."), "x") {
		t.Error("EI must match EI and not ei")
	}
}

func TestNearStaysInOneSentence(t *testing.T) {
	tax, err := Load(small, File{"user.topics", []byte("topic x context\nrule x/y\n en 4 alpha NEAR/5 omega\n")})
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]bool{
		"An omega and the alpha.":             true,
		"Alpha came. Omega went.":             false,
		"Alpha one two three four five omega": true,
		"Alpha 1 2 3 4 5 6 omega":             false,
	} {
		if fired(readText(tax, "en", text), "x") != want {
			t.Errorf("%q: want %v", text, want)
		}
	}
}

func TestEntitiesAsEvidence(t *testing.T) {
	tax, err := Load(small, File{"user.topics", []byte("topic x context\nrule x/y\n en 4 entity:Q7184 NEAR/3 kind:LOC\n")})
	if err != nil {
		t.Fatal(err)
	}
	text := "The alliance arrived in Riga today."
	ents := []events.Entity{
		{ID: "Q7184", Kind: events.Organisation, Mentions: []events.Mention{{Field: "text", Start: 4, End: 12}}},
		{Kind: events.Location, Mentions: []events.Mention{{Field: "text", Start: 24, End: 28}, {Field: "text", Start: 900, End: 990}}},
	}
	if _, ok := find(tag(tax, "", text, "en", ents...), "x"); !ok {
		t.Error("the two entities are near each other")
	}
	if _, ok := find(tag(tax, "", text, "en", ents[0]), "x"); ok {
		t.Error("one entity is not enough")
	}
}

func TestHostileTexts(t *testing.T) {
	tax := builtinTaxonomy(t)
	for name, text := range map[string]string{
		"nothing":                "",
		"one word a megabyte":    strings.Repeat("x", 1<<20),
		"one threat again again": strings.Repeat("missile ", 1<<17),
		"invalid UTF-8":          "missile \xff\xfe missile \xc3",
		"marks only":             strings.Repeat("… « » ", 1000),
		"capitals":               "MISSILE STRIKE HITS KYIV AS WAR IN UKRAINE GOES ON",
	} {
		t.Run(name, func(t *testing.T) {
			a := events.Article{Title: text, Text: text}
			for _, g := range tax.Tag(a, token.Of(text, text), events.Und, nil) {
				if len(g.Evidence) == 0 || len(g.Evidence) > maxEvidence*maxSides || g.Score <= 0 || g.Score > 1 {
					t.Errorf("%s: score %v, %d mentions", g.Topic, g.Score, len(g.Evidence))
				}
			}
		})
	}
}

func TestReadingIsTheSameEveryTime(t *testing.T) {
	tax := builtinTaxonomy(t)
	first := tag(tax, benchTitle, benchText, "en")
	other, err := Builtin()
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if again := tag(other, benchTitle, benchText, "en"); !reflect.DeepEqual(first, again) {
			t.Fatalf("%v\nthen %v", first, again)
		}
	}
}

func FuzzRead(f *testing.F) {
	tax := builtinTaxonomy(f)
	f.Add("Missile strike", "A missile hit Kyiv.", "en")
	f.Add("Attentat déjoué", "Le suspect l'a dit.", "fr")
	f.Add("\u200bNA\u200bTO", "О\u0301стрел", "und")
	f.Fuzz(func(t *testing.T, title, text, lang string) {
		a := events.Article{Title: title, Text: text}
		for _, g := range tag(tax, title, text, lang) {
			for _, m := range g.Evidence {
				if m.Of(a) == "" {
					t.Fatalf("%s: evidence %v points at nothing", g.Topic, m)
				}
			}
		}
	})
}

func FuzzLoad(f *testing.F) {
	f.Add([]byte("topic a\nrule a/b\n en 3 x~ (y|z w|) NEAR/3 @s\nset s\n en q*\nignore\n fr d'été\n"))
	f.Add([]byte("alone\ntopic a context\n damp a 2\ndrop topic a\ncurve 1 2\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		var d draft
		if d.parse(File{"user.topics", data}) != nil {
			return
		}
		if tax, err := d.compile(); err == nil {
			readText(tax, "en", string(data))
		}
	})
}
