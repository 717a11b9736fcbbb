package piece

import "strings"

// sections are parts of addresses that stand for one kind of piece.
var sections = map[string]string{
	"opinion": Opinion, "opinions": Opinion, "tribune": Opinion, "tribunes": Opinion, "editorial": Opinion, "editorials": Opinion,
	"editoriaux": Opinion, "edito": Opinion, "editos": Opinion, "idees": Opinion, "points-de-vue": Opinion, "point-de-vue": Opinion,
	"chroniques": Opinion, "commentisfree": Opinion, "comment": Opinion, "commentary": Opinion, "columnists": Opinion, "columns": Opinion, "op-ed": Opinion,
	"letters": Opinion, "meinung": Opinion, "kommentar": Opinion, "kommentare": Opinion, "leitartikel": Opinion, "tribunas": Opinion, "editoriales": Opinion,
	"opinioni": Opinion, "editoriali": Opinion, "opinie": Opinion, "columnisten": Opinion, "opiniao": Opinion, "komentarze": Opinion, "mneniya": Opinion,
	"live": Live, "live-news": Live, "live-updates": Live, "live-blog": Live, "liveblog": Live, "liveblogs": Live, "en-direct": Live, "direct": Live,
	"liveticker": Live, "newsticker": Live, "newsblog": Live, "en-vivo": Live, "directo": Live, "diretta": Live, "ao-vivo": Live, "na-zywo": Live,
	"relacja-na-zywo": Live, "onlayn": Live,
	"analysis": Analysis, "analyses": Analysis, "analyse": Analysis, "explainer": Analysis, "explainers": Analysis, "explained": Analysis,
	"decryptage": Analysis, "decryptages": Analysis, "les-decodeurs": Analysis, "decodeurs": Analysis, "fact-check": Analysis, "factcheck": Analysis,
	"analysen": Analysis, "hintergrund": Analysis, "analisis": Analysis, "analisi": Analysis, "analizy": Analysis, "analitika": Analysis,
	"this-day-in-history": Anniversary, "on-this-day": Anniversary, "onthisday": Anniversary, "anniversaire": Anniversary, "ephemeride": Anniversary,
	"commemorations": Anniversary,
}

// maxAddress bounds what is read of an address.
const maxAddress = 1024

// section finds a kind among the folders of an address; its last part is the
// piece's own name, and the host says nothing.
func section(address string) (Judgement, bool) {
	if len(address) > maxAddress {
		address = address[:maxAddress]
	}
	_, path, ok := strings.Cut(address, "://")
	if !ok {
		return Judgement{}, false
	}
	path, _, _ = strings.Cut(path, "?")
	_, path, _ = strings.Cut(path, "/")
	for path != "" {
		part, rest, more := strings.Cut(path, "/")
		if !more {
			break
		}
		if kind, ok := sections[strings.ToLower(part)]; ok {
			return Judgement{kind, "address /" + strings.ToLower(part) + "/"}, true
		}
		path = rest
	}
	return Judgement{}, false
}
