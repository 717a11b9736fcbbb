package bus_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/tocsin-news/tocsin/internal/bus"
	"github.com/tocsin-news/tocsin/internal/bus/bustest"
)

func TestBucketComparesAndSets(t *testing.T) {
	b := bustest.Start(t)
	ctx := t.Context()
	k, err := bus.OpenBucket[note](ctx, b, bus.Sources)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, ok, err := k.Get(ctx, "a"); ok || err != nil {
		t.Errorf("an absent key: %v, %v", ok, err)
	}
	rev, err := k.Create(ctx, "a", note{1})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := k.Create(ctx, "a", note{2}); !errors.Is(err, bus.ErrConflict) {
		t.Errorf("create again: %v, want ErrConflict", err)
	}
	next, err := k.Update(ctx, "a", note{3}, rev)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := k.Update(ctx, "a", note{4}, rev); !errors.Is(err, bus.ErrConflict) {
		t.Errorf("update of an old revision: %v, want ErrConflict", err)
	}
	if v, r, ok, err := k.Get(ctx, "a"); v.N != 3 || r != next || !ok || err != nil {
		t.Errorf("got %v %v %v %v", v, r, ok, err)
	}
	if err := k.DeleteRev(ctx, "a", rev); !errors.Is(err, bus.ErrConflict) {
		t.Errorf("delete of an old revision: %v, want ErrConflict", err)
	}
	if err := k.Delete(ctx, "a"); err != nil {
		t.Fatal(err)
	}
	if _, err := k.Create(ctx, "a", note{5}); err != nil {
		t.Errorf("create after delete: %v", err)
	}
}

func TestBucketTakesAnyKey(t *testing.T) {
	b := bustest.Start(t)
	ctx := t.Context()
	k, err := bus.OpenBucket[string](ctx, b, bus.Seen)
	if err != nil {
		t.Fatal(err)
	}
	keys := []string{"plain", "a.b.c", ".dot", "dot.", "a..b", "https://example.org/a?b=c d", "clé>*", "=41", "\x00\xff"}
	for _, key := range keys {
		if _, err := k.Put(ctx, key, key); err != nil {
			t.Errorf("put %q: %v", key, err)
		}
	}
	got, err := k.Keys(ctx)
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(got)
	slices.Sort(keys)
	if !slices.Equal(got, keys) {
		t.Errorf("keys %q, want %q", got, keys)
	}
}

func TestBucketWatchTellsWhatIsAndWhatComes(t *testing.T) {
	b := bustest.Start(t)
	ctx := t.Context()
	k, err := bus.OpenBucket[note](ctx, b, bus.Watches)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := k.Put(ctx, "one", note{1}); err != nil {
		t.Fatal(err)
	}
	enough := errors.New("enough")
	var told []bus.Entry[note]
	live := 0
	err = k.Watch(ctx, func(e bus.Entry[note], err error) error {
		told = append(told, e)
		if len(told) == 3 {
			return enough
		}
		return err
	}, func() {
		live = len(told)
		if _, err := k.Put(context.WithoutCancel(ctx), "two", note{2}); err != nil {
			t.Error(err)
		}
		if err := k.Delete(context.WithoutCancel(ctx), "one"); err != nil {
			t.Error(err)
		}
	})
	if !errors.Is(err, enough) || live != 1 {
		t.Fatalf("%v, live after %d, want after 1", err, live)
	}
	if told[0].Value.N != 1 || told[1].Key != "two" || !told[2].Deleted || told[2].Key != "one" {
		t.Errorf("told %+v", told)
	}
}

func TestObjectsAreWholeOrNotAtAll(t *testing.T) {
	b := bustest.Start(t)
	ctx := t.Context()
	o, err := bus.OpenObjects(ctx, b, bus.Snapshots)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := o.Get(ctx, "detector"); !errors.Is(err, bus.ErrNotFound) {
		t.Errorf("nothing there: %v, want ErrNotFound", err)
	}
	noise := rand.NewChaCha8([32]byte{1})
	for size := range []int{0, 1, 1 << 20} {
		want := make([]byte, size*700_000)
		_, _ = noise.Read(want)
		if err := o.Put(ctx, "detector", bytes.NewReader(want)); err != nil {
			t.Fatal(err)
		}
		r, err := o.Get(ctx, "detector")
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(r)
		if err := errors.Join(err, r.Close()); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%d bytes came back as %d, %v", len(want), len(got), err)
		}
	}
	broken := io.MultiReader(bytes.NewReader([]byte("half")), failing{})
	if err := o.Put(ctx, "detector", broken); err == nil {
		t.Error("a reader that failed was kept")
	}
	r, err := o.Get(ctx, "detector")
	if err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(r); err != nil || len(got) != 1_400_000 {
		t.Errorf("after a failed put %d bytes, %v, want those before", len(got), err)
	}
	_ = r.Close()
}

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, errors.New("torn") }
