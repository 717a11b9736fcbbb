package topic

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// contract is the topics that other programs rely on.
const contract = `conflict.war conflict.airstrike conflict.ceasefire conflict.airspace conflict.border conflict.maritime
	military.deployment military.exercise military.procurement weapons.missile weapons.nuclear weapons.chemical
	weapons.drone weapons.transfer terrorism.attack terrorism.plot cyber.attack hybrid.sabotage hybrid.disinformation
	espionage diplomacy.alliance diplomacy.summit diplomacy.negotiation sanctions coup protest.unrest disaster`

func TestTheShippedTaxonomy(t *testing.T) {
	tax := builtinTaxonomy(t)
	t.Run("has every topic that other programs rely on", func(t *testing.T) {
		for id := range strings.FieldsSeq(contract) {
			if !tax.Has(id) {
				t.Errorf("%s is missing", id)
			}
		}
	})
	t.Run("is a tree with names in English and French", func(t *testing.T) {
		for _, x := range tax.Topics() {
			if i := strings.LastIndexByte(x.ID, '.'); i > 0 && !tax.Has(x.ID[:i]) {
				t.Errorf("%s has no topic above it", x.ID)
			}
			if x.Names["en"] == "" || x.Names["fr"] == "" {
				t.Errorf("%s lacks a name", x.ID)
			}
		}
	})
	t.Run("has words for every topic, or for one below it, in English and French", func(t *testing.T) {
		for _, x := range tax.Topics() {
			for _, lang := range []string{"en", "fr"} {
				if !slices.ContainsFunc(tax.Topics(), func(y Topic) bool { return Below(y.ID, x.ID) && len(tax.Words(y.ID, lang)) > 0 }) {
					t.Errorf("%s has no words in %s", x.ID, lang)
				}
			}
		}
	})
	t.Run("gives a topic by its id", func(t *testing.T) {
		got, ok := tax.Topic("weapons.missile")
		if _, other := tax.Topic("weapons.spoon"); !ok || other || got.Names["fr"] != "Missiles et roquettes" || !got.Threat {
			t.Errorf("got %+v, %v", got, ok)
		}
	})
	t.Run("speaks the ten languages", func(t *testing.T) {
		if got := strings.Join(tax.Languages(), " "); got != "de en es fr it nl pl pt ru uk" {
			t.Errorf("languages %s", got)
		}
	})
	t.Run("marks sport and weather as no threat", func(t *testing.T) {
		for _, x := range tax.Topics() {
			if want, ok := map[string]bool{"sport": false, "weather": false, "conflict.war": true, "coup": true}[x.ID]; ok && x.Threat != want {
				t.Errorf("%s: threat %v", x.ID, x.Threat)
			}
		}
	})
}

func TestBelow(t *testing.T) {
	for _, c := range []struct {
		topic, parent string
		want          bool
	}{
		{"weapons.missile", "weapons", true},
		{"weapons", "weapons", true},
		{"weaponsmith", "weapons", false},
		{"weapons", "weapons.missile", false},
	} {
		if got := Below(c.topic, c.parent); got != c.want {
			t.Errorf("Below(%s, %s) = %v", c.topic, c.parent, got)
		}
	}
}

// small stands for the shipped taxonomy where a test needs no more of it.
var small = File{"small.topics", []byte(`alone
topic coup
topic espionage
topic weapons
topic weapons.missile
rule weapons.missile/named
  en 3 missile~
`)}

func TestAUsersFile(t *testing.T) {
	const brand = "topic company.brand context\n name en Our brand\nrule company.brand/named\n en 4 Acme\n"
	for name, c := range map[string]struct {
		file, text string
		fires      string
		silent     string
	}{
		"adds a topic of its own":          {brand, "Acme opened a shop.", "company.brand", ""},
		"keeps ours":                       {brand, "A missile hit the port, a second missile the town.", "weapons.missile", "company.brand"},
		"replaces a rule by its name":      {"rule weapons.missile/named\n en 4 zeppelin~\n", "Two zeppelins crossed the sea.", "weapons.missile", ""},
		"drops a rule":                     {"drop rule weapons.missile/named\n", "A missile hit the port, a second missile the town.", "", "weapons.missile"},
		"drops a topic and its children":   {"drop topic weapons\n", "A missile hit the port, a second missile the town.", "", "weapons"},
		"stands alone when it says so":     {"alone\n" + brand, "A missile hit the Acme works.", "company.brand", "weapons.missile"},
		"puts its own words in our topics": {"rule espionage/ours\n en 4 honeytrap~\n", "He fell into a honeytrap.", "espionage", ""},
	} {
		t.Run(name, func(t *testing.T) {
			tax, err := Load(small, File{"user.topics", []byte(c.file)})
			if err != nil {
				t.Fatal(err)
			}
			got := readText(tax, "en", c.text)
			if c.fires != "" && !fired(got, c.fires) {
				t.Errorf("%s is silent: %v", c.fires, topics(got))
			}
			if c.silent != "" && fired(got, c.silent) {
				t.Errorf("%s fires: %v", c.silent, topics(got))
			}
		})
	}
}

func TestAWrongFileIsRefusedWithLineAndHint(t *testing.T) {
	for name, c := range map[string]struct{ file, want string }{
		"a word outside of a block":     {"en 3 missile\n", `user.topics:1: "en" stands outside of any block`},
		"an id in capitals":             {"topic Weapons\n", `user.topics:1: "Weapons" is not a topic's id`},
		"a flag nobody knows":           {"topic a loud\n", `user.topics:1: "loud" is not known of a topic (context or hidden)`},
		"a rule without a word":         {"rule weapons.missile\n", `user.topics:1: "weapons.missile" is not a rule's name`},
		"a rule twice in a file":        {"rule a/b\n\nrule a/b\n", `user.topics:3: rule a/b was written before, at user.topics:1`},
		"a rule for no topic":           {"rule nothing/here\n en 3 x\n", `user.topics:1: rule nothing/here tags "nothing", which is no topic (write: topic nothing)`},
		"a weight that is none":         {"rule coup/x\n en heavy junta\n", `user.topics:2: "heavy" is not a weight`},
		"a weight beyond bounds":        {"rule coup/x\n en 99 junta\n", `user.topics:2: "99" is not a weight`},
		"no terms":                      {"rule coup/x\n en 3\n", `user.topics:2: the line has no terms`},
		"a language that is none":       {"rule coup/x\n english 3 junta\n", `user.topics:2: "english" is not a language`},
		"an open parenthesis":           {"rule coup/x\n en 3 (junta|coup\n", `a parenthesis is not closed`},
		"nested parentheses":            {"rule coup/x\n en 3 (a (b|c))\n", `parentheses do not match`},
		"a mark within a word":          {"rule coup/x\n en 3 ju~nta\n", `a mark stands within a word`},
		"a prefix of two letters":       {"rule coup/x\n en 3 ju*\n", `is too short for *`},
		"NEAR with nothing after it":    {"rule coup/x\n en 3 junta NEAR/4\n", `nothing stands there`},
		"too many NEAR":                 {"rule coup/x\n en 3 a NEAR/1 b NEAR/1 c NEAR/1 d\n", `has more than two NEAR (write two terms)`},
		"a set that is not there":       {"rule coup/x\n en 3 @nobody\n", `user.topics:2: "@nobody": there is no set @nobody in language en`},
		"only optional words":           {"rule coup/x\n en 3 (the|)\n", `may be empty`},
		"an entity of no kind":          {"rule coup/x\n en 3 kind:DOG\n", `is not a kind of entity (PER, ORG, LOC or MISC)`},
		"a damp by a topic not there":   {"topic a\n damp nothing 1\n", `is damped by "nothing", which is no topic`},
		"a damp by a threat":            {"topic a\n damp coup 1\n", `is damped by coup, which is no context`},
		"a drop of nothing":             {"drop rule a/b\n", `there is no rule "a/b" to drop`},
		"an example without a text":     {"rule coup/x\n fires en\n", `an example needs a language and a text`},
		"a curve that is flat":          {"curve 0 3\n", `curve needs a slope and a middle`},
		"alternatives beyond all bound": {"rule coup/x\n en 3 " + strings.Repeat("(a b|c d|e f) ", 9) + "\n", `its alternatives come to more than 2,000 phrases`},
		"nothing left":                  {"alone\n", `has no topic`},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Load(small, File{"user.topics", []byte(c.file)})
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got  %v\nwant %s", err, c.want)
			}
		})
	}
}

func TestLoadFS(t *testing.T) {
	fsys := fstest.MapFS{"mine/a.topics": {Data: []byte("topic company context\n")}}
	tax, err := LoadFS(fsys, "mine/*.topics")
	if err != nil || !tax.Has("company") || !tax.Has("weapons.missile") {
		t.Errorf("company is missing: %v", err)
	}
	if _, err := LoadFS(fsys, "yours/*.topics"); err == nil || !strings.Contains(err.Error(), "no file has such a name") {
		t.Errorf("a pattern without a file: %v", err)
	}
}
