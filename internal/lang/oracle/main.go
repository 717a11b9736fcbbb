// Command oracle measures package lang beside lingua-go's low-accuracy mode,
// over the same languages and the same texts, in one run.
//
//	cd internal/lang/oracle && go run . SET.jsonl.gz
//
// SET has lines of {"lang","kind","text"}. It is a module of its own, so that
// lingua's models (128 MB) stay out of Tocsin's.
package main

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/pemistahl/lingua-go"

	"github.com/tocsin-news/tocsin/internal/lang"
)

type text struct{ Lang, Kind, Text string }

func main() {
	if len(os.Args) != 2 {
		log.Fatal("usage: oracle SET.jsonl.gz")
	}
	texts := read(os.Args[1])
	detector := lingua.NewLanguageDetectorBuilder().FromIsoCodes639_1(codes()...).WithLowAccuracyMode().WithPreloadedLanguageModels().Build()
	theirs := func(s string) string {
		l, ok := detector.DetectLanguageOf(s)
		if !ok {
			return lang.Und
		}
		return strings.Replace(strings.ToLower(l.IsoCode639_1().String()), "nb", "no", 1)
	}
	ours := func(s string) string { return lang.Identify("", s) }
	a, slow := measure(texts, theirs)
	b, fast := measure(texts, ours)
	kinds := []string{"title", "short", "snippet", "paragraph", "all"}
	for _, k := range kinds {
		fmt.Printf("%-10s lingua-low %.4f  tocsin %.4f\n", k, a[k], b[k])
	}
	fmt.Printf("speed      %.0f times lingua-low\n", slow.Seconds()/fast.Seconds())
}

// measure gives the accuracy by kind, and the time over all texts.
func measure(texts []text, identify func(string) string) (map[string]float64, time.Duration) {
	identify("warm up")
	right, n := map[string]float64{}, map[string]float64{}
	start := time.Now()
	for _, t := range texts {
		ok := 0.0
		if identify(t.Text) == t.Lang {
			ok = 1
		}
		for _, k := range []string{t.Kind, "all"} {
			right[k] += ok
			n[k]++
		}
	}
	d := time.Since(start)
	for k := range right {
		right[k] /= n[k]
	}
	return right, d
}

// codes are all languages that package lang tells apart.
func codes() []lingua.IsoCode639_1 {
	names := []string{"el", "he", "ko", "ka", "hy", "th", "hi", "bn", "ja", "zh"}
	for _, g := range lang.Groups {
		names = append(names, g.Languages...)
	}
	var out []lingua.IsoCode639_1
	for _, n := range names {
		if n == "no" {
			n = "nb"
		}
		out = append(out, lingua.GetIsoCode639_1FromValue(strings.ToUpper(n)))
	}
	return slices.Compact(out)
}

func read(path string) []text {
	f, err := os.Open(path)
	if err != nil {
		log.Fatal(err)
	}
	z, err := gzip.NewReader(f)
	if err != nil {
		log.Fatal(err)
	}
	var out []text
	for s := bufio.NewScanner(z); s.Scan(); {
		var t text
		if err := json.Unmarshal(s.Bytes(), &t); err != nil {
			log.Fatal(err)
		}
		out = append(out, t)
	}
	return out
}
