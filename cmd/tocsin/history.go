package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/tocsin-news/tocsin/internal/app"
	"github.com/tocsin-news/tocsin/internal/source"
	"github.com/tocsin-news/tocsin/pkg/events"
)

// line is an Article line or an Enriched line, read in one go. What both have
// stands outermost, so that it hides what is embedded.
type line struct {
	events.Article
	understood
	ID     string  `json:"id"`
	Lang   string  `json:"lang"`
	Origin credits `json:"origin"`
}

// understood stands one step further in than Article, so that no name of a
// field is at one depth twice.
type understood struct{ events.Enriched }

// credits is the origin of an Article (a key) or of an Enriched (a key and the
// words that name it).
type credits struct {
	key   string
	words *events.Origin
}

func (c *credits) UnmarshalJSON(b []byte) error {
	if b[0] == '"' {
		return json.Unmarshal(b, &c.key)
	}
	return json.Unmarshal(b, &c.words)
}

// enriched returns the Enriched that the line is, if it is one.
func (l *line) enriched() (events.Enriched, bool) {
	e := l.Enriched
	if a := e.Article; a.ID == "" && a.Source == "" && a.URL == "" && a.Title == "" && a.Text == "" {
		return e, false
	}
	e.ID, e.Lang, e.Origin = l.ID, l.Lang, l.Origin.words
	return e, true
}

// article returns the Article that the line is.
func (l *line) article() events.Article {
	a := l.Article
	a.ID, a.Lang, a.Origin = l.ID, l.Lang, l.Origin.key
	source.Complete(&a)
	return a
}

// history is articles of the past in files, as they came or enriched.
type history struct {
	std   stdio
	files []string
	cfg   app.Config
	// until, when set, is the end: what came later is passed over.
	until time.Time
}

// silent is what a command reads with that writes only at its end: a bar of
// progress has the terminal to itself till then.
func (s stdio) silent() stdio {
	s.out = io.Discard
	return s
}

var errStopped = errors.New("stopped")

// each hands over the history in batches, in its order, while the next batch is
// read. Articles are enriched on all cores. ok reports that every line was good
// and every article had a time.
func (h history) each(take func([]events.Enriched) error) (ok bool, err error) {
	batches, stop := make(chan []events.Enriched, 1), make(chan struct{})
	var reader sync.WaitGroup
	var readErr error
	reader.Go(func() {
		defer close(batches)
		r := &historyReader{history: h, give: func(b []events.Enriched) error {
			select {
			case batches <- b:
				return nil
			case <-stop:
				return errStopped
			}
		}}
		ok, readErr = r.read()
	})
	for b := range batches {
		if err = take(b); err != nil {
			close(stop)
			break
		}
	}
	reader.Wait()
	if err == nil {
		err = readErr
	}
	return ok, err
}

// historyReader fills batches.
type historyReader struct {
	history
	give    func([]events.Enriched) error
	side    *sideBySide
	batch   []events.Enriched
	undated int
}

func (r *historyReader) read() (ok bool, err error) {
	ok, err = eachLine(r.std, r.files, r.line)
	if err == nil && r.side != nil {
		err = r.side.flush()
	}
	if err == nil && len(r.batch) > 0 {
		err = r.give(r.batch)
	}
	if r.undated > mostTold {
		fmt.Fprintf(r.std.err, "tocsin: %d articles without a time were left out\n", r.undated)
	}
	return ok && r.undated == 0, err
}

func (r *historyReader) line(l line) error {
	e, ok := l.enriched()
	switch {
	case !ok && r.side == nil:
		u, err := app.Understand(r.cfg) // not before it is needed: it takes a while
		if err != nil {
			return usageError{err}
		}
		r.side = &sideBySide{enrich: u.Enrich, take: r.take}
		fallthrough
	case !ok:
		a := l.article()
		if !r.wanted(a) {
			return nil
		}
		return r.side.add(a)
	case !r.wanted(e.Article):
		return nil
	case r.side != nil:
		if err := r.side.flush(); err != nil {
			return err
		}
	}
	return r.take(e)
}

// mostTold is how many articles without a time are told of one by one.
const mostTold = 10

func (r *historyReader) wanted(a events.Article) bool {
	at := a.StreamTime()
	if !at.IsZero() {
		return r.until.IsZero() || at.Before(r.until)
	}
	if r.undated++; r.undated <= mostTold {
		fmt.Fprintf(r.std.err, "tocsin: article %s has neither fetched_at nor published_at: left out\n", a.ID)
	}
	return false
}

func (r *historyReader) take(e events.Enriched) error {
	if r.batch = append(r.batch, e); len(r.batch) < sideBatch {
		return nil
	}
	full := r.batch
	r.batch = make([]events.Enriched, 0, sideBatch)
	return r.give(full)
}

// day is a day of a command line.
type day struct{ time.Time }

func (d *day) UnmarshalText(b []byte) (err error) {
	if d.Time, err = time.Parse(time.DateOnly, string(b)); err != nil {
		return fmt.Errorf("%q is no day: write 2024-11-23", b)
	}
	return nil
}

// after is the moment at which the day is over; zero for no day.
func (d day) after() time.Time {
	if d.IsZero() {
		return time.Time{}
	}
	return d.AddDate(0, 0, 1)
}
