package topic

import (
	"slices"
	"strconv"
	"strings"
)

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
