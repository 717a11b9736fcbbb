// Package topic says what an article is about: which topics of a taxonomy,
// how surely, and on which words.
// It knows words, phrases and their weights, as data that a person can read
// and a user can extend. It knows no clock, no source and no story.
//
// A taxonomy is a tree of topics, each with rules. A rule is lines of weighted
// terms in each language: words, phrases, two phrases near each other, and
// entities. A text's evidence for a topic is the sum of the weights of the
// terms found there, more in the title than in the body, less for each
// repetition, and less where the text is a match report, a film or a look back
// (see [Taxonomy.Read]). A logistic curve makes a score of it. The format of
// the files is in data/README.md.
package topic

import (
	"embed"
	"fmt"
	"io/fs"
	"slices"
	"strings"
)

//go:embed data/*.topics
var builtin embed.FS

// Topic is one node of a taxonomy.
type Topic struct {
	// ID is a dotted path: weapons.missile is below weapons.
	ID string
	// Names is the topic's name by language (BCP 47).
	Names map[string]string
	// IPTC holds ids of IPTC Media Topics (20000602), GDELT the names of GDELT
	// themes, CAMEO event codes: those that mean the same or nearly so.
	IPTC, GDELT, CAMEO []string
	// Threat says that the topic is of interest to a security desk; the others
	// (sport, culture, weather, …) serve queries and as context.
	Threat bool
	// Hidden topics are contexts (an anniversary, a drill, a film): they weigh
	// on others and are given by [Reading.Contexts], never as tags.
	Hidden bool
}

// Rule is a rule's name and its two examples, for consoles and tests.
type Rule struct {
	Name   string
	Topic  string
	Fires  []Example
	Silent []Example
	// Where is the file and line that it was read from.
	Where string
}

// Example is a text that a rule must fire on, or must not.
type Example struct {
	Lang, Text string
}

// Taxonomy is a compiled set of topics and rules. It never changes, and any
// number of goroutines may use it; to reload, load another one.
type Taxonomy struct {
	topics []Topic
	index  map[string]int32
	rules  []Rule
	damps  [][]damp // by topic
	words  map[wordsKey][]string
	curve  curve
	// matchers by language; "" holds the words of all of them.
	matchers map[string]*matcher
	// every is the matcher of words written alike in all languages.
	every *matcher
}

type wordsKey struct{ topic, lang string }

// damp says how much of a context's evidence is taken from a topic's.
type damp struct {
	context int32
	weight  float64
}

// File is a taxonomy file: Name is what errors call it.
type File struct {
	Name string
	Data []byte
}

// Builtin is the taxonomy that Tocsin ships.
func Builtin() (*Taxonomy, error) { return Load() }

// Load is the shipped taxonomy extended by files, in order: a later file adds
// topics, rules and terms; a rule of a name that exists replaces it; "drop"
// takes away; a file that begins with "alone" replaces all before it. An error
// names file and line, and says what to do.
func Load(files ...File) (*Taxonomy, error) {
	var d draft
	shipped, err := read(builtin, "data/*.topics")
	if err != nil {
		return nil, err
	}
	for _, f := range append(shipped, files...) {
		if err := d.parse(f); err != nil {
			return nil, err
		}
	}
	return d.compile()
}

// LoadFS is [Load] with the files of fsys that match the patterns, by name.
func LoadFS(fsys fs.FS, patterns ...string) (*Taxonomy, error) {
	files, err := read(fsys, patterns...)
	if err != nil {
		return nil, err
	}
	return Load(files...)
}

func read(fsys fs.FS, patterns ...string) ([]File, error) {
	var files []File
	for _, p := range patterns {
		names, err := fs.Glob(fsys, p)
		if err != nil {
			return nil, fmt.Errorf("topic files %q: %w", p, err)
		}
		if len(names) == 0 {
			return nil, fmt.Errorf("topic files %q: no file has such a name (check the path)", p)
		}
		for _, n := range names {
			data, err := fs.ReadFile(fsys, n)
			if err != nil {
				return nil, fmt.Errorf("read topics: %w", err)
			}
			files = append(files, File{Name: n, Data: data})
		}
	}
	return files, nil
}

// Topics lists the topics in the order of their ids, a parent before its
// children.
func (t *Taxonomy) Topics() []Topic { return slices.Clone(t.topics) }

// Rules lists the rules in the order of the files.
func (t *Taxonomy) Rules() []Rule { return slices.Clone(t.rules) }

// Topic gives the topic of an id.
func (t *Taxonomy) Topic(id string) (Topic, bool) {
	i, ok := t.index[id]
	if !ok {
		return Topic{}, false
	}
	return t.topics[i], true
}

// Has reports whether the taxonomy has the topic.
func (t *Taxonomy) Has(topic string) bool {
	_, ok := t.index[topic]
	return ok
}

// Words lists the terms of a topic's rules in a language, as they are written
// in the files, "*" for those of all languages.
func (t *Taxonomy) Words(topic, lang string) []string {
	return slices.Clone(t.words[wordsKey{topic, lang}])
}

// Languages lists the languages that have rules, in order.
func (t *Taxonomy) Languages() []string {
	var out []string
	for l := range t.matchers {
		if l != "" {
			out = append(out, l)
		}
	}
	slices.Sort(out)
	return out
}

// Below reports whether topic is parent or lies beneath it: weapons.missile is
// below weapons and below itself.
func Below(topic, parent string) bool {
	return strings.HasPrefix(topic, parent) && (len(topic) == len(parent) || topic[len(parent)] == '.')
}
