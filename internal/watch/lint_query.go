package watch

import (
	"regexp"
	"slices"
	"strings"

	"github.com/tocsin-news/tocsin/internal/query"
)

var qid = regexp.MustCompile(`^q[1-9][0-9]*$`)

// spelling looks for words that were meant as something else, and for ids that
// nobody knows.
func (l *Linter) spelling(r *report) {
	query.Terms(r.watch.Query.Root, func(t *query.Term, _ bool) {
		switch {
		case t.Field == query.Topic && l.Topic != nil && !l.Topic(t.Value):
			r.add(Wrong, t, "look at the list of topics", "no topic %s: this never matches", t.Value)
		case t.Field == query.Entity && t.Value != "" && l.Entity != nil && !l.Entity(t.Value):
			r.add(Wrong, t, "look the id up, or use a quoted name", "no entity %s in the knowledge base: this never matches", t.Value)
		case t.Field == query.Any && !t.Inflected && !t.Prefix:
			l.word(r, t)
		}
	})
}

// word looks at a plain word or phrase.
func (l *Linter) word(r *report, t *query.Term) {
	if len(t.Words) > 1 {
		if path := strings.Join(t.Words, "."); l.Topic != nil && l.Topic(path) && strings.Contains(r.source(t), ".") {
			r.add(Doubt, t, "write topic:"+path, "this looks for the words, not the topic")
		}
		return
	}
	w := t.Words[0]
	switch {
	case slices.Contains([]string{"and", "or", "not", "near", "et", "ou"}, w) && !quoted(r.source(t)):
		r.add(Doubt, t, "write operators in capitals, or quote the word", "%q is taken as a word of the article", w)
	case slices.Contains(query.Fields(), query.Field(w)) && w != "title" && w != "text" && w != "country" && w != "source" && w != "origin" && w != "kind":
		r.add(Doubt, t, "write "+w+": with its value right behind", "%q is taken as a word of the article", w)
	case qid.MatchString(w):
		r.add(Doubt, t, "write entity:"+strings.ToUpper(w), "%q is taken as a word of the article", w)
	case l.Topic != nil && strings.Contains(w, ".") && l.Topic(w):
		r.add(Doubt, t, "write topic:"+w, "this looks for the word, not the topic")
	}
}

func (r *report) source(t *query.Term) string { return r.watch.Query.Source[t.Start:t.End] }

func quoted(s string) bool { return strings.ContainsAny(s, `"“«„`) }

// sense looks for parts that contradict, repeat or cover one another.
func (l *Linter) sense(r *report) {
	r.inspect(r.watch.Query.Root)
	if needs := factsOnly(r.watch.Query.Root); needs {
		r.add(Doubt, nil, "add what it must be about", "query asks for no word, entity or topic: it takes whole streams")
	}
}

func (r *report) inspect(n query.Node) {
	switch n := n.(type) {
	case *query.And:
		r.contradictions(n.Of)
		r.repeats(n.Of, true)
		for _, k := range n.Of {
			r.inspect(k)
		}
	case *query.Or:
		r.repeats(n.Of, false)
		for _, k := range n.Of {
			r.inspect(k)
		}
	case *query.Not:
		r.inspect(n.Of)
	case *query.Term:
		if n.Field == query.Tier && (n.Op == "<" && n.Value == "1") {
			r.add(Wrong, n, "tier 1 is the most trusted", "%s never matches", n)
		}
	}
}

// contradictions finds parts of an AND that cannot both be.
func (r *report) contradictions(of []query.Node) {
	single := map[query.Field]*query.Term{}
	for i, k := range of {
		t, ok := k.(*query.Term)
		if !ok {
			continue
		}
		for _, o := range of {
			if excluded(o, t) {
				r.add(Wrong, t, "remove one", "%s is asked for and excluded: the query never matches", t)
			}
		}
		if first := single[t.Field]; first != nil && onlyOne(t.Field) && first.Value != t.Value {
			r.add(Wrong, of[i].(*query.Term), "put OR between them", "an article has one %s, not %s and %s", t.Field, first.Value, t.Value)
		}
		single[t.Field] = t
	}
}

// excluded reports whether n is NOT t, or NOT of a choice that holds t.
func excluded(n query.Node, t *query.Term) bool {
	not, ok := n.(*query.Not)
	if !ok {
		return false
	}
	of := []query.Node{not.Of}
	if or, ok := not.Of.(*query.Or); ok {
		of = or.Of
	}
	return slices.ContainsFunc(of, func(k query.Node) bool {
		o, ok := k.(*query.Term)
		return ok && (o.String() == t.String() || covers(o, t))
	})
}

// onlyOne reports whether an article has a single value of f.
func onlyOne(f query.Field) bool {
	return f == query.Lang || f == query.Kind || f == query.SourceCountry
}

// repeats finds a term beside its like, or beside one that covers it.
func (r *report) repeats(of []query.Node, all bool) {
	for i, k := range of {
		t, ok := k.(*query.Term)
		if !ok {
			continue
		}
		for j, other := range of {
			o, ok := other.(*query.Term)
			switch {
			case !ok || i == j:
			case o.String() == t.String() && j < i:
				r.add(Note, t, "remove one", "%s stands twice", t)
			case !all && o.String() != t.String() && covers(o, t):
				r.add(Note, t, "remove it", "%s adds nothing beside %s", t, o)
			}
		}
	}
}

// covers reports whether wide matches wherever narrow does.
func covers(wide, narrow *query.Term) bool {
	switch {
	case wide.Field != narrow.Field && (wide.Field != query.Any || !narrow.Field.Worded()):
		return false
	case wide.Field == query.Topic:
		return strings.HasPrefix(narrow.Value, wide.Value+".")
	case !wide.Field.Worded():
		return false
	case wide.Prefix && len(wide.Words) == 1 && len(narrow.Words) == 1:
		return strings.HasPrefix(narrow.Words[0], wide.Words[0]) && !narrow.Inflected
	case wide.Inflected && !narrow.Prefix:
		return slices.Equal(wide.Words, narrow.Words)
	}
	return !wide.Prefix && !narrow.Prefix && !narrow.Inflected && slices.Equal(wide.Words, narrow.Words)
}

// factsOnly reports whether n may match without any word, entity, topic,
// place or origin that it names.
func factsOnly(n query.Node) bool {
	switch n := n.(type) {
	case *query.And:
		return !slices.ContainsFunc(n.Of, func(k query.Node) bool { return !factsOnly(k) })
	case *query.Or:
		return slices.ContainsFunc(n.Of, factsOnly)
	case *query.Not:
		return true
	case *query.Term:
		return slices.Contains([]query.Field{query.Lang, query.SourceField, query.SourceCountry, query.Tier, query.Kind, query.EntityKind}, n.Field)
	}
	return false
}
