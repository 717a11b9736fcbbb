package main

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/tocsin-news/tocsin/internal/app"
	"github.com/tocsin-news/tocsin/internal/watch"
)

type watchSolveCmd struct {
	watchFiles
	On         []string `placeholder:"FILE" sep:"none" required:"" help:"The history, Article or Enriched lines in the order of their time; - is standard input."`
	Budget     string   `placeholder:"N/SPAN" help:"The budget of watches that have none of their own: 1/week, 2/day, 1/month."`
	MaxOrigins int      `placeholder:"N" help:"Ask watches for N origins where they ask for more, for histories of few sources."`
	Output     string   `short:"o" enum:"text,json,yaml" default:"text" help:"text (the clause to write), json, or yaml (the watches with it)."`
}

func (watchSolveCmd) Help() string {
	return `A budget says how many alerts a desk bears; thresholds follow from it and from the history.
Finds, for each watch that has a budget, the loosest thresholds that keep to it: surprise is
tightened first, then origins are raised. All watches run together, as they do live. A watch
keeps to its budget on the history as it was and, where that is of four weeks or more, on the
same articles with their times dealt out anew: whatever clusters there does so by chance.

  tocsin watch solve --on history.jsonl.gz watches/nato.yaml
  tocsin watch solve --on history.jsonl --pack --budget 1/week -o yaml > watches/solved.yaml

Exit status 1 when a watch cannot keep to its budget, or a line could not be read.`
}

// solved is what was found for a watch.
type solved struct {
	Watch    string    `json:"watch"`
	Budget   string    `json:"budget"`
	Clause   string    `json:"when"`
	PerDay   float64   `json:"per_day"`
	ByChance *float64  `json:"per_day_by_chance,omitempty"` // absent where the history is short
	Before   float64   `json:"per_day_before"`
	Articles int       `json:"articles"`
	Days     float64   `json:"days"`
	From     time.Time `json:"from"`
	To       time.Time `json:"to"`
	Error    string    `json:"error,omitempty"`
}

func (c watchSolveCmd) Run(std stdio, root *commands) error {
	cfg, err := root.load()
	if err != nil {
		return err
	}
	watches, err := c.budgeted(cfg)
	if err != nil {
		return usageError{err}
	}
	s := solver{cfg: cfg, maxOrigins: c.MaxOrigins, watches: watches, counted: map[watch.When]counts{}}
	ok, err := history{std: std.silent(), files: c.On, cfg: cfg}.each(s.read)
	if err != nil {
		return err
	}
	if s.span.articles == 0 {
		return usage("there is no article in the history: a budget cannot be solved on nothing")
	}
	if s.span.days() >= firmDays {
		s.chance = dealtAnew(s.history)
	}
	found, err := s.solve()
	if err != nil {
		return err
	}
	for _, x := range found {
		if x.Error != "" {
			fmt.Fprintf(std.err, "tocsin: %s\n", x.Error)
			ok = false
		}
	}
	out := newWriter(std.out)
	return out.done(ok, c.print(out, s, found))
}

// budgeted reads the watches that have a budget, their own or the common one.
func (c watchSolveCmd) budgeted(cfg app.Config) ([]watch.Watch, error) {
	var common watch.Budget
	if c.Budget != "" {
		var err error
		if common, err = watch.ParseBudget(c.Budget); err != nil {
			return nil, err
		}
	}
	all, err := c.watches(cfg)
	if err != nil {
		return nil, err
	}
	with := 0
	for i := range all {
		if all[i].Budget.Per == 0 {
			all[i].Budget = common
		}
		if all[i].Budget.Per > 0 {
			with++
		}
	}
	if with == 0 {
		return nil, fmt.Errorf("none of the %d watches has a budget: write budget: 1/week in one, or say --budget 1/week", len(all))
	}
	return all, nil
}

func (c watchSolveCmd) print(out writer, s solver, found []solved) error {
	switch c.Output {
	case "json":
		for _, x := range found {
			if err := out.write(x); err != nil {
				return err
			}
		}
		return nil
	case "yaml":
		fmt.Fprintf(out.buf, "# Thresholds solved on %s.\n", s.span)
		text, err := watch.YAML(s.watches)
		if err != nil {
			return err
		}
		_, err = out.buf.Write(text)
		return err
	}
	return printSolved(out.buf, s.span, found)
}

func printSolved(w io.Writer, span timespan, found []solved) error {
	fmt.Fprintf(w, "# Solved on %s.\n", span)
	if span.days() < firmDays {
		fmt.Fprintf(w, "# That is little: a baseline wants %d days. Solve again on more.\n", firmDays)
	}
	for _, x := range found {
		chance := ""
		if x.ByChance != nil {
			chance = fmt.Sprintf(", %.3g by chance", *x.ByChance)
		}
		fmt.Fprintf(w, "\n- name: %s\n  budget: %s\n  %s  # %.3g alerts a day%s; %.3g as it stood\n", x.Watch, x.Budget, x.Clause, x.PerDay, chance, x.Before)
	}
	return nil
}

// firmDays is the history that a baseline is fit for seasons with.
const firmDays = 28

// clause writes thresholds as a file of watches has them.
func clause(w watch.When) string {
	parts := []string{fmt.Sprintf("origins: %d", w.Origins)}
	if w.Articles > 0 {
		parts = append(parts, fmt.Sprintf("articles: %d", w.Articles))
	}
	parts = append(parts, "within: "+watch.FormatDuration(w.Within))
	if w.Surprise > 0 {
		parts = append(parts, "surprise: "+strconv.FormatFloat(w.Surprise, 'g', -1, 64))
	}
	return "when: {" + strings.Join(parts, ", ") + "}"
}

// timespan is how much history there is.
type timespan struct {
	articles int
	from, to time.Time
}

func (t *timespan) add(at time.Time) {
	t.articles++
	if t.from.IsZero() || at.Before(t.from) {
		t.from = at
	}
	if at.After(t.to) {
		t.to = at
	}
}

// days is its length; a day at least.
func (t timespan) days() float64 { return max(1, t.to.Sub(t.from).Hours()/24) }

func (t timespan) String() string {
	return fmt.Sprintf("%d articles of %.0f days, %s to %s", t.articles, t.days(), t.from.UTC().Format(time.DateOnly), t.to.UTC().Format(time.DateOnly))
}
