package feed_test

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/tocsin-news/tocsin/internal/source/feed"
)

// damages are what happens to feeds on their way: each breaks the XML, and costs
// at most the items that it hits.
var damages = map[string]func(r *rand.Rand, s string) string{
	"a lost end tag": func(r *rand.Rand, s string) string {
		return without(r, s, "</", ">")
	},
	"a lost start tag": func(r *rand.Rand, s string) string {
		return without(r, s, "<", ">")
	},
	"a lost byte": func(r *rand.Rand, s string) string {
		at := 200 + r.IntN(len(s)-200)
		return s[:at] + s[at+1:]
	},
	"a wrong byte": func(r *rand.Rand, s string) string {
		at := 200 + r.IntN(len(s)-200)
		return s[:at] + string(byte(r.IntN(256))) + s[at+1:]
	},
	"a bare ampersand": func(r *rand.Rand, s string) string {
		at := 200 + r.IntN(len(s)-200)
		return s[:at] + "&" + s[at:]
	},
	"a bare angle": func(r *rand.Rand, s string) string {
		at := 200 + r.IntN(len(s)-200)
		return s[:at] + "<" + s[at:]
	},
	"a warning in the middle": func(r *rand.Rand, s string) string {
		at := 200 + r.IntN(len(s)-200)
		return s[:at] + "\n<br />\n<b>Warning</b>:  file_get_contents(): timed out in <b>/srv/feed.php</b> on line <b>7</b><br />\n" + s[at:]
	},
	"an open comment": func(r *rand.Rand, s string) string {
		at := 200 + r.IntN(len(s)-200)
		return s[:at] + "<!--" + s[at:]
	},
	"an open CDATA": func(r *rand.Rand, s string) string {
		at := 200 + r.IntN(len(s)-200)
		return s[:at] + "<![CDATA[" + s[at:]
	},
	"zeros": func(r *rand.Rand, s string) string {
		at := 200 + r.IntN(len(s)-200)
		return s[:at] + "\x00\x00\x00\x00" + s[at:]
	},
}

// without removes the next stretch from begin to end behind a random place.
func without(r *rand.Rand, s, begin, end string) string {
	at := 200 + r.IntN(len(s)-400)
	i := strings.Index(s[at:], begin)
	j := strings.Index(s[at+i:], end)
	return s[:at+i] + s[at+i+j+1:]
}

func TestDamagedFeedsStillGiveTheirItems(t *testing.T) {
	const items, tries = 20, 100
	kept, all, lost := 0, 0, map[string]int{}
	for name, damage := range damages {
		r := rand.New(rand.NewPCG(1, uint64(len(name))))
		for i := range tries {
			in := damage(r, sample([]string{"rss", "atom"}[i%2], items))
			f, _ := feed.Parse(strings.NewReader(in), "", "")
			whole := 0
			for _, item := range f.Items {
				if strings.HasPrefix(item.Title, "Minister & general meet") && strings.HasPrefix(item.Link, "https://example.org/") {
					whole++
				}
			}
			all++
			if whole >= items-1 {
				kept++
			} else {
				lost[name]++
			}
		}
	}
	t.Logf("%d of %d damaged feeds lost at most one item; by damage, those that lost more: %v", kept, all, lost)
	if kept*100 < all*98 {
		t.Errorf("only %d of %d damaged feeds give all their items but one", kept, all)
	}
}
