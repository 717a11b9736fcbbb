package ingest

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/tocsin-news/tocsin/internal/egress"
	"github.com/tocsin-news/tocsin/pkg/events"
)

// kept is a Store in memory.
type kept[T any] struct {
	mu     sync.Mutex
	values map[string]T
	revs   map[string]uint64
	rev    uint64
	writes int
	fail   func(op, key string) error
}

func newKept[T any]() *kept[T] {
	return &kept[T]{values: map[string]T{}, revs: map[string]uint64{}}
}

func (k *kept[T]) Get(_ context.Context, key string) (T, uint64, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.fail != nil {
		if err := k.fail("get", key); err != nil {
			var zero T
			return zero, 0, err
		}
	}
	return k.values[key], k.revs[key], nil
}

func (k *kept[T]) Put(_ context.Context, key string, v T, rev uint64) (uint64, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.fail != nil {
		if err := k.fail("put", key); err != nil {
			return 0, err
		}
	}
	if k.revs[key] != rev {
		return 0, ErrConflict
	}
	k.rev++
	k.writes++
	k.values[key], k.revs[key] = v, k.rev
	return k.rev, nil
}

// log is a Publisher that keeps what it is told, once an id.
type log struct {
	mu       sync.Mutex
	articles []events.Article
	ids      map[string]bool
	fail     func(a events.Article) error
	after    func(a events.Article) error
}

func (l *log) Publish(_ context.Context, a events.Article) (bool, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.fail != nil {
		if err := l.fail(a); err != nil {
			return false, err
		}
	}
	if l.ids == nil {
		l.ids = map[string]bool{}
	}
	duplicate := l.ids[a.ID]
	if !duplicate {
		l.ids[a.ID] = true
		l.articles = append(l.articles, a)
	}
	if l.after != nil {
		if err := l.after(a); err != nil {
			return false, err
		}
	}
	return duplicate, nil
}

func (l *log) all() []events.Article {
	l.mu.Lock()
	defer l.mu.Unlock()
	return append([]events.Article(nil), l.articles...)
}

func (l *log) titles() []string {
	var t []string
	for _, a := range l.all() {
		t = append(t, a.Title)
	}
	return t
}

var noon = time.Date(2024, 11, 22, 12, 0, 0, 0, time.UTC)

// newDoor is a door to an empty log at noon.
func newDoor() (*Door, *log, *kept[Record]) {
	l, seen := &log{}, newKept[Record]()
	return &Door{Publisher: l, Seen: seen, Now: func() time.Time { return noon }, Metrics: NewMetrics(nil)}, l, seen
}

// reopened is the door of a process that starts again on the same log.
func (d *Door) reopened() *Door {
	return &Door{Publisher: d.Publisher, Seen: d.Seen, Now: d.Now, Metrics: NewMetrics(nil), Full: d.Full, Origin: d.Origin}
}

var errCrash = errors.New("killed here")

// client reaches loopback.
func client(t testing.TB) Getter {
	t.Helper()
	c, err := egress.New(egress.Config{Allow: []string{"127.0.0.0/8"}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

func serve(t *testing.T, h http.Handler) string {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s.URL
}
