package web

import (
	"net/http"
	"net/url"
	"strconv"

	"github.com/tocsin-news/tocsin/pkg/events"
)

// rows is how many alerts one page lists.
const rows = 50

// tally is how many of a list are of a level.
type tally struct {
	Level string
	N     int
}

// alertsPage lists alerts, the open ones unless another state is asked for.
func (s *Server) alertsPage(w http.ResponseWriter, r *http.Request) {
	data := struct {
		frame
		Following, Filtered     bool
		Filter                  Filter
		States, Levels, Watches []string
		Alerts                  []Life
		Found, Older            string
		Tally                   []tally
	}{
		frame: s.frame("Alerts", "/"), Following: s.Board != nil,
		States: []string{"open", events.Resolved, "all"}, Levels: []string{events.Elevated, events.High, events.Critical},
	}
	if s.Board != nil {
		f := asked(r.URL.Query())
		data.Filter, data.Filtered = f, len(r.URL.RawQuery) > 0
		data.Watches = s.Board.Watches()
		if f.State == "all" {
			f.State = ""
		}
		all := s.Board.Alerts(f)
		data.Found, data.Tally = count(len(all), "alert"), talliesOf(all)
		f.Before, _ = strconv.ParseUint(r.URL.Query().Get("before"), 10, 64)
		f.Limit = rows
		data.Alerts = s.Board.Alerts(f)
		if n := len(data.Alerts); n == rows && data.Alerts[n-1].Seq > all[len(all)-1].Seq {
			data.Older = older(r.URL.Query(), data.Alerts[n-1].Seq)
		}
	}
	render(w, http.StatusOK, "alerts.html", data)
}

// asked is what the address of the page asks for; what it cannot mean is left
// out.
func asked(q url.Values) Filter {
	f := Filter{Watch: q.Get("watch"), State: "open", MinLevel: q.Get("min_level"), Words: q.Get("q")}
	switch v := q.Get("state"); v {
	case events.Resolved, "all", events.Opened, events.Updated, events.Escalated:
		f.State = v
	}
	if events.LevelRank(f.MinLevel) < 0 {
		f.MinLevel = ""
	}
	return f
}

func older(q url.Values, seq uint64) string {
	q.Set("before", strconv.FormatUint(seq, 10))
	return "/?" + q.Encode()
}

// talliesOf counts alerts by level, the highest first.
func talliesOf(all []Life) []tally {
	by := map[string]int{}
	for _, l := range all {
		by[l.Last().Level]++
	}
	var out []tally
	for _, level := range []string{events.Critical, events.High, events.Elevated, events.Info} {
		if by[level] > 0 {
			out = append(out, tally{level, by[level]})
		}
	}
	return out
}
