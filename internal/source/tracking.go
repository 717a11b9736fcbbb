package source

import (
	"slices"
	"strings"
)

// trackingPrefixes begin the names of parameters that only say where a reader
// came from: Google, AT Internet, comScore, Matomo, HubSpot, Adobe, Facebook.
var trackingPrefixes = []string{
	"utm_", "at_", "ns_", "mtm_", "pk_", "piwik_", "matomo_", "_hs", "hsa_",
	"fb_", "stm_", "wt_", "guce_", "__twitter", "oly_", "vero_", "ga_",
}

// trackingNames are such parameters whole, sorted.
var trackingNames = []string{
	"__s", "_ga", "_gl", "_openstat", "cmp", "cmpid", "dclid", "echobox", "fbclid",
	"ftag", "gbraid", "gclid", "gclsrc", "guccounter", "icid", "igsh", "igshid",
	"intcid", "ito", "maca", "mc_cid", "mc_eid", "mkt_tok", "mkwid", "mod_source",
	"msclkid", "ncid", "ocid", "phpsessid", "ref_src", "ref_url", "rss_id", "s_cid",
	"s_kwcid", "smid", "smtyp", "soc_src", "soc_trk", "spref", "sref", "srnd",
	"traffic_source", "trk", "twclid", "ttclid", "tblci", "wbraid", "xtor", "xtref",
	"yclid", "ysclid", "zanpid",
}

// feedMarks are parameters that some publishers add in their feeds alone; they
// are dropped only with a value that says so.
var (
	feedMarks  = []string{"emc", "from", "partner", "ref", "source", "src", "via", "feed"}
	feedValues = []string{"atom", "feed", "feeds", "rss", "rss_feed", "rssfeed"}
)

func tracks(name, value string) bool {
	for _, prefix := range trackingPrefixes {
		if strings.HasPrefix(name, prefix) {
			return true
		}
	}
	if slices.Contains(trackingNames, name) {
		return true
	}
	return slices.Contains(feedMarks, name) && slices.Contains(feedValues, value)
}
