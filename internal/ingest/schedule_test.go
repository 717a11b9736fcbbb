package ingest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil"
	"go.uber.org/zap"

	"github.com/tocsin-news/tocsin/pkg/events"
)

// world answers requests in memory, so that the clock of a bubble runs it.
type world struct {
	mu     sync.Mutex
	times  map[string][]time.Time
	answer func(n int, r *http.Request) *http.Response
}

func (w *world) Do(r *http.Request) (*http.Response, error) {
	w.mu.Lock()
	if w.times == nil {
		w.times = map[string][]time.Time{}
	}
	key := r.URL.Host
	if r.URL.Path == "/robots.txt" {
		w.mu.Unlock()
		return reply(404, ""), nil
	}
	w.times[key] = append(w.times[key], time.Now())
	n := len(w.times[key])
	w.mu.Unlock()
	resp := w.answer(n, r)
	if resp == nil {
		<-r.Context().Done()
		return nil, r.Context().Err()
	}
	resp.Request = r
	return resp, nil
}

func (w *world) at(host string) []time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return append([]time.Time(nil), w.times[host]...)
}

func reply(code int, body string, header ...string) *http.Response {
	h := http.Header{"Content-Type": {"text/xml"}}
	for n := 0; n+1 < len(header); n += 2 {
		h.Set(header[n], header[n+1])
	}
	return &http.Response{StatusCode: code, Header: h, Body: io.NopCloser(strings.NewReader(body)), Request: &http.Request{}}
}

// start runs an ingestor of sources until the test ends.
func start(t *testing.T, name string, w Getter, states Store[State], d *Door, sources ...Source) (i *Ingestor, stop func()) {
	t.Helper()
	i = &Ingestor{Name: name, Door: d, Fetcher: &Fetcher{Getter: w}, States: states, Log: zap.NewNop(), Metrics: NewMetrics(nil)}
	i.SetSources(sources)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- i.Run(ctx) }()
	var once sync.Once
	stop = func() {
		once.Do(func() {
			cancel()
			if err := <-done; err != nil {
				t.Error(err)
			}
		})
	}
	t.Cleanup(stop)
	return i, stop
}

func gaps(times []time.Time) []time.Duration {
	var g []time.Duration
	for n := 1; n < len(times); n++ {
		g = append(g, times[n].Sub(times[n-1]))
	}
	return g
}

func realDoor() (*Door, *log) {
	d, l, _ := newDoor()
	d.Now = nil
	return d, l
}

func TestTheSchedule(t *testing.T) {
	fresh := func(n int, r *http.Request) *http.Response {
		return reply(200, rss(fmt.Sprintf("https://example.org/%d|Title %d|Text %d", n, n, n)))
	}
	for _, c := range []struct {
		name        string
		every       time.Duration
		answer      func(n int, r *http.Request) *http.Response
		run         time.Duration
		least, most int // polls
	}{
		{"every second", time.Second, fresh, time.Minute, 55, 61},
		{"every five minutes", 5 * time.Minute, fresh, time.Hour, 11, 13},
		{"learned: one new item a poll makes it as often as may be", 0, fresh, 6 * time.Hour, 100, 400},
		{"learned: a silent source is asked once an hour", 0, func(n int, r *http.Request) *http.Response {
			return reply(200, rss("https://example.org/a|Old|news"))
		}, 48 * time.Hour, 50, 90},
		{"unchanged answers keep the schedule", 5 * time.Minute, func(n int, r *http.Request) *http.Response {
			if n == 1 {
				return fresh(n, r)
			}
			return reply(304, "")
		}, time.Hour, 11, 13},
		{"failures back off, to an hour", time.Minute, func(n int, r *http.Request) *http.Response { return reply(500, "") }, 24 * time.Hour, 25, 32},
		{"Retry-After is heeded", time.Minute, func(n int, r *http.Request) *http.Response {
			if n%2 == 1 {
				return reply(429, "", "Retry-After", "3600")
			}
			return fresh(n, r)
		}, 4 * time.Hour, 6, 8},
		{"gone is gone", time.Minute, func(n int, r *http.Request) *http.Response { return reply(410, "") }, 24 * time.Hour, 1, 1},
		{"a server that never answers does not stop the schedule", time.Minute, func(n int, r *http.Request) *http.Response { return nil }, 2 * time.Hour, 6, 24},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := &world{answer: c.answer}
				d, _ := realDoor()
				_, stop := start(t, "one", w, newKept[State](), d, Source{ID: "a.example", Feed: "https://a.example/feed", Every: c.every})
				time.Sleep(c.run)
				stop()
				times := w.at("a.example")
				if n := len(times); n < c.least || n > c.most {
					t.Errorf("%d polls, want %d to %d; gaps %v", n, c.least, c.most, gaps(times))
				}
			})
		})
	}
}

func TestARestartResumes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &world{answer: func(n int, r *http.Request) *http.Response {
			if r.Header.Get("If-None-Match") == `"1"` {
				return reply(304, "")
			}
			return reply(200, rss(one), "ETag", `"1"`)
		}}
		states := newKept[State]()
		d, l := realDoor()
		s := Source{ID: "a.example", Feed: "https://a.example/feed", Every: 10 * time.Minute}
		_, stop := start(t, "one", w, states, d, s)
		time.Sleep(time.Minute)
		stop()
		start(t, "one", w, states, d.reopened(), s)
		time.Sleep(time.Minute)
		if n := len(w.at("a.example")); n != 1 {
			t.Errorf("%d polls: the second process began anew", n)
		}
		time.Sleep(10 * time.Minute)
		if n := len(w.at("a.example")); n != 2 || len(l.all()) != 1 {
			t.Errorf("%d polls, %d articles", n, len(l.all()))
		}
	})
}

func TestTwoIngestorsShareTheSources(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		now := map[string]int{}
		w := &world{answer: func(n int, r *http.Request) *http.Response {
			mu.Lock()
			if now[r.URL.Host]++; now[r.URL.Host] > 1 {
				t.Errorf("%s is polled twice at once", r.URL.Host)
			}
			mu.Unlock()
			time.Sleep(300 * time.Millisecond)
			mu.Lock()
			now[r.URL.Host]--
			mu.Unlock()
			return reply(200, rss(fmt.Sprintf("https://%s/%d|Title %d|Text", r.URL.Host, n, n)))
		}}
		states := newKept[State]()
		d, l := realDoor()
		var sources []Source
		for n := range 40 {
			id := fmt.Sprintf("s%d.example", n)
			sources = append(sources, Source{ID: id, Feed: "https://" + id + "/feed", Every: time.Minute})
		}
		first, stopFirst := start(t, "first", w, states, d, sources...)
		second, _ := start(t, "second", w, states, d.reopened(), sources...)
		time.Sleep(time.Hour)
		a, b := polled(first), polled(second)
		if a+b < 40*50 || a+b > 40*62 || min(a, b) < (a+b)/5 {
			t.Errorf("%d and %d polls", a, b)
		}
		if int(a+b) != len(l.all()) {
			t.Errorf("%d articles of %d polls", len(l.all()), a+b)
		}
		stopFirst()
		time.Sleep(time.Hour)
		if n := polled(second) - b; n < 40*55 {
			t.Errorf("alone, the second made %d polls", n)
		}
	})
}

func TestTheLeaseOfADeadIngestorRunsOut(t *testing.T) {
	for name, want := range map[string]time.Duration{"another": leaseTime, "dead": 0} {
		t.Run("taken up by "+name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := &world{answer: func(n int, r *http.Request) *http.Response { return reply(200, rss(one)) }}
				states := newKept[State]()
				d, _ := realDoor()
				s := Source{ID: "a.example", Feed: "https://a.example/feed", Every: time.Minute}
				st := s.suited(State{})
				st.Owner, st.Until = "dead", time.Now().Add(leaseTime)
				states.Put(t.Context(), s.key(), st, 0)
				began := time.Now()
				start(t, name, w, states, d, s)
				time.Sleep(2 * time.Minute)
				times := w.at("a.example")
				if len(times) == 0 || times[0].Sub(began) < want || times[0].Sub(began) > want+5*time.Second {
					t.Errorf("polled at %v, want after %s", times, want)
				}
			})
		})
	}
}

// The clock was set back a day after the last poll: the source is not left for
// a day.
func TestAClockThatWasSetBackDoesNotStopThePolls(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &world{answer: func(n int, r *http.Request) *http.Response { return reply(200, rss(one)) }}
		states := newKept[State]()
		d, _ := realDoor()
		s := Source{ID: "a.example", Feed: "https://a.example/feed", Every: time.Minute}
		st := s.suited(State{})
		tomorrow := time.Now().Add(24 * time.Hour)
		st.Tried, st.Succeeded, st.Next = tomorrow, tomorrow, tomorrow.Add(time.Minute)
		st.Owner, st.Until = "before", tomorrow.Add(leaseTime)
		states.Put(t.Context(), s.key(), st, 0)
		start(t, "one", w, states, d, s)
		time.Sleep(5 * time.Minute)
		if n := len(w.at("a.example")); n < 4 {
			t.Errorf("%d polls in five minutes", n)
		}
	})
}

func TestAPollThatTakesTooLongIsTheSourcesFailure(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &world{answer: func(n int, r *http.Request) *http.Response { return nil }}
		states := newKept[State]()
		d, _ := realDoor()
		s := Source{ID: "a.example", Feed: "https://a.example/feed", Every: time.Minute}
		start(t, "one", w, states, d, s)
		time.Sleep(pollTime + time.Minute)
		st, _, _ := states.Get(t.Context(), s.key())
		if st.Failures != 1 || !strings.Contains(st.Error, "took longer than 5m0s") {
			t.Errorf("%+v", st)
		}
	})
}

func TestALeaseThatWasLostStopsThePoll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &world{answer: func(n int, r *http.Request) *http.Response { return nil }}
		states := newKept[State]()
		d, _ := realDoor()
		s := Source{ID: "a.example", Feed: "https://a.example/feed", Every: time.Minute}
		start(t, "slow", w, states, d, s)
		time.Sleep(time.Second)
		st, rev, _ := states.Get(t.Context(), s.key())
		st.Owner, st.Until = "thief", time.Now().Add(2*leaseTime)
		if _, err := states.Put(t.Context(), s.key(), st, rev); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Minute)
		st, _, _ = states.Get(t.Context(), s.key())
		if st.Owner != "thief" || len(w.at("a.example")) != 1 {
			t.Errorf("the lease is %q's after %d polls", st.Owner, len(w.at("a.example")))
		}
	})
}

func TestAFullDiskPausesPolling(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &world{answer: func(n int, r *http.Request) *http.Response { return reply(200, rss(one)) }}
		d, _ := realDoor()
		var full sync.Map
		full.Store("is", true)
		d.Full = func() bool { v, _ := full.Load("is"); return v.(bool) }
		start(t, "one", w, newKept[State](), d, Source{ID: "a.example", Feed: "https://a.example/feed", Every: time.Second})
		time.Sleep(time.Minute)
		if n := len(w.at("a.example")); n != 0 {
			t.Errorf("%d polls on a full disk", n)
		}
		full.Store("is", false)
		time.Sleep(time.Minute)
		if n := len(w.at("a.example")); n < 25 {
			t.Errorf("%d polls after it", n)
		}
	})
}

func TestABrokerThatIsAwayLosesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &world{answer: func(n int, r *http.Request) *http.Response { return reply(200, rss(two, one), "ETag", `"1"`) }}
		states := newKept[State]()
		d, l := realDoor()
		away := errors.New("no connection to the broker")
		l.mu.Lock()
		published := 0
		l.fail = func(events.Article) error {
			if published++; published == 2 || published == 3 {
				return away
			}
			return nil
		}
		l.mu.Unlock()
		start(t, "one", w, states, d, Source{ID: "a.example", Feed: "https://a.example/feed", Every: time.Hour})
		time.Sleep(2 * time.Minute)
		if got := strings.Join(l.titles(), " "); got != "First Second" {
			t.Errorf("titles %q", got)
		}
		st, _, _ := states.Get(t.Context(), "a.example")
		if st.Failures != 0 || st.Succeeded.IsZero() {
			t.Errorf("the broker's trouble is laid to the source: %+v", st)
		}
	})
}

func TestSourcesComeAndGo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &world{answer: func(n int, r *http.Request) *http.Response { return reply(200, rss(one)) }}
		d, _ := realDoor()
		a := Source{ID: "a.example", Feed: "https://a.example/feed", Every: time.Second}
		b := Source{ID: "b.example", Feed: "https://b.example/feed", Every: time.Second}
		i, _ := start(t, "one", w, newKept[State](), d, a)
		time.Sleep(10 * time.Second)
		i.SetSources([]Source{b})
		time.Sleep(10 * time.Second)
		n := len(w.at("a.example"))
		if n < 5 || len(w.at("b.example")) < 5 {
			t.Errorf("%d and %d polls", n, len(w.at("b.example")))
		}
		time.Sleep(10 * time.Second)
		if len(w.at("a.example")) != n {
			t.Error("a source that was taken out is polled")
		}
	})
}

func TestHealth(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &world{answer: func(n int, r *http.Request) *http.Response {
			switch r.URL.Host {
			case "bad.example":
				return reply(500, "")
			case "gone.example":
				return reply(410, "")
			}
			return reply(200, rss(one))
		}}
		d, _ := realDoor()
		var sources []Source
		for _, host := range []string{"quiet.example", "bad.example", "gone.example"} {
			sources = append(sources, Source{ID: host, Feed: "https://" + host + "/feed", Every: time.Hour, Tier: 2})
		}
		i, _ := start(t, "one", w, newKept[State](), d, sources...)
		began := time.Now()
		time.Sleep(5 * time.Minute)
		states := func() string {
			all, err := i.Health(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			var s []string
			for _, h := range all {
				s = append(s, h.ID+" "+h.State)
			}
			return strings.Join(s, ", ")
		}
		if got := states(); got != "bad.example failing, gone.example gone, quiet.example ok" {
			t.Error(got)
		}
		time.Sleep(31 * 24 * time.Hour)
		if got := states(); got != "bad.example failing, gone.example gone, quiet.example silent" {
			t.Error(got)
		}
		all, _ := i.Health(t.Context())
		q := all[2]
		if q.SilentSince.Sub(began) > time.Minute || q.Every != 3600 || q.Accepted != 1 || q.NextPoll.Before(time.Now()) {
			t.Errorf("%+v", q)
		}
		if b := all[0]; b.Failures < 10 || !strings.Contains(b.Error, "500") || !b.LastSuccess.IsZero() {
			t.Errorf("%+v", b)
		}
	})
}

func polled(i *Ingestor) int {
	return int(testutil.ToFloat64(i.Metrics.Polls.WithLabelValues(string(pollNew))) + testutil.ToFloat64(i.Metrics.Polls.WithLabelValues(string(pollSame))))
}
