package source

import (
	"strings"
	"time"
)

// monthStems are the beginnings of the names of months, without accents, in the
// languages that Tocsin reads: en fr de es it pt nl sv da no fi pl cs sk uk ru
// be bg ro hu tr el lt lv et.
var monthStems = [12]string{
	"jan gen ene sty led sic saus tammi oca ian jaan янв січ студ ян ιαν",
	"feb fev fevr lut unor sub helmi vas veeb фев лют φεβ",
	"mar mrt maart brez bre maalis kov maerz мар бер сакав μαρ",
	"apr abr avr kwi dub nis huhti bal апр кві крас απρ",
	"may mai maj mei mag kve touko geg май мая тра μαι",
	"jun juin giu cze cerv haz kesa birz iun июн юни чер чэр ιουν",
	"jul juil lug lip cervenc tem heina liep iul июл юли лип ліп ιουλ",
	"aug aou ago sie srp agu elo rugp авг сер жні αυγ",
	"sep set wrz zar eyl syys rugs szept сен вер σεπ",
	"oct okt out ott paz rij eki loka spal окт жов кас οκτ",
	"nov lis kas marras lapk noi noe ноя ное лис ліс νοε",
	"dec dez dic gru pros ara joulu gruod dets дек гру сне δεκ",
}

// stems is monthStems the other way round.
var stems = func() map[string]time.Month {
	m := map[string]time.Month{}
	for i, words := range monthStems {
		for _, stem := range strings.Fields(words) {
			m[stem] = time.Month(i + 1)
		}
	}
	return m
}()

// longestStem is the longest of the stems, in bytes.
const longestStem = 12

// monthOf returns the month that a word names, 0 for none. The longest stem
// decides: "juil" is July where "jui" would be nothing.
func monthOf(word string) time.Month {
	for n := min(len(word), longestStem); n > 1; n-- {
		if month, ok := stems[word[:n]]; ok {
			return month
		}
	}
	return 0
}

// zones are the names of zones that feeds use, in seconds east of UTC: those of
// RFC 822, and those of Europe, Asia and Oceania that mean one thing there.
var zones = map[string]int{
	"ut": 0, "utc": 0, "gmt": 0, "z": 0, "wet": 0,
	"est": -5 * 3600, "edt": -4 * 3600, "et": -5 * 3600,
	"cst": -6 * 3600, "cdt": -5 * 3600,
	"mst": -7 * 3600, "mdt": -6 * 3600,
	"pst": -8 * 3600, "pdt": -7 * 3600,
	"akst": -9 * 3600, "akdt": -8 * 3600, "hst": -10 * 3600,
	"ast": -4 * 3600, "adt": -3 * 3600, "nst": -12600, "ndt": -9000,
	"art": -3 * 3600, "brt": -3 * 3600, "clt": -4 * 3600, "cot": -5 * 3600, "pet": -5 * 3600,
	"bst": 3600, "west": 3600, "cet": 3600, "mez": 3600, "met": 3600, "wat": 3600,
	"cest": 2 * 3600, "mesz": 2 * 3600, "mest": 2 * 3600, "eet": 2 * 3600, "cat": 2 * 3600, "sast": 2 * 3600,
	"eest": 3 * 3600, "msk": 3 * 3600, "trt": 3 * 3600, "eat": 3 * 3600, "idt": 3 * 3600,
	"msd": 4 * 3600, "gst": 4 * 3600, "irst": 12600, "pkt": 5 * 3600, "ist": 19800, "npt": 20700,
	"ict": 7 * 3600, "wib": 7 * 3600, "hkt": 8 * 3600, "sgt": 8 * 3600, "awst": 8 * 3600, "pht": 8 * 3600,
	"jst": 9 * 3600, "kst": 9 * 3600, "acst": 34200, "acdt": 37800,
	"aest": 10 * 3600, "aedt": 11 * 3600, "nzst": 12 * 3600, "nzdt": 13 * 3600,
}
