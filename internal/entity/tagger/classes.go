package tagger

import (
	_ "embed"
	"strings"

	"github.com/cespare/xxhash/v2"

	"github.com/tocsin-news/tocsin/internal/entity/ending"
	"github.com/tocsin-news/tocsin/internal/token"
)

// Classes of words that tell what stands beside them.
const (
	classTitle    uint16 = 1 << iota // president, général: a person follows
	classRole                        // porte-parole, actor, sister: a person is near
	classOrg                         // ministry, Partei: head of an organisation's name
	classSuffix                      // GmbH, Inc, FC
	classLoc                         // river, rue: head of a place's name
	classWork                        // film, guerre, Cup: head of a work's or an event's name
	classPlace                       // in, à, в: a place may follow
	classSpeech                      // said, a déclaré
	classBorn                        // né, died
	classDate                        // May, lundi
	classParticle                    // de, von, bin: inside names
	classTongue                      // English: languages and adjectives
)

var classNames = map[string]uint16{
	"title": classTitle, "role": classRole, "org": classOrg, "suffix": classSuffix, "loc": classLoc, "work": classWork,
	"place": classPlace, "speech": classSpeech, "born": classBorn, "date": classDate, "particle": classParticle, "tongue": classTongue,
}

// stemSalt keeps stems apart from words.
const stemSalt = 0x5bd1e9955bd1e995

//go:embed classes.txt
var classText string

// readClasses returns the classes of each folded word, by its hash.
func readClasses() map[uint64]uint16 {
	out := make(map[uint64]uint16, 3000)
	for line := range strings.Lines(classText) {
		name, words, ok := strings.Cut(line, ":")
		bit := classNames[name]
		if !ok || bit == 0 {
			continue
		}
		for w := range strings.FieldsSeq(words) {
			parts := token.Split(w) // of porte-parole the last word decides
			last := parts[len(parts)-1]
			out[last.Hash] |= bit
			for _, lang := range []string{"ru", "pl"} {
				if s := ending.Cut(last.Fold, lang); len(s) > 4 && (lang == "ru") == (s[0] >= 0xd0) {
					out[stemSalt^xxhash.Sum64String(s)] |= bit
				}
			}
		}
	}
	return out
}

// Title reports whether w is a title, after which a person follows: president.
// Those that are kept as part of a name (Saint, San, madame) are none.
func (m *Model) Title(w *token.Token) bool {
	switch w.Fold {
	case "saint", "sainte", "san", "santa", "santo", "don", "dona", "madame", "major", "judge", "m", "me":
		return false
	}
	return m.classes[w.Hash]&classTitle != 0
}

// Head reports whether w is the head of a name of an organisation, a place or
// a work.
func (m *Model) Head(w *token.Token) bool {
	return m.classes[w.Hash]&(classOrg|classLoc|classWork|classSuffix) != 0
}

// Common reports whether w is a common word of lang.
func (m *Model) Common(w *token.Token, lang string) bool {
	salt, ok := m.salts.common[lang]
	return ok && m.lexicon.has(salt, w.Hash)
}

// Role reports whether w says what somebody is: actor, sister, Sprecher.
func (m *Model) Role(w *token.Token) bool { return m.classes[w.Hash]&(classRole|classTitle) != 0 }

// Compound reports whether a folded German word ends like a common noun: in a
// word that is one, or in a suffix that makes one.
func (m *Model) Compound(fold string) bool {
	for _, s := range []string{"ung", "ungen", "heit", "heiten", "keit", "keiten", "schaft", "schaften", "tat", "taten", "ion", "ionen", "ismus", "nis", "ling"} {
		if len(fold) > len(s)+2 && strings.HasSuffix(fold, s) {
			return true
		}
	}
	for i := 3; i+4 <= len(fold); i++ {
		if m.lexicon.has(m.salts.common["de"], xxhash.Sum64String(fold[i:])) {
			return true
		}
	}
	return false
}
