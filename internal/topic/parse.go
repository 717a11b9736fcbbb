package topic

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// draft is what the files say, before it is compiled.
type draft struct {
	topics  []*topicDraft
	rules   []*ruleDraft
	sets    map[setKey][]alternative
	ignores []line // for all topics
	curve   curve
}

type setKey struct{ name, lang string }

type topicDraft struct {
	Topic
	damps map[string]float64
	where string
}

type ruleDraft struct {
	Rule
	lines []line
}

// line is one line of terms.
type line struct {
	lang   string
	weight float64
	ignore bool
	terms  []term
	where  string
}

// Problem is what is wrong with a line of a taxonomy file.
type Problem struct {
	Where string // file:line
	What  string
	Hint  string
}

func (p *Problem) Error() string {
	if p.Hint == "" {
		return p.Where + ": " + p.What
	}
	return p.Where + ": " + p.What + " (" + p.Hint + ")"
}

// MaxFile is the size of a taxonomy file in bytes that is read; a larger one
// is an error.
const MaxFile = 4 << 20

var (
	topicID  = regexp.MustCompile(`^[a-z][a-z0-9-]*(\.[a-z][a-z0-9-]*){0,3}$`)
	ruleName = regexp.MustCompile(`^[a-z][a-z0-9.-]*/[a-z0-9-]+$`)
	langTag  = regexp.MustCompile(`^([a-z]{2,3}|\*)$`)
	setName  = regexp.MustCompile(`^[a-z][a-z0-9-]*$`)
)

// reader reads one file into a draft, line by line.
type reader struct {
	d     *draft
	where string
	topic *topicDraft
	rule  *ruleDraft
	set   string
	// block is the keyword of the block that the line stands in.
	block string
}

func (d *draft) parse(f File) error {
	if len(f.Data) > MaxFile {
		return &Problem{f.Name, "is larger than 4 MB", "split the taxonomy into several files"}
	}
	r := reader{d: d}
	n := 0
	for text := range strings.Lines(string(f.Data)) {
		n++
		text = uncomment(text)
		if text == "" {
			continue
		}
		r.where = f.Name + ":" + strconv.Itoa(n)
		if err := r.line(text); err != nil {
			return err
		}
	}
	return nil
}

func uncomment(s string) string {
	if i := strings.Index(s, " #"); i >= 0 {
		s = s[:i]
	}
	s = strings.TrimSpace(s)
	if strings.HasPrefix(s, "#") {
		return ""
	}
	return s
}

func (r *reader) wrong(hint, format string, args ...any) error {
	return &Problem{Where: r.where, What: fmt.Sprintf(format, args...), Hint: hint}
}

func (r *reader) line(s string) error {
	word, rest, _ := strings.Cut(s, " ")
	rest = strings.TrimSpace(rest)
	switch word {
	case "topic":
		return r.openTopic(rest)
	case "rule":
		return r.openRule(rest)
	case "set":
		if !setName.MatchString(rest) {
			return r.wrong("such as: set launch", "%q is not a name for a set", rest)
		}
		r.block, r.set = "set", rest
		return nil
	case "ignore":
		r.block = "ignore"
		return nil
	case "alone":
		*r.d = draft{}
		return nil
	case "drop":
		return r.drop(rest)
	case "curve":
		return r.readCurve(rest)
	}
	switch r.block {
	case "topic":
		return r.topicLine(word, rest)
	case "rule":
		return r.ruleLine(word, rest)
	case "set":
		return r.setLine(word, rest)
	case "ignore":
		l, err := r.terms(word, "ignore "+rest)
		r.d.ignores = append(r.d.ignores, l)
		return err
	}
	return r.wrong("a file has blocks that begin with topic, rule, set, ignore or drop", "%q stands outside of any block", word)
}

func (r *reader) openTopic(id string) error {
	id, flags, _ := strings.Cut(id, " ")
	if !topicID.MatchString(id) {
		return r.wrong("a dotted path in lower case, such as weapons.missile", "%q is not a topic's id", id)
	}
	r.block = "topic"
	r.topic = r.d.topic(id)
	if r.topic == nil {
		r.topic = &topicDraft{Topic: Topic{ID: id, Names: map[string]string{}, Threat: true}, damps: map[string]float64{}, where: r.where}
		r.d.topics = append(r.d.topics, r.topic)
	}
	for _, flag := range strings.Fields(flags) {
		switch flag {
		case "context":
			r.topic.Threat = false
		case "hidden":
			r.topic.Threat, r.topic.Hidden = false, true
		default:
			return r.wrong("context or hidden", "%q is not known of a topic", flag)
		}
	}
	return nil
}

func (d *draft) topic(id string) *topicDraft {
	for _, t := range d.topics {
		if t.ID == id {
			return t
		}
	}
	return nil
}

func (r *reader) topicLine(word, rest string) error {
	t := r.topic
	switch word {
	case "name":
		lang, name, _ := strings.Cut(rest, " ")
		if !langTag.MatchString(lang) || name == "" {
			return r.wrong("such as: name fr Missiles et roquettes", "a name needs a language and words")
		}
		t.Names[lang] = strings.TrimSpace(name)
	case "iptc":
		t.IPTC = append(t.IPTC, strings.Fields(rest)...)
	case "gdelt":
		t.GDELT = append(t.GDELT, strings.Fields(rest)...)
	case "cameo":
		t.CAMEO = append(t.CAMEO, strings.Fields(rest)...)
	case "damp":
		f := strings.Fields(rest)
		if len(f) != 2 {
			return r.wrong("such as: damp sport 0.8", "damp needs a context and a weight")
		}
		w, err := strconv.ParseFloat(f[1], 64)
		if err != nil || !(w >= 0 && w <= 5) {
			return r.wrong("from 0 (not at all) to 5", "%q is not a weight", f[1])
		}
		t.damps[f[0]] = w
	default:
		return r.wrong("name, iptc, gdelt, cameo or damp", "%q is not known of a topic", word)
	}
	return nil
}

func (r *reader) openRule(name string) error {
	if !ruleName.MatchString(name) {
		return r.wrong("the topic, a slash and a word, such as weapons.missile/fired", "%q is not a rule's name", name)
	}
	topic, _, _ := strings.Cut(name, "/")
	r.block = "rule"
	r.rule = &ruleDraft{Rule: Rule{Name: name, Topic: topic, Where: r.where}}
	for i, old := range r.d.rules {
		if old.Name == name {
			if file(old.Where) == file(r.where) {
				return r.wrong("give it another word after the slash", "rule %s was written before, at %s", name, old.Where)
			}
			r.d.rules[i] = r.rule
			return nil
		}
	}
	r.d.rules = append(r.d.rules, r.rule)
	return nil
}

func file(where string) string { return where[:strings.LastIndexByte(where, ':')] }

func (r *reader) ruleLine(word, rest string) error {
	switch word {
	case "fires", "silent":
		lang, text, _ := strings.Cut(rest, " ")
		if !langTag.MatchString(lang) || text == "" {
			return r.wrong("such as: fires en The missile hit a depot.", "an example needs a language and a text")
		}
		e := Example{Lang: lang, Text: strings.TrimSpace(text)}
		if word == "fires" {
			r.rule.Fires = append(r.rule.Fires, e)
		} else {
			r.rule.Silent = append(r.rule.Silent, e)
		}
		return nil
	}
	l, err := r.terms(word, rest)
	if err != nil {
		return err
	}
	r.rule.lines = append(r.rule.lines, l)
	return nil
}

// terms reads "LANG WEIGHT term, term" or "LANG ignore term, term".
func (r *reader) terms(lang, rest string) (line, error) {
	if !langTag.MatchString(lang) {
		return line{}, r.wrong("a language such as en, or * for all", "%q is not a language", lang)
	}
	w, list, _ := strings.Cut(rest, " ")
	l := line{lang: lang, ignore: w == "ignore", where: r.where}
	if !l.ignore {
		weight, err := strconv.ParseFloat(w, 64)
		if err != nil || !(weight >= -10 && weight <= 10) {
			return l, r.wrong("a number from -10 to 10, or ignore", "%q is not a weight", w)
		}
		l.weight = weight
	}
	for text := range strings.SplitSeq(list, ",") {
		text = strings.TrimSpace(text)
		if text == "" {
			continue
		}
		t, err := readTerm(text)
		if err != nil {
			return l, r.wrong(err.hint, "%q: %s", text, err.what)
		}
		l.terms = append(l.terms, t)
	}
	if len(l.terms) == 0 {
		return l, r.wrong("such as: en 3 missile~, cruise missile~", "the line has no terms")
	}
	return l, nil
}

func (r *reader) setLine(lang, rest string) error {
	if !langTag.MatchString(lang) {
		return r.wrong("a language such as en, or * for all", "%q is not a language", lang)
	}
	if r.d.sets == nil {
		r.d.sets = map[setKey][]alternative{}
	}
	k := setKey{r.set, lang}
	for text := range strings.SplitSeq(rest, ",") {
		text = strings.TrimSpace(text)
		if text == "" {
			continue
		}
		a, err := readWords(text)
		if err != nil {
			return r.wrong(err.hint, "%q: %s", text, err.what)
		}
		r.d.sets[k] = append(r.d.sets[k], a)
	}
	return nil
}

func (r *reader) drop(rest string) error {
	what, name, _ := strings.Cut(rest, " ")
	name = strings.TrimSpace(name)
	switch what {
	case "rule":
		i := slices.IndexFunc(r.d.rules, func(x *ruleDraft) bool { return x.Name == name })
		if i < 0 {
			return r.wrong("check its name in the file that has it", "there is no rule %q to drop", name)
		}
		r.d.rules = slices.Delete(r.d.rules, i, i+1)
	case "topic":
		if r.d.topic(name) == nil {
			return r.wrong("check its id in the file that has it", "there is no topic %q to drop", name)
		}
		r.d.topics = slices.DeleteFunc(r.d.topics, func(x *topicDraft) bool { return Below(x.ID, name) })
		r.d.rules = slices.DeleteFunc(r.d.rules, func(x *ruleDraft) bool { return Below(x.Topic, name) })
		for _, t := range r.d.topics {
			delete(t.damps, name)
		}
	default:
		return r.wrong("drop rule NAME, or drop topic ID", "%q cannot be dropped", what)
	}
	return nil
}

// readCurve reads "curve SLOPE MIDDLE".
func (r *reader) readCurve(rest string) error {
	f := strings.Fields(rest)
	if len(f) == 2 {
		slope, err1 := strconv.ParseFloat(f[0], 64)
		middle, err2 := strconv.ParseFloat(f[1], 64)
		if err1 == nil && err2 == nil && slope > 0 && slope <= 10 && middle > 0 && middle <= 20 {
			r.d.curve = curve{slope, middle}
			return nil
		}
	}
	return r.wrong("such as: curve 1.1 3", "curve needs a slope and a middle, both above 0")
}
