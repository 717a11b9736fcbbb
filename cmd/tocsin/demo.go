package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"time"

	"go.uber.org/zap"

	"github.com/tocsin-news/tocsin/internal/app"
	"github.com/tocsin-news/tocsin/internal/bus"
	"github.com/tocsin-news/tocsin/internal/sample"
	"github.com/tocsin-news/tocsin/internal/web"
	"github.com/tocsin-news/tocsin/pkg/events"
)

type demoCmd struct {
	Listen string        `default:"127.0.0.1:8080" placeholder:"ADDR" help:"Address of the console while the demo runs."`
	Keep   bool          `help:"Stay, so that the console can be looked at, until interrupted."`
	Pause  time.Duration `default:"20ms" help:"Pause between two articles."`
}

func (demoCmd) Help() string {
	return `Plays 80 short articles in French and English over three days of November 2024 through the
live pipeline: embedded broker, all three workers, the shipped watches. The outlets are
invented, the events are not. Nothing is kept.

  tocsin demo
  tocsin demo --keep`
}

func (c demoCmd) Run(ctx context.Context, std stdio) error {
	dir, err := os.MkdirTemp("", "tocsin-demo-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	cfg := app.Config{Listen: c.Listen, NATS: bus.Config{Embedded: true, Dir: dir}, Publishers: sample.Sources()}
	a, err := app.New(cfg, app.All, zap.NewNop())
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	ran := make(chan error, 1)
	go func() { ran <- a.Run(ctx) }()
	select {
	case err := <-ran:
		return err
	case <-a.Up():
	}
	err = c.play(ctx, std, a)
	if err == nil && c.Keep {
		fmt.Fprintf(std.out, "\nThe console is on %s — interrupt to end.\n", a.URL())
		<-ctx.Done()
	}
	stop()
	if rerr := <-ran; err == nil {
		err = rerr
	}
	if errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}

// play sends the sample through the pipeline, prints what is decided as it is,
// and explains the loudest alert.
func (c demoCmd) play(ctx context.Context, std stdio, a *app.App) error {
	fmt.Fprintf(std.out, "Tocsin %s plays three days of news from a dozen outlets. Console: %s\n\n", app.Version, a.URL())
	show := demoShow{std: std, board: a.Board()}
	for i, article := range sample.Articles() {
		if err := a.Accept(ctx, article, true); err != nil {
			return err
		}
		if !sleep(ctx, c.Pause) {
			return ctx.Err()
		}
		show.news()
		if i%10 == 9 {
			fmt.Fprintf(std.out, "  %s  %d articles in\n", article.FetchedAt.Format("2 Jan 15:04"), i+1)
		}
	}
	if err := a.Settled(ctx); err != nil {
		return err
	}
	show.news()
	b, err := a.Ledger(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintf(std.out, "\nThe ledger is %s\n", b)
	e, ok := c.loudest(ctx, a)
	if !ok {
		return errors.New("the demo raised no alert: please report this")
	}
	fmt.Fprintf(std.out, "\nWhy this alert, down to the words:\n")
	if err := printExplanation(std.out, e, colours(std.out), shownInDemo); err != nil {
		return err
	}
	fmt.Fprintf(std.out, "\nNext: tocsin demo --keep, and look around in the console; or tocsin up, then tocsin push --sample, or put your own feeds into tocsin.yaml (docs/quickstart.md).\n")
	return nil
}

// shownInDemo is how many articles the demo shows down to their words.
const shownInDemo = 4

// loudest is the alert with the most independent origins, of those that are
// open, if any is.
func (demoCmd) loudest(ctx context.Context, a *app.App) (web.Explanation, bool) {
	var most web.Life
	for _, l := range a.Board().Alerts(web.Filter{}) {
		louder := len(most.Versions) == 0 || l.Open() && !most.Open() || l.Open() == most.Open() && l.Last().Origins > most.Last().Origins
		if louder {
			most = l
		}
	}
	return a.Explain(ctx, most.ID)
}

// demoShow prints the alert versions that are new since it last looked.
type demoShow struct {
	std   stdio
	board *web.Board
	shown map[string]int
}

func (d *demoShow) news() {
	if d.shown == nil {
		d.shown = map[string]int{}
	}
	var news []events.Alert
	for _, l := range d.board.Alerts(web.Filter{}) {
		news = append(news, l.Versions[d.shown[l.ID]:]...)
		d.shown[l.ID] = len(l.Versions)
	}
	slices.SortFunc(news, func(a, b events.Alert) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.ID, b.ID), a.Version-b.Version)
	})
	for _, a := range news {
		_ = printAlert(d.std.out, a)
	}
}

func sleep(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}
