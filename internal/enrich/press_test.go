package enrich_test

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"github.com/tocsin-news/tocsin/pkg/events"
)

// press writes articles of a few kilobytes, each another, with the names,
// numbers, quotations and verbs of news; the same seed writes the same.
type press struct{ *rand.Rand }

func newPress(seed uint64) press { return press{rand.New(rand.NewPCG(seed, 1))} }

type tongue struct {
	lang                             string
	people, bodies, places, sentence []string
}

var tongues = []tongue{{
	lang:   "fr",
	people: strings.Split("Emmanuel Macron|Mark Rutte|Vladimir Poutine|Volodymyr Zelensky|Ursula von der Leyen|Sébastien Lecornu|Farah Dakhlallah|Paul Verdier|Anne Kowalczyk|Jean-Luc Ferrand", "|"),
	bodies: strings.Split("l'OTAN|l'Union européenne|le Kremlin|l'armée ukrainienne|le ministère de la Défense|l'ONU|la Maison Blanche|le Hezbollah|la police|le parquet de Paris", "|"),
	places: strings.Split("Kiev|Bruxelles|Moscou|Odessa|la mer Noire|Varsovie|Tallinn|Beyrouth|Pokrovsk|Strasbourg|La Rochelle", "|"),
	sentence: []string{
		"%[4]d drones ont été abattus dans la nuit au-dessus de %[3]s, a annoncé %[2]s.",
		"« Nous ne céderons pas, et nous répondrons à chaque frappe », a déclaré %[1]s à %[3]s.",
		"Selon %[2]s, un missile de croisière a touché un dépôt de munitions près de %[3]s.",
		"%[1]s a rencontré les ministres de la Défense de l'alliance, réunis à %[3]s depuis mardi.",
		"Les secours cherchaient encore des survivants sous les décombres, %[4]d heures après l'explosion.",
		"%[2]s dément toute implication dans le sabotage du câble sous-marin.",
		"La livraison de %[4]d blindés supplémentaires sera votée par les députés avant la fin du mois.",
		"D'après %[1]s, les négociations sur un cessez-le-feu pourraient reprendre à %[3]s.",
		"Dans les rues de %[3]s, les habitants font la queue devant les boulangeries, malgré le froid et les coupures de courant.",
		"Les sanctions visent %[4]d banques et une vingtaine de navires de la « flotte fantôme ».",
	},
}, {
	lang:   "en",
	people: strings.Split("Emmanuel Macron|Mark Rutte|Vladimir Putin|Volodymyr Zelensky|Ursula von der Leyen|Lloyd Austin|Farah Dakhlallah|Paul Harding|Anna Kowalczyk|John Ferrand", "|"),
	bodies: strings.Split("NATO|the European Union|the Kremlin|the Ukrainian army|the Ministry of Defence|the UN|the White House|Hezbollah|the police|the Pentagon", "|"),
	places: strings.Split("Kyiv|Brussels|Moscow|Odesa|the Black Sea|Warsaw|Tallinn|Beirut|Pokrovsk|Strasbourg|Palm Beach", "|"),
	sentence: []string{
		"%[4]d drones were shot down overnight above %[3]s, %[2]s said.",
		"“We will not give in, and we will answer every strike,” %[1]s said in %[3]s.",
		"According to %[2]s, a cruise missile hit an ammunition depot near %[3]s.",
		"%[1]s met the alliance's defence ministers, who have been gathering in %[3]s since Tuesday.",
		"Rescuers were still looking for survivors under the rubble %[4]d hours after the explosion.",
		"%[2]s denies any role in the sabotage of the undersea cable.",
		"Members of parliament will vote on another %[4]d armoured vehicles before the end of the month.",
		"%[1]s believes that talks on a ceasefire could resume in %[3]s.",
		"In the streets of %[3]s people queue in front of bakeries, in spite of the cold and the power cuts.",
		"The sanctions name %[4]d banks and some twenty ships of the so-called shadow fleet.",
	},
}}

func (p press) pick(list []string) string { return list[p.IntN(len(list))] }

func (p press) line(t tongue, form string) string {
	s := fmt.Sprintf(form+"%[5]s", p.pick(t.people), p.pick(t.bodies), p.pick(t.places), 2+p.IntN(90), "")
	return strings.ToUpper(s[:1]) + s[1:]
}

// article writes one of at least size bytes.
func (p press) article(size int) events.Article {
	t := tongues[p.IntN(len(tongues))]
	a := events.Article{Source: "example.org", Lang: t.lang, URL: fmt.Sprintf("https://example.org/%d", p.Uint64())}
	a.Title = strings.TrimSuffix(p.line(t, p.pick(t.sentence)), ".")
	var b strings.Builder
	for b.Len() < size {
		b.WriteString(p.line(t, p.pick(t.sentence)))
		b.WriteString([]string{" ", " ", " ", "\n\n"}[p.IntN(4)])
	}
	a.Text = strings.TrimSpace(b.String())
	a.ID = events.ArticleID(a.Source, a.URL, a.Title, a.Text)
	return a
}

func (p press) edition(n, size int) []events.Article {
	out := make([]events.Article, n)
	for i := range out {
		out[i] = p.article(size)
	}
	return out
}
