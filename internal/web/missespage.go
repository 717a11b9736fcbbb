package web

import "net/http"

// missesPage lists what nearly was an alert. Of a story that several watches
// missed by the same, they stand together.
func (s *Server) missesPage(w http.ResponseWriter, _ *http.Request) {
	data := struct {
		frame
		Misses []missed
	}{frame: s.frame("Near misses", "/misses")}
	at := map[[2]string]int{}
	for _, m := range s.Misses() {
		key := [2]string{m.Story, m.Lacks}
		if i, ok := at[key]; ok && m.Story != "" {
			data.Misses[i].Watches = append(data.Misses[i].Watches, m.Watch)
			continue
		}
		at[key] = len(data.Misses)
		data.Misses = append(data.Misses, missed{m, []string{m.Watch}})
	}
	render(w, http.StatusOK, "misses.html", data)
}

// missed is a near miss of one or more watches.
type missed struct {
	NearMiss
	Watches []string
}
