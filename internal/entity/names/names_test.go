package names_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/tocsin-news/tocsin/internal/entity/names"
	"github.com/tocsin-news/tocsin/internal/token"
)

func hashes(words []token.Token) []uint64 {
	out := make([]uint64, len(words))
	for i, w := range words {
		out[i] = w.Hash
	}
	return out
}

// walk lists every name that begins at each word, as "from-to:record".
func walk(s *names.Set, words []token.Token) (out []string) {
	for i := range words {
		n := names.Root(1)
		for k := i; k < len(words); k++ {
			var post uint32
			var longer bool
			n, post, longer = s.Step(n, words[k].Hash)
			for post != 0 {
				var p names.Post
				at := post
				p, post = s.Post(at)
				out = append(out, fmt.Sprintf("%d-%d:%d", i, k+1, p.Record))
			}
			if !longer {
				break
			}
		}
	}
	return out
}

// plain does the same with a map of folded strings and no cleverness.
func plain(dict map[string][]uint32, words []token.Token) (out []string) {
	for i := range words {
		for k := i + 1; k <= len(words); k++ {
			var key []string
			for _, w := range words[i:k] {
				key = append(key, w.Fold)
			}
			for _, r := range dict[strings.Join(key, " ")] {
				out = append(out, fmt.Sprintf("%d-%d:%d", i, k, r))
			}
		}
	}
	return out
}

func TestHitsAreThoseOfAPlainMatcher(t *testing.T) {
	word := rapid.SampledFrom([]string{"new", "york", "times", "of", "london", "la", "Élysée", "НАТО", "kim", "jong"})
	rapid.Check(t, func(t *rapid.T) {
		set, dict := &names.Set{}, map[string][]uint32{}
		for i, n := range rapid.SliceOfN(rapid.SliceOfN(word, 1, 4), 0, 60).Draw(t, "names") {
			words := token.Split(strings.Join(n, " "))
			set.Add(names.Root(1), hashes(words), names.Post{Record: uint32(i)})
			key := token.Fold(strings.Join(n, " "))
			dict[key] = append(dict[key], uint32(i))
		}
		text := token.Split(strings.Join(rapid.SliceOfN(word, 0, 40).Draw(t, "text"), " "))
		if d := cmp.Diff(plain(dict, text), walk(set.Clone(), text)); d != "" {
			t.Fatal(d)
		}
	})
}

func TestASecondPostOfOneNameAndRecordIsMerged(t *testing.T) {
	s := &names.Set{}
	w := hashes(token.Split("NATO"))
	s.Add(names.Root(1), w, names.Post{Record: 7, Langs: 1, Flags: 2})
	s.Add(names.Root(1), w, names.Post{Record: 7, Langs: 4, Flags: 2})
	s.Add(names.Root(1), w, names.Post{Record: 7, Langs: 8, Flags: 3})
	_, at, _ := s.Step(names.Root(1), w[0])
	first, next := s.Post(at)
	second, end := s.Post(next)
	if s.Len() != 2 || first.Langs != 5 || second.Langs != 8 || end != 0 {
		t.Errorf("%d posts: %+v %+v, then %d", s.Len(), first, second, end)
	}
}

// BenchmarkMillion compares finding among a million names with cutting the
// text alone, of whose speed at least half is asked for, and reports the memory
// of a name.
func BenchmarkMillion(b *testing.B) {
	rnd := rand.New(rand.NewPCG(1, 2))
	syllables := strings.Fields("ka lo mi ra ten sur vek dal por ni sha gor bel tra min os ul fen")
	name := func() string {
		var s strings.Builder
		for range 2 + rnd.IntN(3) {
			s.WriteString(syllables[rnd.IntN(len(syllables))])
		}
		return s.String()
	}
	set := &names.Set{}
	for i := range 1_000_000 {
		n := name() + " " + name()
		if i%3 == 0 {
			n += " " + name()
		}
		set.Add(names.Root(1), hashes(token.Split(n)), names.Post{Record: uint32(i)})
	}
	set.Trim()
	var text strings.Builder
	for text.Len() < 3500 {
		text.WriteString(name() + " " + name() + " said. ")
	}
	alone := 0.0
	b.Run("cut", func(b *testing.B) {
		for b.Loop() {
			_ = token.Split(text.String())
		}
		alone = b.Elapsed().Seconds() / float64(b.N)
	})
	b.Run("cut-and-find", func(b *testing.B) {
		for b.Loop() {
			words := token.Split(text.String())
			for i := range words {
				n := names.Root(1)
				for k := i; k < len(words); k++ {
					var longer bool
					if n, _, longer = set.Step(n, words[k].Hash); !longer {
						break
					}
				}
			}
		}
		b.ReportMetric(alone*float64(b.N)/b.Elapsed().Seconds(), "of-cutting")
		b.ReportMetric(0.5, "≥of-cutting")
		b.ReportMetric(float64(set.Bytes())/float64(set.Len()), "B/name")
		b.ReportMetric(64, "≤B/name")
	})
}
