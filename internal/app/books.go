package app

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/tocsin-news/tocsin/internal/bus"
)

// books keeps every rulebook that the stream's articles were folded by, and
// from which position on each counted. A rulebook is written down before the
// first article is folded by it. So whoever folds the stream again, from a
// snapshot or from the beginning, decides what was decided.
type books struct {
	objects *bus.Objects
	turns   turns
}

// turnsKey names the list of turns in its store; a rulebook's key is its id
// behind bookKey.
const (
	turnsKey = "turns"
	bookKey  = "rulebook-"
)

// turns is which rulebook counted from where on, in the order of the stream.
type turns struct {
	// Created is when the stream was made that the positions are of.
	Created time.Time `json:"created"`
	List    []turn    `json:"turns"`
}

// turn is a change: the articles after a position were folded by Book.
type turn struct {
	After uint64 `json:"after"`
	Book  string `json:"book"`
}

// open reads the list. One that tells of another stream than this is dropped.
func (b *books) open(ctx context.Context, stream bus.StreamInfo) error {
	var known turns
	err := b.read(ctx, turnsKey, &known)
	if err != nil && !errors.Is(err, bus.ErrNotFound) {
		return fmt.Errorf("read from where on which watches count: %w", err)
	}
	if !known.Created.Equal(stream.Created) || known.last().After > stream.Last {
		known = turns{}
	}
	known.Created = stream.Created
	b.turns = known
	return nil
}

// last is the turn that counts at the end; the zero turn when there is none.
func (t turns) last() turn {
	if len(t.List) == 0 {
		return turn{}
	}
	return t.List[len(t.List)-1]
}

// at is the rulebook that the article after position is folded by, "" when
// nothing is known of it.
func (t turns) at(position uint64) string {
	book := ""
	for _, x := range t.List {
		if x.After <= position {
			book = x.Book
		}
	}
	return book
}

// from are the turns that a reader at position has still to make, the one at
// the position itself among them.
func (t turns) from(position uint64) []turn {
	i := slices.IndexFunc(t.List, func(x turn) bool { return x.After >= position })
	if i < 0 {
		return nil
	}
	return t.List[i:]
}

// get reads a rulebook.
func (b *books) get(ctx context.Context, id string) (rulebook, error) {
	var r rulebook
	err := b.read(ctx, bookKey+id, &r)
	return r, err
}

// keep writes a rulebook down, unless it is there.
func (b *books) keep(ctx context.Context, r rulebook) error {
	id := r.id()
	if _, err := b.get(ctx, id); err == nil {
		return nil
	}
	return b.write(ctx, bookKey+id, r)
}

// turn writes down that the articles after a position are folded by the
// rulebook of id, which is kept already. When it fails, the broker may have it
// or not.
func (b *books) turn(ctx context.Context, after uint64, id string) error {
	next := b.turns
	next.List = append(slices.Clone(next.List), turn{after, id})
	if err := b.write(ctx, turnsKey, next); err != nil {
		return err
	}
	b.turns = next
	return nil
}

func (b *books) read(ctx context.Context, key string, v any) error {
	r, err := b.objects.Get(ctx, key)
	if err != nil {
		return err
	}
	defer r.Close()
	data, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	return json.Unmarshal(data, v)
}

func (b *books) write(ctx context.Context, key string, v any) error {
	data, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return b.objects.Put(ctx, key, bytes.NewReader(data))
}
