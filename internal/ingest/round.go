package ingest

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/cespare/xxhash/v2"
	"golang.org/x/sync/errgroup"

	"github.com/tocsin-news/tocsin/internal/source"
	"github.com/tocsin-news/tocsin/internal/verdict"
	"github.com/tocsin-news/tocsin/pkg/events"
)

// round takes some offers through the door together: read what is known of
// them, decide in their order, publish in their order, mark. Reads and marks
// go side by side, so that a round costs about as much as one offer.
type round struct {
	door    *Door
	results []Result
	all     []*candidate
	keys    map[string]*entry
	news    []*candidate // to be published, in order
}

// candidate is an offer on its way.
type candidate struct {
	n                  int // of the offer
	article            events.Article
	version            Version
	owner              bool
	address            string // keys; those below may be ""
	words, given, link string
}

// entry is a key's record as it was read, and as it will be.
type entry struct {
	rec   Record
	rev   uint64
	dirty bool
	added []Version
}

// side is how many reads or marks go at once.
const side = 32

func (r *round) add(n int, a events.Article, o Offer) {
	domain := source.Domain(a.URL)
	c := &candidate{n: n, article: a, address: addressKey(a, o.GUID)}
	c.owner = domain != "" && (domain == a.Source || domain == o.Home)
	c.version = Version{ID: a.ID, Publisher: a.Source, By: o.By, Title: digest(a.Title), Text: digest(a.Text), Mark: o.Mark, Revision: a.Revision, At: a.FetchedAt.Unix()}
	if c.owner {
		c.version.Publisher = domain
	}
	// What is known for certain need not be asked, unless a mark must be
	// written down.
	if o.Mark == 0 && r.door.cache.has(c.version, a.FetchedAt) {
		r.results[n] = Result{Outcome: Duplicate, Article: a}
		return
	}
	c.words, c.given = wordsKey(a, c.version), givenKey(a, o.GUID)
	if o.Link != "" {
		l := events.Article{Source: a.Source, URL: o.Link}
		source.Clean(&l)
		if l.URL != a.URL {
			c.link = addressKey(l, "")
		}
	}
	r.all = append(r.all, c)
	for _, k := range []string{c.address, c.words, c.given, c.link} {
		if k != "" {
			r.keys[k] = &entry{}
		}
	}
}

// lock keeps other rounds of this process away from the same addresses; it
// returns what unlocks. Locks are taken in one order, so that two rounds do not
// wait for each other.
func (r *round) lock() (unlock func()) {
	var stripes []int
	for _, c := range r.all {
		stripes = append(stripes, int(xxhash.Sum64String(c.address)%uint64(len(r.door.locks))))
	}
	slices.Sort(stripes)
	stripes = slices.Compact(stripes)
	for _, s := range stripes {
		r.door.locks[s].Lock()
	}
	return func() {
		for _, s := range stripes {
			r.door.locks[s].Unlock()
		}
	}
}

func (r *round) run(ctx context.Context) error {
	if err := r.read(ctx); err != nil {
		return fmt.Errorf("ask what was seen: %w", err)
	}
	for _, c := range r.all {
		r.decide(c)
	}
	published, err := r.publish(ctx)
	if published < len(r.news) {
		r.unsettle(r.news[published].n)
	}
	if errMark := r.mark(ctx, published); errMark != nil {
		err = errors.Join(err, fmt.Errorf("mark seen: %w", errMark))
	}
	for _, c := range r.all {
		if r.results[c.n].Outcome == Duplicate {
			r.door.cache.add(c.version, c.article.FetchedAt)
		}
	}
	return err
}

// unsettle takes back what was decided of offer n and those behind it: it
// rests on an article that is not in the log.
func (r *round) unsettle(n int) {
	for _, c := range r.all {
		if c.n >= n {
			r.results[c.n] = Result{}
		}
	}
}

// read reads the record of each key.
func (r *round) read(ctx context.Context) error {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(side)
	for k, e := range r.keys {
		g.Go(func() (err error) {
			e.rec, e.rev, err = r.door.Seen.Get(ctx, k)
			return err
		})
	}
	return g.Wait()
}

// decide settles what is known, and lets what is new on to be published.
func (r *round) decide(c *candidate) {
	if r.taken(c) {
		r.results[c.n] = rejected(c.article, &events.FieldError{Field: "id", Problem: "is that of another text", Hint: "leave the field out, and it is derived"})
		return
	}
	rec := r.keys[c.address].rec
	switch decide(rec, &c.version, c.owner) {
	case known:
		r.again(c, rec)
		return
	case tooMany:
		r.results[c.n] = Result{Outcome: Filtered, Article: c.article, Reason: "revisions"}
		return
	}
	if c.words != "" {
		if said := r.keys[c.words]; len(said.rec.Versions) > 0 && said.rec.Versions[0].ID != c.version.ID {
			r.again(c, rec) // the same source has said the same at another address
			return
		}
	}
	c.article.Revision = c.version.Revision
	r.results[c.n] = Result{Outcome: Accepted, Article: c.article}
	r.news = append(r.news, c)
	r.keys[c.address].put(c.version)
	if c.words != "" && len(r.keys[c.words].rec.Versions) == 0 {
		r.keys[c.words].put(Version{ID: c.version.ID, At: c.version.At})
	}
	if c.given != "" && len(r.keys[c.given].rec.Versions) == 0 {
		r.keys[c.given].put(c.version)
	}
	r.alias(c)
}

// taken reports whether the id that the teller has chosen is that of another
// text: the log would take this one for a repeat of it.
func (r *round) taken(c *candidate) bool {
	if c.given == "" {
		return false
	}
	had := r.keys[c.given].rec.Versions
	return len(had) > 0 && (had[0].Title != c.version.Title || had[0].Text != c.version.Text || had[0].Publisher != c.version.Publisher)
}

// again settles a duplicate: its record learns a new mark, and is kept from
// being forgotten.
func (r *round) again(c *candidate, rec Record) {
	r.results[c.n] = Result{Outcome: Duplicate, Article: c.article}
	e, now := r.keys[c.address], c.article.FetchedAt
	switch {
	case c.version.Mark != 0 && !rec.offered(c.version.By, c.version.Mark):
		v := c.version
		v.Revision = rec.last(v.Publisher)
		e.put(v)
	case rec.old(now):
		e.rec, e.dirty = rec.renewed(now), true
	}
	r.alias(c)
}

// alias remembers the offer under the address that was offered, where the
// article's own is another.
func (r *round) alias(c *candidate) {
	if c.link == "" {
		return
	}
	if e := r.keys[c.link]; !e.rec.offered(c.version.By, c.version.Mark) {
		v := c.version
		v.Revision = e.rec.last(v.Publisher)
		e.put(v)
	}
}

func (e *entry) put(v Version) {
	e.rec, e.dirty = e.rec.with(v), true
	e.added = append(e.added, v)
}

// publish states the news in order, and returns how many are in the log.
// Whether the log had an id already does not matter: then it was published by
// one who died before he could mark it, or count it.
func (r *round) publish(ctx context.Context) (int, error) {
	if batch, ok := r.door.Publisher.(Batcher); ok && len(r.news) > 1 {
		articles := make([]events.Article, len(r.news))
		for n, c := range r.news {
			articles[n] = c.article
		}
		err := batch.PublishAll(ctx, articles)
		if err == nil {
			return len(r.news), nil
		}
		if !verdict.IsPermanent(err) {
			return 0, fmt.Errorf("publish: %w", err)
		}
		// One of them can never be published: find out which.
	}
	for n, c := range r.news {
		_, err := r.door.Publisher.Publish(ctx, c.article)
		switch {
		case verdict.IsPermanent(err):
			r.results[c.n] = Result{Outcome: Rejected, Article: c.article, Reason: "refused", Err: err}
		case err != nil:
			return n, fmt.Errorf("publish %s of %s: %w", c.article.ID, c.article.Source, err)
		}
	}
	return len(r.news), nil
}
