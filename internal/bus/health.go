package bus

import (
	"fmt"
	"maps"
	"slices"
	"sync"
)

// health is what keeps the bus from being ready, by place.
type health struct {
	mu       sync.Mutex
	troubles map[string]error
}

func newHealth() *health { return &health{troubles: map[string]error{}} }

// note keeps err for place; nil clears it. It reports whether that is news:
// whether a trouble has come or gone.
func (h *health) note(place string, err error) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	was := h.troubles[place]
	if err == nil {
		delete(h.troubles, place)
	} else {
		h.troubles[place] = err
	}
	return (was == nil) != (err == nil)
}

// worst is the first trouble by place, or nil.
func (h *health) worst() error {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, place := range slices.Sorted(maps.Keys(h.troubles)) {
		return fmt.Errorf("%s: %w", place, h.troubles[place])
	}
	return nil
}
