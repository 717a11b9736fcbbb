package bus_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/tocsin-news/tocsin/internal/bus"
	"github.com/tocsin-news/tocsin/internal/bus/bustest"
	"github.com/tocsin-news/tocsin/pkg/events"
)

func TestPublishSaysAThingOnce(t *testing.T) {
	b := bustest.Start(t)
	first, again := say(t, b, 1), say(t, b, 1)
	if first != (bus.Ack{Seq: 1}) || again != (bus.Ack{Seq: 1, Duplicate: true}) {
		t.Errorf("acks %+v and %+v, want sequence 1, then the same as a duplicate", first, again)
	}
	if got := messages(t, b, events.StreamArticles); got != 1 {
		t.Errorf("%d messages, want 1", got)
	}
}

func TestPublishIsACloudEvent(t *testing.T) {
	b := bustest.Start(t)
	say(t, b, 7)
	v, m, err := bus.Last[note](t.Context(), b, "tocsin.article.test")
	if err != nil {
		t.Fatal(err)
	}
	if v.N != 7 || m.ID != "note-7" || m.Type != events.TypeArticle || m.Seq != 1 || m.Stream != events.StreamArticles {
		t.Errorf("got %+v with %+v", v, m)
	}
	for key, want := range map[string]string{
		"ce-specversion": "1.0", "ce-id": "note-7", "ce-type": events.TypeArticle, "ce-source": "/tocsin",
		"datacontenttype": "application/json", "Nats-Msg-Id": "note-7",
	} {
		if got := m.Header[key]; len(got) != 1 || got[0] != want {
			t.Errorf("header %s is %q, want %q", key, got, want)
		}
	}
}

func TestPublishAll(t *testing.T) {
	for _, sync := range []string{"2m", bus.SyncAlways} {
		t.Run("sync "+sync, func(t *testing.T) {
			b := bustest.StartWith(t, bus.Config{Sync: sync}, bus.Hooks{})
			say(t, b, 3)
			var outs []bus.Out
			for n := range 20 {
				outs = append(outs, bus.Out{Subject: "tocsin.article.test", Type: events.TypeArticle, ID: fmt.Sprintf("note-%d", n), Value: note{n}})
			}
			outs = append(outs, outs[19]) // said twice in one breath
			acks, err := bus.PublishAll(t.Context(), b, outs)
			if err != nil {
				t.Fatal(err)
			}
			seqs := map[uint64]bool{}
			for i, a := range acks {
				if want := i == 3 || i == 20; a.Duplicate != want {
					t.Errorf("message %d: duplicate %v, want %v", i, a.Duplicate, want)
				}
				if a.Seq == 0 {
					t.Errorf("message %d has no sequence", i)
				}
				seqs[a.Seq] = true
			}
			if len(seqs) != 20 || messages(t, b, events.StreamArticles) != 20 {
				t.Errorf("%d sequences and %d messages, want 20", len(seqs), messages(t, b, events.StreamArticles))
			}
		})
	}
}

func TestPublishRefuses(t *testing.T) {
	b := bustest.Start(t)
	tests := map[string]struct {
		subject string
		value   any
		want    error
	}{
		"a subject that no stream keeps":         {subject: "other.subject", value: note{}},
		"a value that is not JSON":               {subject: "tocsin.article.test", value: func() {}},
		"a message larger than the broker takes": {subject: "tocsin.article.test", value: make([]byte, 9<<20), want: bus.ErrTooLarge},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := bus.Publish(t.Context(), b, tt.subject, events.TypeArticle, "id", tt.value)
			if err == nil || tt.want != nil && !errors.Is(err, tt.want) {
				t.Errorf("got %v, want an error that is %v", err, tt.want)
			}
		})
	}
}

func TestAppendExpectsTheLastSequence(t *testing.T) {
	b := bustest.Start(t)
	subject := events.Alert{Watch: "nato", ID: "a1"}.Subject()
	version := func(v int, last uint64) (bus.Ack, error) {
		return bus.Append(t.Context(), b, subject, events.TypeAlert, fmt.Sprintf("a1-%d", v), note{v}, last)
	}
	one, err := version(1, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := version(2, one.Seq); err != nil {
		t.Fatal(err)
	}
	// A worker that slept through it all, and decides otherwise.
	if _, err := bus.Append(t.Context(), b, subject, events.TypeAlert, "a1-2-otherwise", note{9}, one.Seq); !errors.Is(err, bus.ErrConflict) {
		t.Errorf("got %v, want ErrConflict", err)
	}
	if again, err := version(2, one.Seq); err != nil || !again.Duplicate {
		t.Errorf("the same decision again: %+v, %v, want a duplicate", again, err)
	}
	if last, err := bus.LastSeq(t.Context(), b, subject); err != nil || last != 2 {
		t.Errorf("last sequence %d, %v, want 2", last, err)
	}
	if last, err := bus.LastSeq(t.Context(), b, "tocsin.alert.nato.other"); err != nil || last != 0 {
		t.Errorf("last sequence of a new alert %d, %v, want 0", last, err)
	}
}
