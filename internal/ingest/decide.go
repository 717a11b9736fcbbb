package ingest

// maxRevisions is how many versions of one address are published. A page that
// changes with each look would fill the log.
const maxRevisions = 100

// decision is what the record of an address says of a version offered there.
type decision int

const (
	fresh decision = iota
	known
	tooMany
)

// decide says whether v is known to r, and if not gives it its revision.
// owner is whether v's publisher owns the address.
//
// Known is: the same id; the same words of the same publisher; from another
// feed of the same publisher, the same headline or the same text, since two
// feeds often carry the same piece over different summaries; and from one who
// does not own the address, the same headline or text as anybody's. Nobody but
// the owner can hide the owner's own version.
func decide(r Record, v *Version, owner bool) decision {
	next := 0
	for _, w := range r.Versions {
		title, text := same(v.Title, w.Title), same(v.Text, w.Text)
		switch {
		case w.ID == v.ID:
			return known
		case w.Publisher == v.Publisher:
			if v.Title == w.Title && v.Text == w.Text || w.By != v.By && (title || text) {
				return known
			}
			next = max(next, w.Revision+1)
		case !owner && (title || text):
			return known
		}
	}
	if next >= maxRevisions {
		return tooMany
	}
	v.Revision = max(v.Revision, next)
	return fresh
}

// same compares digests; nothing is never the same as nothing.
func same(a, b uint64) bool { return a != 0 && a == b }

// offered reports whether by has offered exactly this before.
func (r Record) offered(by string, mark uint64) bool {
	for _, v := range r.Versions {
		if v.By == by && v.Mark == mark {
			return true
		}
	}
	return false
}
