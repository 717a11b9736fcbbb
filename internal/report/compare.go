package report

import (
	"cmp"
	"slices"
	"time"

	"github.com/tocsin-news/tocsin/pkg/events"
)

// Difference is what two sets of watches made of the same history.
type Difference struct {
	History string `json:"history"`
	A       Side   `json:"a"`
	B       Side   `json:"b"`
	// Both are the alerts of A of which B told too.
	Both []Pair `json:"both"`
	// OnlyA are of things of which B raised nothing, and the other way round.
	OnlyA []Single `json:"only_a"`
	OnlyB []Single `json:"only_b"`
}

// Side is one of the two, in figures.
type Side struct {
	Name   string         `json:"name"`
	Alerts int            `json:"alerts"`
	PerDay float64        `json:"per_day"`
	Levels map[string]int `json:"levels"`
	// Versions is how many decisions the alerts had; Misses, what nearly became
	// an alert.
	Versions int `json:"versions"`
	Misses   int `json:"near_misses"`
}

// Brief is an alert in a comparison. Level is the highest that it reached.
type Brief struct {
	ID       string    `json:"id"`
	Watch    string    `json:"watch"`
	Level    string    `json:"level"`
	Opened   time.Time `json:"opened"`
	Origins  int       `json:"origins"`
	Headline string    `json:"headline"`
}

// Pair is something that both tell.
type Pair struct {
	A Brief `json:"a"`
	B Brief `json:"b"`
	// Delay is by how much B came later, in seconds; negative where earlier.
	Delay float64 `json:"delay_seconds"`
}

// Later is the delay as a time span.
func (p Pair) Later() time.Duration { return time.Duration(p.Delay * float64(time.Second)) }

// Same reports that both opened at the same moment and reached the same level.
func (p Pair) Same() bool { return p.Delay == 0 && p.A.Level == p.B.Level }

// Single is something that one of them tells.
type Single struct {
	Brief
	// Nearly is what the other lacked to tell it too, where it nearly did.
	Nearly string `json:"nearly,omitempty"`
}

// Compare sets two logs of the same history side by side.
func Compare(a, b *Log) Difference {
	d := Difference{History: a.span(), A: a.side(), B: b.side(), Both: []Pair{}}
	inB, inA := index(b), index(a)
	for _, x := range a.order {
		if y := inB.find(x); y != nil {
			d.Both = append(d.Both, Pair{x.brief(), y.brief(), y.Opened.Sub(x.Opened).Seconds()})
		}
	}
	d.OnlyA, d.OnlyB = single(a, b, inB), single(b, a, inA)
	return d
}

func (l *Log) side() Side {
	all := l.All()
	return Side{l.Name, all.Total(), all.PerDay(l.Days()), all.Alerts, all.Versions, all.Misses}
}

func (x *Life) brief() Brief {
	return Brief{x.ID, x.Watch, x.Level, x.Opened, x.Last.Origins, x.Last.Headline}
}

// single lists the alerts of a that b does not tell.
func single(a, b *Log, inB lifeIndex) []Single {
	nearly, byWatch := map[string]string{}, map[missKey]string{}
	for _, m := range b.Misses() {
		if m.Story != "" {
			nearly[m.Story], byWatch[m.key()] = m.Watch+": "+m.Lacks, m.Watch+": "+m.Lacks
		}
	}
	out := []Single{}
	for _, x := range a.order {
		if inB.find(x) == nil {
			out = append(out, Single{x.brief(), cmp.Or(byWatch[missKey{x.Watch, x.Last.Story}], nearly[x.Last.Story])})
		}
	}
	return out
}

// lifeIndex finds alerts of the same thing.
type lifeIndex struct {
	byID    map[string]*Life
	byStory map[string][]*Life
	byItem  map[string][]*Life
}

func index(l *Log) lifeIndex {
	x := lifeIndex{map[string]*Life{}, map[string][]*Life{}, map[string][]*Life{}}
	for _, y := range l.order {
		x.byID[y.ID] = y
		if y.Last.Story != "" {
			x.byStory[y.Last.Story] = append(x.byStory[y.Last.Story], y)
		}
		for _, e := range y.Last.Articles {
			x.byItem[e.ID] = append(x.byItem[e.ID], y)
		}
	}
	return x
}

// find returns the alert that tells what x tells: the same alert, else one of
// the same story, the first that opened, else one that shares half of the
// articles of one of the two.
func (i lifeIndex) find(x *Life) *Life {
	if y := i.byID[x.ID]; y != nil {
		return y
	}
	if ys := i.byStory[x.Last.Story]; x.Last.Story != "" && len(ys) > 0 {
		return slices.MinFunc(ys, earlier)
	}
	shared := map[*Life]int{}
	for _, e := range x.Last.Articles {
		for _, y := range i.byItem[e.ID] {
			shared[y]++
		}
	}
	var found []*Life
	for y, n := range shared {
		if 2*n >= min(len(x.Last.Articles), len(y.Last.Articles)) {
			found = append(found, y)
		}
	}
	if len(found) == 0 {
		return nil
	}
	return slices.MinFunc(found, earlier)
}

func earlier(a, b *Life) int {
	return cmp.Or(a.Opened.Compare(b.Opened), -cmp.Compare(events.LevelRank(a.Level), events.LevelRank(b.Level)), cmp.Compare(a.ID, b.ID))
}
