package detect

import (
	"math/rand/v2"
	"testing"
	"time"
)

func TestTrace(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	h := raid(r)
	d := detector(t, Config{Watches: load(t, missileOnly)})
	first := h.told(r, "bbc.co.uk", 1, day0)
	d.Apply(first, 1)
	got := d.Trace(first.Article.ID)
	if !got.Considered || got.Story == nil || got.Evidence.ID != first.Article.ID || len(got.Watches) != 1 {
		t.Fatalf("%+v", got)
	}
	if w := got.Watches[0]; w.Watch != "missile" || !w.Match || w.Alert != "" || len(w.Clauses) == 0 || w.Clauses[0].Met {
		t.Errorf("before the alert: %+v", w)
	}
	for i, source := range []string{"lemonde.fr", "elpais.com"} {
		d.Apply(h.told(r, source, i+2, day0.Add(time.Duration(i+1)*time.Minute)), uint64(i+2))
	}
	w := d.Trace(first.Article.ID).Watches[0]
	if w.Alert == "" || w.State != "opened" || !w.Clauses[0].Met {
		t.Errorf("in the alert: %+v", w)
	}
	if got := d.Trace("nothing"); got.Considered || got.Story != nil {
		t.Errorf("an article that never came: %+v", got)
	}
}
