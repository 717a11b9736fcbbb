package detect

import (
	"bytes"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/tocsin-news/tocsin/pkg/events"
)

// twoWatches are of one group, or of none.
const twoWatches = `
watches:
  - name: arms
    group: desk
    query: topic:weapons
    when: {origins: 3, within: 2h}
    level: elevated
    resolve_after: 6h
  - name: missile
    group: desk
    query: topic:weapons.missile
    when: {origins: 3, within: 2h}
    level: elevated
    escalate: [{origins: 5, level: high}]
    resolve_after: 6h
`

func five(r *rand.Rand) []events.Enriched {
	h := raid(r)
	var es []events.Enriched
	for i, source := range []string{"lemonde.fr", "bbc.com", "spiegel.de", "elpais.com", "dn.se"} {
		es = append(es, h.told(r, source, i, day0.Add(time.Duration(3*i)*time.Minute)))
	}
	return es
}

func TestAGroupRaisesOneAlertAStory(t *testing.T) {
	es := five(rand.New(rand.NewPCG(7, 7)))
	d := detector(t, Config{Watches: load(t, twoWatches)})
	out := fold(d, es, 1)
	if len(out) == 0 {
		t.Fatal("no alert")
	}
	for i, a := range out {
		if a.ID != out[0].ID || a.Version != i+1 || a.Watch != "arms" {
			t.Errorf("version %d of %s by %s in place %d: want one alert of arms without a gap", a.Version, a.ID, a.Watch, i)
		}
	}
	first, last := out[0], out[len(out)-1]
	if first.State != events.Opened || strings.Join(first.Also, " ") != "missile" {
		t.Errorf("opened as %s, also %v: want one version that stands for both", first.State, first.Also)
	}
	if last.Level != events.High {
		t.Errorf("level %s: the attached watch asks for high at five origins", last.Level)
	}

	alone := load(t, strings.ReplaceAll(twoWatches, "    group: desk\n", ""))
	seen := map[string]bool{}
	for _, a := range fold(detector(t, Config{Watches: alone}), es, 1) {
		seen[a.Watch] = true
		if a.Also != nil {
			t.Errorf("%s also %v without a group", a.Watch, a.Also)
		}
	}
	if !seen["arms"] || !seen["missile"] {
		t.Errorf("without a group %v raised, want both", seen)
	}
}

func TestAGroupOutlivesASnapshotAndAWatch(t *testing.T) {
	es := five(rand.New(rand.NewPCG(8, 8)))
	whole := fold(detector(t, Config{Watches: load(t, twoWatches)}), es, 1)
	d := detector(t, Config{Watches: load(t, twoWatches)})
	got := fold(d, es[:3], 1)
	var b bytes.Buffer
	if err := d.Snapshot(&b); err != nil {
		t.Fatal(err)
	}
	d = detector(t, Config{Watches: load(t, twoWatches)})
	if err := d.Restore(&b); err != nil {
		t.Fatal(err)
	}
	got = append(got, fold(d, es[3:], 4)...)
	if !bytes.Equal(encoded(t, got), encoded(t, whole)) {
		t.Error("after a snapshot the group decides otherwise")
	}
	if err := d.SetWatches(load(t, twoWatches)[:1]); err != nil {
		t.Fatal(err)
	}
	if living := d.Alerts(); len(living) != 1 || len(living[0].Also) != 0 {
		t.Errorf("a watch that is gone is still named: %+v", living)
	}
}
