package ingest

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"testing"
)

// What the door costs an article, beside the least that any door must do:
// write it as JSON and hash it. Stores are in memory: this is our own time.
func BenchmarkDoor(b *testing.B) {
	offers := make([]Offer, 4096)
	for n := range offers {
		offers[n] = offer(fmt.Sprint(n), fmt.Sprint("Talks open in Oslo, day ", n), long+fmt.Sprint(n))
	}
	b.Run("new article", func(b *testing.B) {
		d, _, _ := newDoor()
		for n := 0; b.Loop(); n++ {
			o := offers[n%len(offers)]
			o.Article.URL += fmt.Sprint("/", n/len(offers))
			o.Article.Text += fmt.Sprint(n)
			if r, err := d.Accept(b.Context(), o); err != nil || r.Outcome != Accepted {
				b.Fatal(r, err)
			}
		}
	})
	b.Run("new article, in rounds of 64", func(b *testing.B) {
		d, _, _ := newDoor()
		round := make([]Offer, 0, 64)
		for n := 0; b.Loop(); n++ {
			o := offers[n%len(offers)]
			o.Article.URL += fmt.Sprint("/", n/len(offers))
			o.Article.Text += fmt.Sprint(n)
			if round = append(round, o); len(round) == cap(round) {
				if _, err := d.AcceptAll(b.Context(), round); err != nil {
					b.Fatal(err)
				}
				round = round[:0]
			}
		}
	})
	b.Run("known article", func(b *testing.B) {
		d, _, _ := newDoor()
		if _, err := d.AcceptAll(b.Context(), offers); err != nil {
			b.Fatal(err)
		}
		for n := 0; b.Loop(); n++ {
			if r, err := d.Accept(b.Context(), offers[n%len(offers)]); err != nil || r.Outcome != Duplicate {
				b.Fatal(r, err)
			}
		}
	})
	b.Run("peer: JSON and SHA-256", func(b *testing.B) {
		for n := 0; b.Loop(); n++ {
			data, err := json.Marshal(offers[n%len(offers)].Article)
			if err != nil {
				b.Fatal(err)
			}
			sha256.Sum256(data)
		}
	})
}
