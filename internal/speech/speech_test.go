package speech_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/tocsin-news/tocsin/internal/speech"
	"github.com/tocsin-news/tocsin/internal/token"
	"github.com/tocsin-news/tocsin/pkg/events"
)

// entities are of "PER Mark Rutte", found wherever the words stand.
func entities(title, text string, names []string) []events.Entity {
	var out []events.Entity
	for _, n := range names {
		kind, name, _ := strings.Cut(n, " ")
		e := events.Entity{ID: "id." + strings.ToLower(strings.ReplaceAll(name, " ", "-")), Name: name, Kind: kind}
		for field, s := range map[string]string{events.FieldTitle: title, events.FieldText: text} {
			for at := 0; ; {
				i := strings.Index(s[at:], name)
				if i < 0 {
					break
				}
				e.Mentions = append(e.Mentions, events.Mention{Field: field, Start: at + i, End: at + i + len(name)})
				at += i + len(name)
			}
		}
		out = append(out, e)
	}
	return out
}

func said(title, text, lang string, names []string) []string {
	a := events.Article{Title: title, Text: text}
	var out []string
	for _, s := range speech.Find(a, token.Of(title, text), lang, entities(title, text, names)) {
		out = append(out, fmt.Sprintf("%s %s: %s", s.Stance, s.Speaker, s.Words.Of(a)))
	}
	return out
}

func TestWhoSaysWhat(t *testing.T) {
	for name, c := range map[string]struct {
		lang, title, text string
		names             []string
		want              []string
	}{
		// French
		"a quotation, then the verb and its subject": {
			"fr", "", "« Nous sommes prêts à répondre », a déclaré Mark Rutte à Bruxelles.",
			[]string{"PER Mark Rutte", "LOC Bruxelles"},
			[]string{"quote id.mark-rutte: Nous sommes prêts à répondre"},
		},
		"the speaker, then a colon": {
			"fr", "Emmanuel Macron : « La France ne cédera pas »", "",
			[]string{"PER Emmanuel Macron", "LOC La France"},
			[]string{"quote id.emmanuel-macron: La France ne cédera pas"},
		},
		"a place before a colon is no speaker": {
			"fr", "Ukraine : « La paix est loin »", "",
			[]string{"LOC Ukraine"},
			nil,
		},
		"a pronoun is who spoke last": {
			"fr", "", "« C'est grave », a dit Olaf Scholz. « Nous allons répondre », a-t-il ajouté.",
			[]string{"PER Olaf Scholz"},
			[]string{"quote id.olaf-scholz: C'est grave", "quote id.olaf-scholz: Nous allons répondre"},
		},
		"reported with que": {
			"fr", "", "Emmanuel Macron a affirmé mardi que la France livrerait des missiles.",
			[]string{"PER Emmanuel Macron", "LOC France"},
			[]string{"claim id.emmanuel-macron: la France livrerait des missiles"},
		},
		"selon at the beginning": {
			"fr", "", "Selon le ministère russe de la Défense, douze drones ont été abattus.",
			nil,
			[]string{"claim ministère russe de la Défense: douze drones ont été abattus"},
		},
		"selon at the end": {
			"fr", "", "Douze drones ont été abattus dans la nuit, selon l'OTAN.",
			[]string{"ORG OTAN"},
			[]string{"claim id.otan: Douze drones ont été abattus dans la nuit"},
		},
		"a verb that closes": {
			"fr", "", "Le pont a été détruit, a annoncé Sergueï Lavrov.",
			[]string{"PER Sergueï Lavrov"},
			[]string{"claim id.sergueï-lavrov: Le pont a été détruit"},
		},
		"a denial": {
			"fr", "", "Le Kremlin dément toute implication dans l'attaque.",
			[]string{"ORG Kremlin"},
			[]string{"deny id.kremlin: toute implication dans l'attaque"},
		},
		"a denial in the past": {
			"fr", "", "Moscou a démenti ces accusations.",
			[]string{"LOC Moscou"},
			[]string{"deny id.moscou: ces accusations"},
		},
		"a confirmation": {
			"fr", "", "Volodymyr Zelensky a confirmé la prise de la ville.",
			[]string{"PER Volodymyr Zelensky"},
			[]string{"confirm id.volodymyr-zelensky: la prise de la ville"},
		},
		"what was not confirmed": {
			"fr", "", "L'armée n'a pas confirmé la prise de la ville.",
			[]string{"ORG armée"},
			nil,
		},
		"a case that is confirmed": {"fr", "", "Un cas confirmé de grippe a été déclaré hier.", nil, nil},
		"a spokesman of an organisation": {
			"fr", "", "Le porte-parole de l'OTAN a affirmé que le sommet aurait lieu.",
			[]string{"ORG OTAN"},
			[]string{"claim id.otan: le sommet aurait lieu"},
		},
		"a person's spokesman is another": {
			"fr", "", "Le porte-parole de Vladimir Poutine a affirmé que le sommet aurait lieu.",
			[]string{"PER Vladimir Poutine"},
			[]string{"claim porte-parole de Vladimir Poutine: le sommet aurait lieu"},
		},
		"declaring a war":  {"fr", "", "La Russie a déclaré la guerre aux drones.", []string{"LOC Russie"}, nil},
		"a word set apart": {"fr", "", "L'opération « Tonnerre » a commencé.", nil, nil},
		// English
		"quoted, then name and verb": {
			"en", "", "\"We will not surrender,\" Volodymyr Zelensky said on Monday.",
			[]string{"PER Volodymyr Zelensky"},
			[]string{"quote id.volodymyr-zelensky: We will not surrender"},
		},
		"quoted, then verb and name": {
			"en", "", "“We will not surrender,” said President Volodymyr Zelensky.",
			[]string{"PER Volodymyr Zelensky"},
			[]string{"quote id.volodymyr-zelensky: We will not surrender"},
		},
		"single marks and apostrophes": {
			"en", "'We can't and won't surrender', says Zelensky", "",
			[]string{"PER Zelensky"},
			[]string{"quote id.zelensky: We can't and won't surrender"},
		},
		"single curly marks": {
			"en", "", "‘We don’t agree with it,’ Mark Rutte told reporters.",
			[]string{"PER Mark Rutte"},
			[]string{"quote id.mark-rutte: We don’t agree with it"},
		},
		"said before": {
			"en", "", "Mark Rutte, secretary general of NATO, said: \"We are ready.\"",
			[]string{"PER Mark Rutte", "ORG NATO"},
			[]string{"quote id.mark-rutte: We are ready."},
		},
		"a second quotation goes on": {
			"en", "", "\"We are ready,\" Mark Rutte said. \"We will answer.\"",
			[]string{"PER Mark Rutte"},
			[]string{"quote id.mark-rutte: We are ready", "quote id.mark-rutte: We will answer."},
		},
		"reported with that": {
			"en", "", "The Pentagon said that the missile had fallen into the sea.",
			[]string{"ORG Pentagon"},
			[]string{"claim id.pentagon: the missile had fallen into the sea"},
		},
		"reported without that": {
			"en", "", "Vladimir Putin claims Russia has won the battle.",
			[]string{"PER Vladimir Putin", "LOC Russia"},
			[]string{"claim id.vladimir-putin: Russia has won the battle"},
		},
		"according to": {
			"en", "", "Twelve drones were shot down, according to Ukraine's air force.",
			nil,
			[]string{"claim Ukraine's air force: Twelve drones were shot down"},
		},
		"according to, first": {
			"en", "", "According to the Pentagon, twelve drones were shot down.",
			[]string{"ORG Pentagon"},
			[]string{"claim id.pentagon: twelve drones were shot down"},
		},
		"said closes": {
			"en", "", "Twelve drones were shot down, officials said.",
			nil,
			[]string{"claim officials: Twelve drones were shot down"},
		},
		"denies": {
			"en", "Kremlin denies role in sabotage", "",
			[]string{"ORG Kremlin"},
			[]string{"deny id.kremlin: role in sabotage"},
		},
		"a denial that is reported": {
			"en", "", "Russia denies any role in the sabotage, officials said.",
			[]string{"LOC Russia"},
			[]string{"claim officials: Russia denies any role in the sabotage", "deny id.russia: any role in the sabotage"},
		},
		"confirms": {
			"en", "", "NATO has confirmed the deployment of troops.",
			[]string{"ORG NATO"},
			[]string{"confirm id.nato: the deployment of troops"},
		},
		"declined to confirm":  {"en", "", "NATO declined to confirm the deployment.", []string{"ORG NATO"}, nil},
		"was denied entry":     {"en", "", "Mark Rutte was denied entry to the hall.", []string{"PER Mark Rutte"}, nil},
		"confirmed cases":      {"en", "", "There were ten confirmed cases.", nil, nil},
		"the claims of others": {"en", "", "The claims were investigated by the court.", nil, nil},
		// Others
		"German": {
			"de", "", "„Wir sind bereit“, sagte Olaf Scholz. Der Kreml bestritt die Vorwürfe.",
			[]string{"PER Olaf Scholz", "ORG Kreml"},
			[]string{"quote id.olaf-scholz: Wir sind bereit", "deny id.kreml: die Vorwürfe"},
		},
		"German, the marks turned": {
			"de", "", "»Wir sind bereit«, erklärte Olaf Scholz.",
			[]string{"PER Olaf Scholz"},
			[]string{"quote id.olaf-scholz: Wir sind bereit"},
		},
		"Spanish": {
			"es", "", "Pedro Sánchez aseguró que España enviará ayuda. «Es urgente», afirmó.",
			[]string{"PER Pedro Sánchez"},
			[]string{"claim id.pedro-sánchez: España enviará ayuda"},
		},
		"Italian": {
			"it", "", "\"Siamo pronti a tutto\", ha detto Giorgia Meloni.",
			[]string{"PER Giorgia Meloni"},
			[]string{"quote id.giorgia-meloni: Siamo pronti a tutto"},
		},
		"Dutch": {
			"nl", "", "Volgens de NAVO zijn twaalf drones neergehaald. \"Wij zijn klaar\", zei Mark Rutte.",
			[]string{"PER Mark Rutte", "ORG NAVO"},
			[]string{"claim id.navo: zijn twaalf drones neergehaald", "quote id.mark-rutte: Wij zijn klaar"},
		},
		"Polish": {
			"pl", "", "„Jesteśmy gotowi”, powiedział Donald Tusk. Moskwa zaprzecza oskarżeniom.",
			[]string{"PER Donald Tusk", "LOC Moskwa"},
			[]string{"quote id.donald-tusk: Jesteśmy gotowi", "deny id.moskwa: oskarżeniom"},
		},
		"Portuguese": {
			"pt", "", "O presidente Lula afirmou que o acordo está próximo.",
			[]string{"PER Lula"},
			[]string{"claim id.lula: o acordo está próximo"},
		},
		"Russian": {
			"ru", "", "«Мы готовы ответить», — заявил Сергей Лавров. Кремль опроверг обвинения.",
			[]string{"PER Сергей Лавров", "ORG Кремль"},
			[]string{"quote id.сергей-лавров: Мы готовы ответить", "deny id.кремль: обвинения"},
		},
		"Ukrainian": {
			"uk", "", "Володимир Зеленський заявив, що дрони збито над містом.",
			[]string{"PER Володимир Зеленський"},
			[]string{"claim id.володимир-зеленський: дрони збито над містом"},
		},
		// Marks
		"a speech of two paragraphs": {
			"en", "", "“We are ready.\n\n“We will answer,” Mark Rutte said.",
			[]string{"PER Mark Rutte"},
			[]string{"quote id.mark-rutte: We will answer"},
		},
		"a mark without a partner": {"en", "", "A 5\" gun was found.\nNothing more was said of it.", nil, nil},
		"a language without a lexicon": {
			"sv", "", "Mark Rutte: ”Vi är redo att svara”",
			[]string{"PER Mark Rutte"},
			[]string{"quote id.mark-rutte: Vi är redo att svara"},
		},
		"nothing":                       {"fr", "", "", nil, nil},
		"a verb with nothing behind it": {"en", "", "Moscow denied that", nil, nil},
		"a verb with nothing behind it, in French":  {"fr", "", "Le ministre a démenti que", nil, nil},
		"a speaker and a verb, and nothing is said": {"en", "", "The minister confirmed that.", nil, nil},
	} {
		t.Run(name, func(t *testing.T) {
			if d := cmp.Diff(c.want, said(c.title, c.text, c.lang, c.names)); d != "" {
				t.Errorf("-want +got:\n%s", d)
			}
		})
	}
}

// TestAnyWordsInAnyOrder strings words of saying, names and marks together as
// they come: what is found must be words of the text, whatever it means.
func TestAnyWordsInAnyOrder(t *testing.T) {
	pieces := map[string][]string{
		"fr": strings.Split("a|déclaré|confirme|dément|selon|d'après|que|qu'|il|lui|le|de|à|l'|OTAN|Mark Rutte|Moscou|ministre|porte-parole|« |» |\"|: |, |. |\n|(|– |pas|n'|mardi|été|par|oui|la ville", "|"),
		"en": strings.Split("has|said|confirmed|denies|according to|that|he|him|the|of|to|OTAN|Mark Rutte|Moscow|minister|spokesman|“|”|\"|'|: |, |. |\n|(|– |not|was|'s |Tuesday|yes|the town|claims", "|"),
		"de": strings.Split("hat|sagte|bestätigte|dementiert|laut|zufolge|nach Angaben|teilte|mit|wies|zurück|dass|er|ihm|die|von|OTAN|Mark Rutte|Moskau|Minister|Polizei|„|“|\"|: |, |. |\n|(|– |nicht|wurde|wurden|in|ja|weil|die Stadt", "|"),
		"uk": strings.Split("заявив|підтвердив|заперечує|за словами|що|він|його|у|OTAN|Mark Rutte|міністр|речник|«|»|„|“|: |, |. |\n|не|так|місто", "|"),
	}
	for lang, list := range pieces {
		rng := rand.New(rand.NewPCG(1, uint64(len(lang))))
		for range 4000 {
			var b strings.Builder
			for range 1 + rng.IntN(24) {
				b.WriteString(list[rng.IntN(len(list))])
				b.WriteString([]string{" ", " ", " ", ""}[rng.IntN(4)])
			}
			text := b.String()
			a := events.Article{ID: "1", Source: "s", Title: text, Text: text}
			ents := entities(text, text, []string{"ORG OTAN", "PER Mark Rutte", "LOC Moscou", "LOC Moscow"})
			for _, e := range ents {
				slices.SortFunc(e.Mentions, func(a, b events.Mention) int { return strings.Compare(a.Field, b.Field) })
			}
			e := events.Enriched{Article: a, Lang: lang, Says: speech.Find(a, token.Of(text, text), lang, ents)}
			for _, s := range e.Says {
				if w := s.Words.Of(a); strings.TrimSpace(w) == "" || strings.ContainsAny(s.Speaker, "\n") {
					t.Fatalf("%q: %q by %q", text, w, s.Speaker)
				}
			}
		}
	}
}

func TestTheHostileIsBounded(t *testing.T) {
	for name, text := range map[string]string{
		"marks that open":    strings.Repeat("« “ „ \" ' a ", 20_000),
		"verbs":              strings.Repeat("said ", 50_000),
		"one speaker":        strings.Repeat("NATO said NATO, according to NATO: \"NATO said NATO\". ", 4_000),
		"no sentence's end":  strings.Repeat("he said that they said that ", 10_000),
		"quotations, no end": strings.Repeat("\"a b c\" said ", 20_000),
	} {
		t.Run(name, func(t *testing.T) {
			if got := said("", text, "en", []string{"ORG NATO"}); len(got) > speech.MaxStatements {
				t.Errorf("%d statements", len(got))
			}
		})
	}
}

func FuzzFind(f *testing.F) {
	f.Add("Macron : « Oui, oui »", "« Nous », a déclaré Rutte. Selon l'OTAN, rien. \"x y\" said he", "fr", 3, 9)
	f.Add("'a' said 'b'", "“a\n“b” ’ „x“ »y« \u200b\"", "en", 0, 1)
	f.Add("", "a-t-il dit, dément, selon", "fr", 0, 400)
	f.Fuzz(func(t *testing.T, title, text, lang string, from, length int) {
		if !utf8.ValidString(title) || !utf8.ValidString(text) {
			return
		}
		a := events.Article{ID: "1", Source: "s", Title: title, Text: text}
		ents := entities(title, text, []string{"PER a", "ORG OTAN"})
		if from >= 0 && length > 0 && from < len(text) && length <= len(text)-from {
			ents = append(ents, events.Entity{Name: "n", Kind: events.Location, Mentions: []events.Mention{{Field: events.FieldText, Start: from, End: from + length}}})
		}
		e := events.Enriched{Article: a, Lang: "x", Says: speech.Find(a, token.Of(title, text), lang, ents)}
		for i, s := range e.Says {
			if w := s.Words.Of(a); strings.TrimSpace(w) == "" || !utf8.ValidString(w) || !utf8.ValidString(s.Speaker) {
				t.Errorf("statement %d: %q by %q", i, w, s.Speaker)
			}
		}
	})
}
