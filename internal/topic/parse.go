package topic

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

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
