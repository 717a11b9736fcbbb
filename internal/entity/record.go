package entity

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/tocsin-news/tocsin/pkg/events"
)

// Record is what the base knows of one entity.
type Record struct {
	// ID is a Wikidata QID, or the base's own key (per.mark-rutte).
	ID string
	// Kind is one of PER ORG LOC MISC.
	Kind string
	// Name is the English or most usual form.
	Name string
	// Names are all the other forms that stand for it.
	Names []Name
	// Adjectives are its demonyms and adjectives: russe, Russian.
	Adjectives []Name
	// Country is the ISO 3166-1 alpha-2 code that it belongs to.
	Country string
	// Role says in words what it is.
	Role string
	// Part is the id of what it belongs to: an army's state, an agency's ministry.
	Part string
	// Lat and Lon are degrees (WGS 84), when Placed.
	Lat, Lon float64
	Placed   bool
	// Prior is how likely its name, alone, means it: 0 (obscure) to 9 (known to
	// all). What an entity file lists without one counts as 5.
	Prior int
}

// Name is one form of a name.
type Name struct {
	// Lang is a BCP 47 language, or "" when the form is good in any.
	Lang string
	Form string
	// Weak forms count only with support from the rest of the article.
	Weak bool
}

// Office says who held an office from when to when.
type Office struct {
	Holder string // id of the person
	Titles []Name // the ways to name the office: NATO secretary general
	Since  string // first day, YYYY-MM-DD, or ""
	Until  string // first day after, or "" while it lasts
}

// Columns of an entity file. An entity needs the first three.
var recordColumns = []string{"id", "kind", "name", "names", "adjectives", "country", "role", "part", "lat", "lon", "prior"}

// priorColumn is where the prior stands in recordColumns.
const priorColumn = 10

// Columns of an office file.
var officeColumns = []string{"holder", "titles", "since", "until"}

// parseRecord reads a row whose cells are in the order of recordColumns.
func parseRecord(cell func(int) string) (Record, error) {
	r := Record{ID: cell(0), Kind: cell(1), Name: cell(2), Country: cell(5), Role: cell(6), Part: cell(7)}
	switch {
	case r.ID == "":
		return r, fmt.Errorf("the id is empty: give a Wikidata QID or a key of your own such as per.jane-doe")
	case strings.ContainsAny(r.ID, " |\""):
		return r, fmt.Errorf("id %q holds a space, bar or quote: write it like per.jane-doe", r.ID)
	case !slices.Contains([]string{events.Person, events.Organisation, events.Location, events.Misc}, r.Kind):
		return r, fmt.Errorf("kind %q is not one of PER ORG LOC MISC", r.Kind)
	case r.Name == "":
		return r, fmt.Errorf("the name is empty")
	case r.Country != "" && (len(r.Country) != 2 || strings.ToUpper(r.Country) != r.Country):
		return r, fmt.Errorf("country %q is not a two-letter code in capitals such as FR", r.Country)
	}
	var err error
	if r.Names, err = parseNames(cell(3)); err != nil {
		return r, err
	}
	if r.Adjectives, err = parseNames(cell(4)); err != nil {
		return r, err
	}
	if err := r.place(cell(8), cell(9)); err != nil {
		return r, err
	}
	if p := cell(10); p != "" {
		if r.Prior, err = strconv.Atoi(p); err != nil || r.Prior < 0 || r.Prior > 9 {
			return r, fmt.Errorf("prior %q is not a digit from 0 (obscure) to 9 (known to all)", p)
		}
	}
	return r, nil
}

func (r *Record) place(lat, lon string) error {
	if lat == "" && lon == "" {
		return nil
	}
	var err1, err2 error
	r.Lat, err1 = strconv.ParseFloat(lat, 64)
	r.Lon, err2 = strconv.ParseFloat(lon, 64)
	if err1 != nil || err2 != nil || r.Lat < -90 || r.Lat > 90 || r.Lon < -180 || r.Lon > 180 {
		return fmt.Errorf("lat %q and lon %q are not degrees: write 48.85 and 2.35, or neither", lat, lon)
	}
	r.Placed = true
	return nil
}

// parseNames reads "fr:OTAN|ru,uk:НАТО|~May": forms separated by bars, each
// with the languages that it is good in, where not all; ~ marks a weak form.
func parseNames(cell string) ([]Name, error) {
	if cell == "" {
		return nil, nil
	}
	out := make([]Name, 0, 1+strings.Count(cell, "|"))
	for part := range strings.SplitSeq(cell, "|") {
		langs, form, found := strings.Cut(part, ":")
		if !found || !isLangs(langs) {
			langs, form = "", part
		}
		form = strings.TrimSpace(form)
		form, weak := strings.CutPrefix(form, "~")
		if form == "" {
			return nil, fmt.Errorf("names %q hold an empty form: take the extra bar or prefix out", cell)
		}
		for lang := range strings.SplitSeq(langs, ",") {
			out = append(out, Name{Lang: lang, Form: form, Weak: weak})
		}
	}
	return out, nil
}

func isLangs(s string) bool {
	for l := range strings.SplitSeq(s, ",") {
		if len(l) < 2 || len(l) > 3 || strings.ToLower(l) != l {
			return false
		}
	}
	return true
}
