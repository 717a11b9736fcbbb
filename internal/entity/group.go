package entity

import (
	"cmp"
	"math"
	"slices"

	"github.com/tocsin-news/tocsin/pkg/events"
)

var kinds = map[byte]string{'P': events.Person, 'O': events.Organisation, 'L': events.Location, 'M': events.Misc}

// entities groups the spans into entities, in the order of their first mention.
func (r *reading) entities() []events.Entity {
	for i := range r.spans {
		r.spans[i].same = r.spans[i].key(r)
	}
	order := make([]*span, len(r.spans))
	for i := range order {
		order[i] = &r.spans[i]
	}
	slices.SortStableFunc(order, func(a, b *span) int {
		return cmp.Or(cmp.Compare(a.field, b.field), cmp.Compare(a.from, b.from), cmp.Compare(b.to, a.to))
	})
	r.unlike()
	out := []events.Entity{}
	at := map[uint64]int{}
	for _, s := range order {
		if s.kind == 0 {
			continue
		}
		f := &r.fields[s.field]
		m := events.Mention{Field: f.name, Start: int(f.words[s.from].Start), End: f.end(s.to)}
		i, ok := at[s.same]
		if !ok {
			i = len(out)
			at[s.same] = i
			out = append(out, r.entity(s))
		}
		out[i].Mentions = append(out[i].Mentions, m)
	}
	return out
}

// end is where the words before to end; the full stop of Jr. or Inc. belongs to them.
func (f *field) end(to int) int {
	w := &f.words[to-1]
	end := int(w.End)
	if end < len(f.src) && f.src[end] == '.' && to > 1 {
		switch w.Fold {
		case "jr", "sr", "inc", "ltd", "corp", "bros":
			return end + 1
		}
	}
	return end
}

// unlike drops the adjectives of what the article also names, so that an id is
// one entity: a text that says Russia and russe names Russia.
func (r *reading) unlike() {
	named := map[int32]bool{}
	for i := range r.spans {
		s := &r.spans[i]
		if s.record != 0 && s.kind != 0 && s.kind == r.base.metas[s.record-1].kind {
			named[s.record] = true
		}
	}
	for i := range r.spans {
		if s := &r.spans[i]; named[s.record] && s.kind != r.base.metas[s.record-1].kind {
			s.kind = 0
		}
	}
}

func (r *reading) entity(s *span) events.Entity {
	e := events.Entity{Name: s.text(r), Kind: kinds[s.kind], Reason: s.reason}
	if s.record == 0 {
		if s.entity != 0 {
			e.Name = r.spans[s.entity-1].text(r)
		}
		return e
	}
	i := uint32(s.record - 1)
	m := &r.base.metas[i]
	e.ID, e.Name = r.base.head(i)
	if m.country != [2]byte{} {
		e.Country = string(m.country[:])
	}
	if m.placed {
		lat, lon := thousandths(m.lat), thousandths(m.lon)
		e.Lat, e.Lon = &lat, &lon
	}
	return e
}

// thousandths rounds degrees to what the base is sure of, some hundred metres.
func thousandths(degrees float32) float64 { return math.Round(float64(degrees)*1000) / 1000 }
