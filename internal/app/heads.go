package app

import (
	"context"
	"sync"

	"github.com/cespare/xxhash/v2"

	"github.com/tocsin-news/tocsin/internal/bus"
	"github.com/tocsin-news/tocsin/pkg/events"
)

// heads is the newest version of each alert as the stream has it, and its
// place: what the next version is appended after.
type heads struct {
	mu sync.Mutex
	of map[string]head
}

type head struct {
	version int
	seq     uint64
}

func (h *heads) saw(a events.Alert, seq uint64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.of == nil {
		h.of = map[string]head{}
	}
	if h.of[a.ID].seq < seq {
		h.of[a.ID] = head{a.Version, seq}
	}
}

func (h *heads) get(id string) (version int, seq uint64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	x := h.of[id]
	return x.version, x.seq
}

func (h *heads) forget(id string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.of, id)
}

// index is where in the stream the enriched articles are, by article id. It
// holds the last ones: what a person may still ask about.
type index struct {
	mu   sync.Mutex
	at   map[uint64]uint64 // hash of the id → sequence
	ring []uint64
	next int

	filling sync.Mutex
	full    bool // the articles before this process started were looked through
}

// indexed is how many articles an index holds: some 32 MB.
const indexed = 1 << 19

func (x *index) add(id string, seq uint64) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.at == nil {
		x.at = map[uint64]uint64{}
	}
	h := xxhash.Sum64String(id)
	if was, known := x.at[h]; known {
		x.at[h] = max(was, seq) // of two judgements of an article, the later
		return
	}
	if len(x.ring) < indexed {
		x.ring = append(x.ring, h)
	} else {
		delete(x.at, x.ring[x.next])
		x.ring[x.next] = h
		x.next = (x.next + 1) % indexed
	}
	x.at[h] = seq
}

// reset forgets all: the places are of a stream that is not there any more.
func (x *index) reset() {
	x.filling.Lock()
	defer x.filling.Unlock()
	x.mu.Lock()
	defer x.mu.Unlock()
	x.at, x.ring, x.next, x.full = nil, nil, 0, false
}

func (x *index) get(id string) (uint64, bool) {
	x.mu.Lock()
	defer x.mu.Unlock()
	seq, ok := x.at[xxhash.Sum64String(id)]
	return seq, ok
}

// lookBack is how many articles before this process's start are looked
// through when one of them is asked for.
const lookBack = 50_000

// fill looks through the articles up to position, once.
func (x *index) fill(ctx context.Context, b *bus.Bus, position uint64) error {
	x.filling.Lock()
	defer x.filling.Unlock()
	if x.full || position == 0 {
		return nil
	}
	info, err := b.Stream(ctx, events.StreamEnriched)
	if err != nil || info.Messages == 0 {
		return err
	}
	from, to := info.First, min(position, info.Last)
	if to > lookBack {
		from = max(from, to-lookBack)
	}
	err = scanRange(ctx, b, events.StreamEnriched, from, to, func(e struct {
		Article struct {
			ID string `json:"id"`
		} `json:"article"`
	}, m bus.Meta,
	) {
		x.add(e.Article.ID, m.Seq)
	})
	x.full = err == nil && ctx.Err() == nil
	return err
}
