// Command calibrate measures how far the scores of the shipped topics can be
// believed, and says which curve would fit better.
//
//	go run ./internal/topic/calibrate < gold.jsonl
//
// A line of gold is {"lang","title","text","label","also"}: label is the
// topic that the text is mainly about, or "none"; also lists further ones. A
// tag of a "none" text is wrong. A tag that is not among a text's labels may
// still be right, for most texts are about several things: the table gives
// both readings, and the truth lies between them.
//
// The curve (slope and middle, in data/00-context.topics) is set by hand and
// rounded; what is printed is a measure to set it by, after Platt,
// "Probabilistic outputs for support vector machines" (1999).
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"os"

	"github.com/tocsin-news/tocsin/internal/token"
	"github.com/tocsin-news/tocsin/internal/topic"
	"github.com/tocsin-news/tocsin/pkg/events"
)

func main() {
	if err := run(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "calibrate:", err)
		os.Exit(1)
	}
}

// gold is a labelled text.
type gold struct {
	Lang, Title, Text, Label string
	Also                     []string
}

// verdict is a tag's score and whether it was right: by the labels alone
// (strict), or counting only what a "none" text was tagged with (lenient).
type verdict struct {
	score           float64
	strict, lenient bool
}

func run(in io.Reader, out io.Writer) error {
	t, err := topic.Builtin()
	if err != nil {
		return err
	}
	threat := map[string]bool{}
	for _, x := range t.Topics() {
		threat[x.ID] = x.Threat
	}
	var all []verdict
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, 4<<20)
	for n := 1; lines.Scan(); n++ {
		var g gold
		if err := json.Unmarshal(lines.Bytes(), &g); err != nil {
			return fmt.Errorf("line %d: %w", n, err)
		}
		a := events.Article{Title: g.Title, Text: g.Text}
		for _, tag := range t.Tag(a, token.Of(a.Title, a.Text), g.Lang, nil) {
			if threat[tag.Topic] {
				all = append(all, verdict{tag.Score, right(tag.Topic, g), g.Label != "none"})
			}
		}
	}
	if err := lines.Err(); err != nil {
		return err
	}
	report(out, all)
	return nil
}

// right reports whether the topic is one of the text's labels, above or below.
func right(tag string, g gold) bool {
	for _, l := range append(g.Also, g.Label) {
		if topic.Below(tag, l) || topic.Below(l, tag) {
			return true
		}
	}
	return false
}

func report(out io.Writer, all []verdict) {
	const bins = 5 // of width 0.1, from 0.5
	var n, strict, lenient [bins + 1]int
	for _, v := range all {
		b := max(0, min(bins, int((v.score-0.5)*10)))
		n[b]++
		strict[b] += count(v.strict)
		lenient[b] += count(v.lenient)
	}
	fmt.Fprintln(out, "score  tags  right by label  right unless none")
	for b := range n {
		if n[b] > 0 {
			of := float64(n[b])
			fmt.Fprintf(out, "%.1f %7d %14.3f %18.3f\n", 0.5+float64(b)/10, n[b], float64(strict[b])/of, float64(lenient[b])/of)
		}
	}
	slope, shift := fit(all)
	fmt.Fprintf(out, "by label, the slope should be %.2f times as steep, and the middle %+.2f slopes away\n", slope, -shift/slope)
}

func count(b bool) int {
	if b {
		return 1
	}
	return 0
}

// fit finds slope and shift such that 1/(1+exp(-(slope x + shift))), x being
// a score's log odds, is most likely: Newton's method on two parameters, in
// short steps.
func fit(all []verdict) (slope, shift float64) {
	slope = 1
	for range 200 {
		var g0, g1, h00, h01, h11 float64
		for _, v := range all {
			s := min(max(v.score, 0.001), 0.999)
			x := math.Log(s / (1 - s))
			p := 1 / (1 + math.Exp(-(slope*x + shift)))
			d, w := float64(count(v.strict))-p, p*(1-p)+1e-9
			g0 += d * x
			g1 += d
			h00 += w * x * x
			h01 += w * x
			h11 += w
		}
		det := h00*h11 - h01*h01
		if det < 1e-12 {
			return slope, shift
		}
		slope += clip((h11*g0 - h01*g1) / det)
		shift += clip((h00*g1 - h01*g0) / det)
	}
	return slope, shift
}

func clip(step float64) float64 { return max(-0.2, min(0.2, step)) }
