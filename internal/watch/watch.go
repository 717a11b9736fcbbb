package watch

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"github.com/tocsin-news/tocsin/internal/query"
	"github.com/tocsin-news/tocsin/pkg/events"
)

// Watch is one standing wish to be told. It does not change once loaded.
type Watch struct {
	// Name is unique among all watches: letters, digits, - and _.
	Name string
	// About says in one line what the watch is for.
	About string
	// Group names the watches that raise one living alert a story between them;
	// empty: the watch raises its own.
	Group string
	// Query says which articles count.
	Query *query.Query
	// By is [ByStory] or [ByQuery].
	By string
	// When is what must come together for an alert to open.
	When When
	// Level is the level at which an alert opens.
	Level string
	// Escalate are the steps to higher levels, lowest first.
	Escalate []Step
	// ResolveAfter is how long an alert lives on without a new article.
	ResolveAfter time.Duration
	// Budget is how many false alarms are borne; zero: When is taken as it is.
	Budget Budget
	// Tests are the watch's own examples.
	Tests []Test
	// File and Line say where the watch was read.
	File string
	Line int

	terms map[int]place // of the query, by their byte in it
}

// How a watch counts.
const (
	ByStory = "story"
	ByQuery = "query"
)

// When is the clause that opens an alert; all of it must hold.
type When struct {
	// Origins is the number of independent origins, 1 at least.
	Origins int
	// Articles is the number of articles; 0: any.
	Articles int
	// Within is the window in which they are counted.
	Within time.Duration
	// Surprise is the p-value under the watch's own baseline that the count
	// must not exceed; 0: not asked.
	Surprise float64
}

// Step raises the level of an open alert.
type Step struct {
	// Origins and Articles are what must be reached, where not 0.
	Origins, Articles int
	// Surprise is the p-value that must not be exceeded, where not 0.
	Surprise float64
	Level    string
}

// Defaults of clauses that are left out.
const (
	DefaultOrigins      = 2
	DefaultWithin       = 6 * time.Hour
	DefaultLevel        = events.Elevated
	DefaultResolveAfter = 24 * time.Hour
)

// Hash is the same for watches that decide the same: it covers the query in
// its canonical form and all clauses, not the name, the tests, or what it is
// about. A change of it asks for a new baseline.
func (w *Watch) Hash() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n%s\n%+v\n%s\n%+v\n%s\n%+v", w.Query, w.By, w.When, w.Level, w.Escalate, w.ResolveAfter, w.Budget)
	sum := sha256.Sum256([]byte(b.String()))
	return hex.EncodeToString(sum[:16])
}

// Relaxed gives the watch with at most origins asked for, for streams of few
// sources. Steps that ask for more than the watch did keep their distance.
func (w Watch) Relaxed(origins int) Watch {
	less := w.When.Origins - origins
	if origins < 1 || less <= 0 {
		return w
	}
	w.When.Origins = origins
	steps := make([]Step, len(w.Escalate))
	for i, s := range w.Escalate {
		if s.Origins > 0 {
			s.Origins = max(origins+1, s.Origins-less)
		}
		steps[i] = s
	}
	w.Escalate = steps
	return w
}
