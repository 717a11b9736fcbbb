package entity_test

import (
	"strings"
	"testing"

	"github.com/tocsin-news/tocsin/internal/entity"
	"github.com/tocsin-news/tocsin/internal/token"
	"github.com/tocsin-news/tocsin/pkg/events"
)

// article is 3.5 KB of French news prose of our own.
var article = events.Article{
	Title: "Mark Rutte rencontre Donald Trump à Palm Beach",
	Text: strings.Repeat("Le secrétaire général de l'OTAN s'est entretenu vendredi en Floride avec le président élu américain, a indiqué Farah Dakhlallah, porte-parole de l'Alliance. "+
		"Les deux hommes ont évoqué les liens de la Russie avec la Corée du Nord, dont des soldats combattent dans la région de Koursk, et les missiles tirés contre Dnipro. "+
		"Selon le ministère de la Défense, la réunion du conseil OTAN-Ukraine aura lieu mardi à Bruxelles, au niveau des ambassadeurs, après l'attaque de la veille. "+
		"Le chef de la diplomatie allemande, le général Jean Dupond et plusieurs députés ont demandé que la livraison de ces armes soit débattue avant la fin du mois. ", 6)[:3500],
}

// BenchmarkFind compares finding with cutting the text alone, in one run.
func BenchmarkFind(b *testing.B) {
	f := finder(b)
	doc := token.Of(article.Title, article.Text)
	b.Run("cut", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			_ = token.Of(article.Title, article.Text)
		}
	})
	b.Run("hints", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			_ = f.Base.Hints(nil, doc.Text, "fr")
		}
	})
	b.Run("find", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			_ = f.Find(article, doc, "fr")
		}
	})
	b.Run("base-alone", func(b *testing.B) {
		g := entity.Finder{Base: f.Base}
		for b.Loop() {
			_ = g.Find(article, doc, "fr")
		}
	})
}
