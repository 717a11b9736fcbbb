package topic

import (
	"cmp"
	"slices"
	"sort"
	"strconv"
)

// MaxTerms is how many phrases a taxonomy may come to after its alternatives
// are multiplied out.
const MaxTerms = 500_000

func (d *draft) compile() (*Taxonomy, error) {
	if len(d.topics) == 0 {
		return nil, &Problem{"taxonomy", "has no topic", "write at least one: topic weapons.missile"}
	}
	t := &Taxonomy{index: map[string]int32{}, words: map[wordsKey][]string{}, matchers: map[string]*matcher{}, curve: d.curve}
	if t.curve == (curve{}) {
		t.curve = defaultCurve
	}
	slices.SortStableFunc(d.topics, func(a, b *topicDraft) int { return cmp.Compare(a.ID, b.ID) })
	for i, td := range d.topics {
		t.index[td.ID] = int32(i)
		t.topics = append(t.topics, td.Topic)
	}
	if err := d.compileDamps(t); err != nil {
		return nil, err
	}
	if err := d.compileRules(t); err != nil {
		return nil, err
	}
	return t, nil
}

func (d *draft) compileDamps(t *Taxonomy) error {
	t.damps = make([][]damp, len(d.topics))
	for i, td := range d.topics {
		d.inherit(td)
		for name, w := range td.damps {
			c, ok := t.index[name]
			if !ok {
				return &Problem{td.where, "topic " + td.ID + " is damped by " + strconv.Quote(name) + ", which is no topic", "write it as a topic, or take the damp line out"}
			}
			if t.topics[c].Threat {
				return &Problem{td.where, "topic " + td.ID + " is damped by " + name + ", which is no context", "only topics marked context or hidden damp others"}
			}
			t.damps[i] = append(t.damps[i], damp{c, w})
		}
		sort.Slice(t.damps[i], func(a, b int) bool { return t.damps[i][a].context < t.damps[i][b].context })
	}
	return nil
}

// inherit takes over the damps of the topics above, which come first.
func (d *draft) inherit(td *topicDraft) {
	for _, up := range d.topics {
		if up == td || !Below(td.ID, up.ID) {
			continue
		}
		for name, w := range up.damps {
			if _, own := td.damps[name]; !own {
				td.damps[name] = w
			}
		}
	}
}

func (d *draft) compileRules(t *Taxonomy) error {
	langs := d.languages()
	builders := map[string]*builder{}
	expand := map[string][]uint64{}
	for _, l := range append([]string{"", "*"}, langs...) {
		builders[l] = newBuilder(d, expand)
	}
	put := func(l line, rule, topic int32) error {
		into := []string{l.lang, ""}
		if l.lang == "*" {
			into = append([]string{"*", ""}, langs...)
		}
		for _, lang := range into {
			of := l.lang
			if of == "*" && lang != "" {
				of = lang
			}
			if err := builders[lang].line(l, of, rule, topic); err != nil {
				return err
			}
		}
		return nil
	}
	for _, l := range d.ignores {
		if err := put(l, -1, everyTopic); err != nil {
			return err
		}
	}
	for i, r := range d.rules {
		topic, ok := t.index[r.Topic]
		if !ok {
			return &Problem{r.Where, "rule " + r.Name + " tags " + strconv.Quote(r.Topic) + ", which is no topic", "write: topic " + r.Topic}
		}
		t.rules = append(t.rules, r.Rule)
		for _, l := range r.lines {
			if err := put(l, int32(i), topic); err != nil {
				return err
			}
			if !l.ignore {
				k := wordsKey{r.Topic, l.lang}
				for _, term := range l.terms {
					t.words[k] = append(t.words[k], term.text)
				}
			}
		}
	}
	for _, l := range append(langs, "") {
		t.matchers[l] = builders[l].matcher()
	}
	t.every = builders["*"].matcher()
	return nil
}

// languages lists those that any line is written in, but "*".
func (d *draft) languages() []string {
	seen := map[string]bool{}
	for _, r := range d.rules {
		for _, l := range r.lines {
			seen[l.lang] = true
		}
	}
	for _, l := range d.ignores {
		seen[l.lang] = true
	}
	delete(seen, "*")
	var out []string
	for l := range seen {
		out = append(out, l)
	}
	slices.Sort(out)
	return out
}
