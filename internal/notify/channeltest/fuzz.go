package channeltest

import (
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/tocsin-news/tocsin/pkg/events"
)

// Fuzz puts any text into any field, and reads what the service is sent with
// k.Parse.
func Fuzz(f *testing.F, k Kind) {
	for i, h := range Hostile {
		f.Add(h, Hostile[(i+1)%len(Hostile)], "https://example.org/"+h)
	}
	bodies := make(chan []byte, 1)
	s := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		bodies <- b
	}))
	f.Cleanup(s.Close)
	f.Fuzz(func(t *testing.T, one, two, address string) {
		m := Message()
		a := &m.Alert
		a.Headline, a.Reason, a.Changed, a.Missing, a.Watch, a.State = one, two, one, two, one, two
		a.Articles = []events.Evidence{{Title: one, URL: address, Source: two, Origin: one, Why: two}, {Title: two, URL: one}}
		if err := k.Open(t, s.URL, k.Secret).Send(t.Context(), m); err != nil {
			t.Fatal(err)
		}
		k.Parse(t, <-bodies)
	})
}
