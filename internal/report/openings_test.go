package report

import (
	"maps"
	"testing"

	"github.com/tocsin-news/tocsin/pkg/events"
)

func TestOpenings(t *testing.T) {
	version := func(state string, also ...string) events.Alert {
		return events.Alert{ID: "a", Watch: "missile", State: state, Also: also}
	}
	for _, c := range []struct {
		name string
		all  []events.Alert
		want map[string]int
	}{
		{"an alert counts for its watch once", []events.Alert{version("opened"), version("updated"), version("escalated"), version("resolved")}, map[string]int{"missile": 1}},
		{"and for each watch that it stands for", []events.Alert{version("opened", "nato"), version("updated", "border", "nato"), version("resolved", "border", "nato")}, map[string]int{"missile": 1, "nato": 1, "border": 1}},
		{"opened again is another", []events.Alert{version("opened", "nato"), version("resolved", "nato"), version("opened")}, map[string]int{"missile": 2, "nato": 1}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var o Openings
			for _, a := range c.all {
				o.Add(a)
			}
			if !maps.Equal(o.Of, c.want) {
				t.Errorf("got %v, want %v", o.Of, c.want)
			}
		})
	}
}
