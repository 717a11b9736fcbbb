package piece

import (
	"fmt"
	"strings"

	"github.com/tocsin-news/tocsin/pkg/events"
)

// sure is the score from which a context that the title speaks of names the
// kind, and whether the text's beginning may do so too. "Opinion" and "en direct" are also plain words ("public opinion", "a
// trial shown live"), so that one of them alone is not enough.
var sure = map[string]struct {
	kind  string
	score float64
	early bool
}{
	"context.opinion":     {Opinion, 0.95, false}, // "nous devons" is what a quoted minister says
	"context.live":        {Live, 0.95, true},
	"context.analysis":    {Analysis, 0.85, true},
	"context.anniversary": {Anniversary, 0.8, true},
}

// lead is the part of the text, in bytes, that may speak for the title.
const lead = 400

// spoken takes a context for a kind where it is sure and stands in the title,
// or twice where the text begins.
func spoken(a events.Article, c events.Tag) (Judgement, bool) {
	s, ok := sure[c.Topic]
	if !ok || c.Score < s.score {
		return Judgement{}, false
	}
	var words []string
	titled, early := false, 0
	for _, m := range c.Evidence {
		titled = titled || m.Field == events.FieldTitle
		if m.Field == events.FieldText && m.End <= lead {
			early++
		}
		words = append(words, m.Of(a))
	}
	if !titled && (!s.early || early < 2) {
		return Judgement{}, false
	}
	return Judgement{s.kind, fmt.Sprintf("%s %.2f: %s", c.Topic, c.Score, strings.Join(words, ", "))}, true
}
