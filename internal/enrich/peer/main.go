// Command peer measures the whole enrichment beside prose, a natural-language
// library in Go, over the same texts, in one run, on one core.
//
//	cd internal/enrich/peer && go run .
//
// The texts are the English articles of the sample, joined to 3.5 KB. Prose
// cuts into words and sentences, tags parts of speech and finds names in
// English; it links nothing and knows no topics. It is measured twice: as its
// manual shows it, and with its model kept between texts. It is a module of
// its own, so that prose stays out of Tocsin's.
package main

import (
	"fmt"
	"log"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/jdkato/prose/v2"

	"github.com/tocsin-news/tocsin/internal/enrich"
	"github.com/tocsin-news/tocsin/internal/entity"
	"github.com/tocsin-news/tocsin/internal/sample"
	"github.com/tocsin-news/tocsin/internal/topic"
	"github.com/tocsin-news/tocsin/pkg/events"
)

const (
	size = 3500
	each = 4 * time.Second
)

func main() {
	runtime.GOMAXPROCS(1)
	articles := joined()
	finder, err := entity.New()
	if err != nil {
		log.Fatal(err)
	}
	topics, err := topic.Builtin()
	if err != nil {
		log.Fatal(err)
	}
	ours := enrich.Enricher{Entities: finder, Topics: topics}
	first, err := prose.NewDocument("A first text, which loads the model.")
	if err != nil {
		log.Fatal(err)
	}
	names := 0
	tocsin := measure("tocsin, whole enrichment", articles, func(a events.Article) { ours.Enrich(a) })
	kept := measure("prose, its model kept", articles, func(a events.Article) {
		doc, err := prose.NewDocument(a.Text, prose.UsingModel(first.Model))
		if err != nil {
			log.Fatal(err)
		}
		names += len(doc.Entities())
	})
	manual := measure("prose, as its manual shows it", articles, func(a events.Article) {
		doc, err := prose.NewDocument(a.Text)
		if err != nil {
			log.Fatal(err)
		}
		names += len(doc.Entities())
	})
	fmt.Printf("tocsin is %.0f times as fast as prose with its model kept, %.0f times as prose by its manual (%d names)\n",
		tocsin/kept, tocsin/manual, names)
}

// measure runs f over the articles, again and again, and prints articles a
// second and the 99th percentile.
func measure(what string, articles []events.Article, f func(events.Article)) float64 {
	f(articles[0])
	runtime.GC()
	var took []time.Duration
	start := time.Now()
	for i := 0; time.Since(start) < each; i++ {
		at := time.Now()
		f(articles[i%len(articles)])
		took = append(took, time.Since(at))
	}
	rate := float64(len(took)) / time.Since(start).Seconds()
	slices.Sort(took)
	fmt.Printf("%-30s %9.1f articles/s, p99 %v\n", what, rate, took[len(took)*99/100].Round(10*time.Microsecond))
	return rate
}

// joined are articles of at least size bytes.
func joined() []events.Article {
	var out []events.Article
	var a events.Article
	var b strings.Builder
	for _, x := range sample.Articles() {
		if x.Lang != "en" && !strings.HasPrefix(x.Lang, "en-") {
			continue
		}
		if b.Len() == 0 {
			a = x
		}
		b.WriteString(x.Text + "\n\n")
		if b.Len() >= size {
			a.Text = b.String()
			out = append(out, a)
			b.Reset()
		}
	}
	if len(out) == 0 {
		log.Fatal("the sample has no English articles")
	}
	return out
}
