package ingest

import (
	"context"
	"net"
	"net/http"
	"testing"
	"testing/synctest"
	"time"
)

// lost is a getter of whom the first requests find no name for their host.
type lost struct {
	world
	robots bool // robots.txt is what cannot be reached
	away   time.Duration
	began  time.Time
}

var errNoName = &net.DNSError{Err: "server misbehaving", Name: "a.example", IsTemporary: true}

func (l *lost) Do(r *http.Request) (*http.Response, error) {
	if asked := r.URL.Path == "/robots.txt"; asked == l.robots && time.Since(l.began) < l.away {
		return nil, errNoName
	}
	return l.world.Do(r)
}

// A source that cannot be reached at the start, as when a machine comes up
// before its network, is asked again within half a minute, not at its usual
// time.
func TestASourceThatIsNotReachedIsAskedAgainSoon(t *testing.T) {
	for name, robots := range map[string]bool{"its robots.txt": true, "its feed": false} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := &lost{robots: robots, away: 25 * time.Second, began: time.Now()}
				w.answer = func(int, *http.Request) *http.Response { return reply(200, rss(one)) }
				d, l := realDoor()
				_, stop := start(t, "one", w, newKept[State](), d, Source{ID: "a.example", Feed: "https://a.example/feed"})
				time.Sleep(40 * time.Second)
				stop()
				if len(w.at("a.example")) == 0 || len(l.articles) == 0 {
					t.Error("it was not polled within 40 s, 15 s after it could be")
				}
			})
		})
	}
}

func TestWaitAfterFailures(t *testing.T) {
	away, status := failed(Source{}, &State{}, errNoName), failed(Source{}, &State{}, &StatusError{Code: http.StatusInternalServerError})
	byRule := failed(Source{}, &State{}, forbiddenAddress{})
	for _, c := range []struct {
		name     string
		every    time.Duration
		r        result
		failures int
		want     time.Duration
	}{
		{"no answer", 10 * time.Minute, away, 1, 30 * time.Second},
		{"no answer again", 10 * time.Minute, away, 3, 2 * time.Minute},
		{"no answer for long", 10 * time.Minute, away, 20, time.Hour},
		{"no answer where asked more often", 5 * time.Second, away, 1, 5 * time.Second},
		{"an answer that says no", 10 * time.Minute, status, 1, 10 * time.Minute},
		{"an answer that says no again", 10 * time.Minute, status, 2, 20 * time.Minute},
		{"an address that a rule forbids", 10 * time.Minute, byRule, 1, 10 * time.Minute},
	} {
		st := State{Failures: c.failures}
		if got := st.wait(Source{Every: c.every}, c.r); got != c.want {
			t.Errorf("%s: wait %s, want %s", c.name, got, c.want)
		}
	}
	if r := failed(Source{}, &State{}, context.DeadlineExceeded); !r.unreached || r.outcome != pollFailed {
		t.Errorf("silence: %+v", r)
	}
}

// forbiddenAddress is the error of a request that a rule forbids.
type forbiddenAddress struct{}

func (forbiddenAddress) Error() string   { return "the address is private" }
func (forbiddenAddress) Permanent() bool { return true }
