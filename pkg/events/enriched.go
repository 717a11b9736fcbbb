package events

// Enriched is an article and what was understood of it. Every judgement
// carries the words that it rests on.
type Enriched struct {
	// ID is H(article, enricher version), see [EnrichedID].
	ID      string  `json:"id,omitempty"`
	Article Article `json:"article"`
	// Lang is the identified language, BCP 47; "und" when unsure.
	Lang     string   `json:"lang"`
	Entities []Entity `json:"entities"`
	Topics   []Tag    `json:"topics"`
	// Signature is the near-duplicate signature of the text.
	Signature string `json:"signature,omitempty"`

	// Kind is the kind of piece: news, opinion, live, analysis, anniversary.
	Kind string `json:"kind,omitempty"`
	// KindReason says why, when it is not news: "label Tribune".
	KindReason string `json:"kind_reason,omitempty"`
	// Origin is the agency that the text names, when the article itself did
	// not say: a key ("afp") and the words that name it.
	Origin *Origin `json:"origin,omitempty"`
	// Says are the quotations and attributed statements found.
	Says []Statement `json:"says,omitempty"`
	// Enricher is the version that judged.
	Enricher string `json:"enricher,omitempty"`
}

// Field names of an article's text, as [Mention.Field] has them.
const (
	FieldTitle = "title"
	FieldText  = "text"
)

// Und is the language of a text whose language is not sure (BCP 47).
const Und = "und"

// Mention is a stretch of the article's own words: bytes [Start, End) of Field.
type Mention struct {
	Field string `json:"field"`
	Start int    `json:"start"`
	End   int    `json:"end"`
}

// Of returns the words that m points at, or "" when m does not fit a.
func (m Mention) Of(a Article) string {
	s := a.Text
	if m.Field == FieldTitle {
		s = a.Title
	}
	if m.Start < 0 || m.End > len(s) || m.Start > m.End {
		return ""
	}
	return s[m.Start:m.End]
}

// Kinds of entity.
const (
	Person       = "PER"
	Organisation = "ORG"
	Location     = "LOC"
	Misc         = "MISC"
)

// Entity is somebody or something named in the article.
type Entity struct {
	// ID is a Wikidata QID where the knowledge base has one, else the base's
	// own key (per.mark-rutte), else "" when the name is not linked.
	ID   string `json:"id"`
	Name string `json:"name"`
	// Kind is one of PER ORG LOC MISC.
	Kind     string    `json:"kind"`
	Mentions []Mention `json:"mentions"`
	// Reason says why the name was found and linked so.
	Reason string `json:"reason,omitempty"`
	// Country is the ISO 3166-1 alpha-2 code that the entity belongs to.
	Country string `json:"country,omitempty"`
	// Lat and Lon are degrees (WGS 84) of a place.
	Lat *float64 `json:"lat,omitempty"`
	Lon *float64 `json:"lon,omitempty"`
}

// Tag is a topic of the article.
type Tag struct {
	// Topic is a dotted path; a topic matches its children.
	Topic string `json:"topic"`
	// Score is calibrated, in (0, 1].
	Score float64 `json:"score"`
	// Rule names the rule that fired.
	Rule     string    `json:"rule,omitempty"`
	Evidence []Mention `json:"evidence,omitempty"`
}

// Origin is an agency or publisher named by the text, and where.
type Origin struct {
	Key      string  `json:"key"`
	Evidence Mention `json:"evidence"`
}

// Statement is something that the text attributes to somebody.
type Statement struct {
	// Stance is "claim", "confirm", "deny" or "quote".
	Stance string `json:"stance"`
	// Speaker is the entity id or, when not linked, the words that name it.
	Speaker string  `json:"speaker,omitempty"`
	Words   Mention `json:"words"`
}
