package web

import (
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/tocsin-news/tocsin/internal/token"
)

// shownStories is how many stories one page lists.
const shownStories = 200

// storiesPage lists the live stories.
func (s *Server) storiesPage(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	data := struct {
		frame
		Lang, Phase, Words string
		Langs, Phases      []string
		Filtered           bool
		Stories            []Story
		Found              string
		More               int
	}{frame: s.frame("Stories", "/stories"), Lang: q.Get("lang"), Phase: q.Get("phase"), Words: q.Get("q"), Filtered: r.URL.RawQuery != ""}
	all := s.Stories()
	langs, phases := map[string]bool{}, map[string]bool{}
	for _, st := range all {
		phases[st.Phase] = true
		for _, t := range st.Langs {
			langs[t.Lang] = true
		}
	}
	data.Langs, data.Phases = slices.Sorted(maps.Keys(langs)), slices.Sorted(maps.Keys(phases))
	want := token.Fold(data.Words)
	for _, st := range all {
		if (data.Phase == "" || st.Phase == data.Phase) && (data.Lang == "" || st.told(data.Lang)) && strings.Contains(token.Fold(st.Headline), want) {
			data.Stories = append(data.Stories, st)
		}
	}
	data.Found = found(len(data.Stories), len(all), "story", "stories")
	data.More = max(0, len(data.Stories)-shownStories)
	data.Stories = data.Stories[:len(data.Stories)-data.More]
	render(w, http.StatusOK, "stories.html", data)
}

// told reports whether a story is told in a language.
func (st Story) told(lang string) bool {
	return slices.ContainsFunc(st.Langs, func(t Tongue) bool { return t.Lang == lang })
}

// found says how many of all are listed.
func found(n, of int, one, many string) string {
	if n == of {
		return plural(n, one, many)
	}
	return grouped(n) + " of " + plural(of, one, many)
}

func (s *Server) storyPage(w http.ResponseWriter, r *http.Request) {
	st, ok := s.Story(r.PathValue("id"))
	if !ok {
		s.notFound(w, "story", r.PathValue("id"))
		return
	}
	data := struct {
		frame
		Story  Story
		Alerts []Life
	}{frame: s.frame(st.Headline, ""), Story: st}
	if s.Board != nil {
		data.Alerts = s.Board.Alerts(Filter{Story: st.ID})
	}
	render(w, http.StatusOK, "story.html", data)
}
