package topic

import (
	"strings"
	"testing"

	"github.com/tocsin-news/tocsin/internal/token"
	"github.com/tocsin-news/tocsin/pkg/events"
)

const benchTitle = "Alliance weighs reply after drones cross the border"

// benchText has some 3.5 KB: an article of usual length, with a threat in
// every other sentence.
var benchText = strings.Repeat("Officials said that the aircraft had been seen from the coast shortly before dawn, and that two of them were "+
	"shot down by fighter jets near the river. Residents of the nearest town told reporters that they had heard explosions and then "+
	"nothing for an hour. The prime minister spoke with the leaders of three neighbouring countries and asked for consultations. "+
	"A spokesman for the foreign ministry called the incident a provocation; the ambassador was summoned in the afternoon. "+
	"Farmers went back to their fields, schools opened late, and the trains ran again by noon. Experts see a test of air defences. ", 6)

// BenchmarkRead compares reading a text for topics with cutting it into words.
func BenchmarkRead(b *testing.B) {
	tax := builtinTaxonomy(b)
	a := events.Article{Title: benchTitle, Text: benchText}
	doc := token.Of(a.Title, a.Text)
	size := int64(len(a.Title) + len(a.Text))
	b.Run("cut", func(b *testing.B) {
		b.SetBytes(size)
		b.ReportAllocs()
		for b.Loop() {
			token.Of(a.Title, a.Text)
		}
	})
	for _, lang := range []string{"en", "und"} {
		b.Run("topics "+lang, func(b *testing.B) {
			b.SetBytes(size)
			b.ReportAllocs()
			for b.Loop() {
				tax.Tag(a, doc, lang, nil)
			}
		})
	}
	huge := strings.Repeat(benchText, 70)
	long := token.Of(a.Title, huge)
	b.Run("topics of 250 KB", func(b *testing.B) {
		for b.Loop() {
			tax.Tag(events.Article{Title: a.Title, Text: huge}, long, "en", nil)
		}
	})
}

// BenchmarkBuiltin is what a worker pays at its start.
func BenchmarkBuiltin(b *testing.B) {
	for b.Loop() {
		if _, err := Builtin(); err != nil {
			b.Fatal(err)
		}
	}
}
