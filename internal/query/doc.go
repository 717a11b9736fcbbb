// Package query reads, prints and answers the query language of watches and
// of search.
// It knows words, entities and topics of one article at a time; it has never
// seen a clock, a counter or an alert.
//
// The language:
//
//	missile                 the word, in title or text, without case or accents
//	"north korea"           the words side by side, within one sentence
//	"missile balistique"~   inflected forms too, by the article's language
//	missil*                 words that begin so
//	drone NEAR/8 airport    at most 8 words from one to the other, in any order
//	AND OR NOT ( )          in capitals; AND may be left out between two terms
//	title: text:            only there; a field may stand before a bracket,
//	                        title:(missile OR rocket)
//	entity:Q7184            a person, organisation or place by id, or by a
//	                        quoted name, entity:"Mark Rutte"
//	entity.kind:PER         any entity of that kind: PER ORG LOC MISC
//	topic:weapons           a topic or any beneath it
//	lang:fr                 the article's language
//	source:bbc.co.uk        the publisher, or a part of it (source:bbc*)
//	country:UA              a place or publisher of that country;
//	                        place.country: and source.country: take one side
//	tier:<=2                the publisher's trust; 1 is most trusted
//	kind:opinion            the kind of piece: news opinion live analysis
//	                        anniversary
//	origin:afp              the agency that the text names
//
// NEAR binds tightest, then NOT, then AND, then OR. [Parse] reads, [Query.Match]
// answers for one article, and [Index] answers for a million standing queries
// at once. Articles are read through a [View], made once for all queries.
package query
