package report

import (
	"fmt"
	"io"
	"slices"
	"text/tabwriter"
	"time"
)

// Text writes the comparison for a person at a terminal.
func (d Difference) Text(w io.Writer) error {
	fmt.Fprintf(w, "%s\n\n", d.History)
	t := tabwriter.NewWriter(w, 0, 4, 2, ' ', tabwriter.AlignRight)
	fmt.Fprint(t, "alerts\ta day\tinfo\televated\thigh\tcritical\tversions\tnear misses\t  watches\n")
	for _, s := range []Side{d.A, d.B} {
		fmt.Fprintf(t, "%d\t%s\t", s.Alerts, perDay(s.PerDay))
		for _, level := range levels {
			fmt.Fprintf(t, "%s\t", some(s.Levels[level]))
		}
		fmt.Fprintf(t, "%d\t%s\t  %s\n", s.Versions, some(s.Misses), printable(s.Name))
	}
	if err := t.Flush(); err != nil {
		return err
	}
	fmt.Fprintf(w, "\n%s\n", d.Verdict())
	for _, only := range []struct {
		name string
		all  []Single
	}{{d.A.Name, d.OnlyA}, {d.B.Name, d.OnlyB}} {
		if len(only.all) == 0 {
			continue
		}
		fmt.Fprintf(w, "\nOnly %s:\n", printable(only.name))
		for _, s := range only.all {
			fmt.Fprintf(w, "  %s  %-9s %s: %s%s\n", s.Opened.UTC().Format(clockForm), s.Level, s.Watch, printable(s.Headline), s.nearly())
		}
	}
	if changed := d.Changed(); len(changed) > 0 {
		fmt.Fprintf(w, "\nBoth, and not alike:\n")
		for _, p := range changed {
			fmt.Fprintf(w, "  %s  %s: %s (%s)\n", p.A.Opened.UTC().Format(clockForm), p.A.Watch, printable(p.A.Headline), p.How())
		}
	}
	return nil
}

const clockForm = "2006-01-02 15:04"

func (s Single) nearly() string {
	if s.Nearly == "" {
		return ""
	}
	return " [the other nearly: " + printable(s.Nearly) + "]"
}

// Changed lists what both tell at another time or level.
func (d Difference) Changed() []Pair {
	return slices.DeleteFunc(slices.Clone(d.Both), Pair.Same)
}

// How says in what B differs from A.
func (p Pair) How() string {
	s := ""
	switch later := p.Later(); {
	case later > 0:
		s = short(later) + " later"
	case later < 0:
		s = short(-later) + " earlier"
	default:
		s = "at the same time"
	}
	if p.A.Level != p.B.Level {
		s += fmt.Sprintf(", %s instead of %s", p.B.Level, p.A.Level)
	}
	if p.A.Watch != p.B.Watch {
		s += ", by " + p.B.Watch
	}
	return s
}

// Verdict is the comparison in a sentence.
func (d Difference) Verdict() string {
	if len(d.OnlyA)+len(d.OnlyB)+len(d.Changed()) == 0 {
		return fmt.Sprintf("They raise the same: %s.", count(len(d.Both), "alert"))
	}
	s := fmt.Sprintf("Both tell of %s; %s only %s, %s only %s.", count(len(d.Both), "alert"), count(len(d.OnlyA), "alert"), printable(d.A.Name), count(len(d.OnlyB), "alert"), printable(d.B.Name))
	var delays []time.Duration
	for _, p := range d.Both {
		delays = append(delays, p.Later())
	}
	if len(delays) == 0 {
		return s
	}
	slices.Sort(delays)
	switch m := delays[len(delays)/2]; {
	case m > 0:
		s += fmt.Sprintf(" Of what both tell, the second comes %s later (median).", short(m))
	case m < 0:
		s += fmt.Sprintf(" Of what both tell, the second comes %s earlier (median).", short(-m))
	default:
		s += " Of what both tell, the median comes at the same moment."
	}
	return s
}

// printable leaves no control character to reach a terminal.
func printable(s string) string {
	out := []rune(s)
	for i, r := range out {
		if r < ' ' || r >= 0x7f && r < 0xa0 || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 {
			out[i] = '\uFFFD'
		}
	}
	return string(out)
}

// Page writes the comparison as one page that stands alone.
func (d Difference) Page(w io.Writer) error {
	return page(w, "compare", struct {
		Difference
		Sides  []Side
		Levels []string
		Lists  []list
	}{d, []Side{d.A, d.B}, levels, []list{{d.A.Name, d.OnlyA}, {d.B.Name, d.OnlyB}}})
}

type list struct {
	Name string
	All  []Single
}
