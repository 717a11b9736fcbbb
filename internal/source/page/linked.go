package page

import (
	"cmp"
	"encoding/json"
	"strings"

	"github.com/tocsin-news/tocsin/internal/source"
)

// linked is what JSON-LD (schema.org) says of the article.
type linked struct {
	headline, description, body string
	authors                     []string
	published, modified, lang   string
	publisher, image            string
	gated                       bool
}

// maxLinked bounds the objects looked at in all blocks together.
const maxLinked = 2_000

// readLinked takes the first article that the blocks describe, and fills what
// it leaves open from the next.
func readLinked(blocks []string) linked {
	l := linked{}
	left := maxLinked
	for _, block := range blocks {
		v, ok := decodeLinked(block)
		if ok {
			l.visit(v, &left, 0)
		}
	}
	return l
}

// decodeLinked reads one block. Raw line breaks in strings, a trailing
// semicolon and comment marks around it are common, and mended.
func decodeLinked(block string) (any, bool) {
	block = strings.TrimSpace(block)
	block = strings.TrimSuffix(strings.TrimPrefix(block, "<!--"), "-->")
	block = strings.TrimSuffix(strings.TrimPrefix(strings.TrimSpace(block), "//<![CDATA["), "//]]>")
	block = strings.TrimRight(strings.TrimSpace(block), ";")
	var v any
	if json.Unmarshal([]byte(block), &v) == nil {
		return v, true
	}
	flat := strings.Map(func(r rune) rune {
		if r < ' ' {
			return ' '
		}
		return r
	}, block)
	return v, json.Unmarshal([]byte(flat), &v) == nil
}

// visit looks for articles in objects, lists, @graph and mainEntity.
func (l *linked) visit(v any, left *int, depth int) {
	*left--
	if *left < 0 || depth > 8 {
		return
	}
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			l.visit(e, left, depth+1)
		}
	case map[string]any:
		if isArticle(v["@type"]) {
			l.fill(v)
		}
		for _, key := range []string{"@graph", "mainEntity", "mainEntityOfPage"} {
			if inner, ok := v[key]; ok {
				l.visit(inner, left, depth+1)
			}
		}
	}
}

func isArticle(v any) bool {
	for _, kind := range strs(v) {
		if strings.Contains(kind, "Article") || strings.HasSuffix(kind, "Posting") || kind == "Report" || strings.HasPrefix(kind, "Report") {
			return true
		}
	}
	return false
}

func (l *linked) fill(o map[string]any) {
	set := func(at *string, v any) { *at = cmp.Or(*at, one(v)) }
	set(&l.headline, o["headline"])
	set(&l.headline, o["name"])
	set(&l.description, o["description"])
	set(&l.body, o["articleBody"])
	set(&l.published, o["datePublished"])
	set(&l.published, o["dateCreated"])
	set(&l.modified, o["dateModified"])
	set(&l.lang, o["inLanguage"])
	set(&l.image, o["image"])
	if publisher := names(o["publisher"]); l.publisher == "" && len(publisher) > 0 {
		l.publisher = publisher[0]
	}
	if len(l.authors) == 0 {
		l.authors = names(o["author"])
	}
	switch free := o["isAccessibleForFree"].(type) {
	case bool:
		l.gated = l.gated || !free
	case string:
		l.gated = l.gated || strings.EqualFold(free, "false")
	}
}

// names are those of persons or organisations: a string, an object, or a list.
func names(v any) []string {
	var found []string
	switch v := v.(type) {
	case string:
		found = append(found, v)
	case []any:
		for _, e := range v {
			if len(found) < maxKept {
				found = append(found, names(e)...)
			}
		}
	case map[string]any:
		if name := one(v["name"]); name != "" {
			found = append(found, name)
		} else if given := one(v["givenName"]); given != "" {
			found = append(found, given+" "+one(v["familyName"]))
		}
	}
	return found
}

// one is the first string in v: itself, of a list, or an object's url or name.
func one(v any) string {
	switch v := v.(type) {
	case string:
		return strings.TrimSpace(source.PlainText(v))
	case []any:
		if len(v) > 0 {
			return one(v[0])
		}
	case map[string]any:
		return cmp.Or(str(v["url"]), str(v["name"]), str(v["@value"]))
	}
	return ""
}

func str(v any) string {
	s, _ := v.(string)
	return strings.TrimSpace(s)
}

func strs(v any) []string {
	switch v := v.(type) {
	case string:
		return []string{v}
	case []any:
		var found []string
		for _, e := range v {
			found = append(found, str(e))
		}
		return found
	}
	return nil
}
