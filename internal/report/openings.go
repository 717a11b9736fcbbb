package report

import "github.com/tocsin-news/tocsin/pkg/events"

// Openings counts by watch how often it has raised an alert, or been taken into
// one that another watch of its group had raised: a watch that is told in the
// alert of another is told all the same. The zero value is ready.
type Openings struct {
	// Of are the openings of each watch.
	Of map[string]int

	living map[string]map[string]bool // by alert, the watches that it stands for
}

// Add takes the next version that was decided.
func (o *Openings) Add(a events.Alert) {
	if o.Of == nil {
		o.Of, o.living = map[string]int{}, map[string]map[string]bool{}
	}
	switch a.State {
	case events.Resolved:
		delete(o.living, a.ID)
		return
	case events.Opened:
		delete(o.living, a.ID)
	}
	told := o.living[a.ID]
	if told == nil {
		told = map[string]bool{}
		o.living[a.ID] = told
	}
	for _, name := range append([]string{a.Watch}, a.Also...) {
		if !told[name] {
			told[name] = true
			o.Of[name]++
		}
	}
}
