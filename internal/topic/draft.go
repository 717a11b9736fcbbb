package topic

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

func (d *draft) topic(id string) *topicDraft {
	for _, t := range d.topics {
		if t.ID == id {
			return t
		}
	}
	return nil
}
