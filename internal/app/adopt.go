package app

import (
	"context"
	"fmt"
	"time"

	"go.uber.org/zap"

	"github.com/tocsin-news/tocsin/internal/bus"
	"github.com/tocsin-news/tocsin/internal/watch"
	"github.com/tocsin-news/tocsin/pkg/events"
)

// conduct is what the alerter's fold decides by now, and where it is.
// alerter.mu guards it, so that an article is folded wholly by one rulebook.
type conduct struct {
	books books
	// book is the rulebook that the detector has; due are those that it takes
	// up as it comes to their positions.
	book string
	due  []dueBook
	// folded is the last position that the detector has been given. Up to floor
	// an alerter before this one may have folded.
	folded, floor uint64
	// doubt is why it is not known what counts from where on: then nothing is
	// folded any more.
	doubt error
}

type dueBook struct {
	turn
	rulebook rulebook
}

// adopt has the fold decide by ws and by what c says of publishers, from the
// next article on: whole, or not at all. All changes of the watches come
// through here.
func (x *alerter) adopt(ctx context.Context, c Config, ws []watch.Watch) error {
	next := c.rulebook(ws)
	cfg, err := next.config()
	if err != nil {
		return err
	}
	if _, err := watch.NewSet(ws); err != nil {
		return err
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	if id := next.id(); id != x.books.turns.last().Book {
		if err := x.books.keep(ctx, next); err != nil {
			return fmt.Errorf("the watches stay as they were: they cannot be written down: %w", err)
		}
		if err := x.turn(ctx, dueBook{turn{x.settled(), id}, next}); err != nil {
			return err
		}
	}
	x.watches, x.families = ws, cfg.Families
	return nil
}

// settled is the position up to which it is settled what articles are folded
// by: a change counts behind it.
func (x *alerter) settled() uint64 {
	return max(x.folded, x.floor, x.books.turns.last().After)
}

// turn writes d down and makes it, or lays it by until the fold is there.
func (x *alerter) turn(ctx context.Context, d dueBook) error {
	for {
		err := x.books.turn(ctx, d.After, d.Book)
		if err == nil {
			break
		}
		// The broker may have it or not: nothing is folded until that is known.
		x.log.Error("a change of the watches cannot be written down: trying again", zap.Error(err))
		select {
		case <-time.After(time.Second):
		case <-ctx.Done():
			x.doubt = fmt.Errorf("a change of the watches may be written down or not: %w", err)
			return x.doubt
		}
	}
	x.due = append(x.due, d)
	return x.take(x.folded + 1)
}

// take takes up the rulebooks that are due before the article at seq.
func (x *alerter) take(seq uint64) error {
	for len(x.due) > 0 && x.due[0].After < seq {
		d := x.due[0]
		cfg, err := d.rulebook.config()
		if err != nil {
			return err
		}
		if err := x.detector.Set(cfg); err != nil {
			return err
		}
		x.book, x.due = d.Book, x.due[1:]
	}
	return nil
}

// begin readies the fold at a position of stream: the detector has the rulebook
// named had, and those that counted behind it are due. Then the configured
// watches count behind all that is in the stream, where they are others.
func (x *alerter) begin(ctx context.Context, stream bus.StreamInfo, position uint64, had string) error {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.book, x.due, x.folded, x.floor = had, nil, position, stream.Last
	want := x.app.cfg.rulebook(x.watches)
	id := want.id()
	for _, t := range x.books.turns.from(position) {
		r := want
		if t.Book != id {
			var err error
			if r, err = x.books.get(ctx, t.Book); err != nil {
				x.log.Error("watches of the past cannot be read: articles from here on are judged by others", zap.Uint64("position", t.After), zap.Error(err))
				continue
			}
		}
		x.due = append(x.due, dueBook{t, r})
	}
	if id == x.books.turns.last().Book {
		return x.take(position + 1)
	}
	if err := x.books.keep(ctx, want); err != nil {
		return fmt.Errorf("write down the watches: %w", err)
	}
	after := x.settled()
	if len(x.books.turns.List) == 0 {
		after = 0 // nothing is known of the past: it is judged by today's
	}
	return x.turn(ctx, dueBook{turn{after, id}, want})
}

// again readies the fold to read a stream from its beginning that is not what
// it was. What was judged stays judged; what is new is judged by today's
// rulebook.
func (x *alerter) again(ctx context.Context) error {
	stream, err := x.app.bus.Stream(ctx, events.StreamEnriched)
	if err != nil {
		return err
	}
	x.mu.Lock()
	had := x.book
	x.books.turns = turns{Created: stream.Created}
	x.mu.Unlock()
	return x.begin(ctx, stream, 0, had)
}
