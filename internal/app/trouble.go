package app

import (
	"fmt"
	"sync"
)

// trouble is what keeps a role from being ready, by what is wrong.
type trouble struct {
	mu sync.Mutex
	is map[string]error
}

func (t *trouble) set(what string, err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.is == nil {
		t.is = map[string]error{}
	}
	t.is[what] = err
}

func (t *trouble) clear(what string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.is, what)
}

func (t *trouble) get() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	for what, err := range t.is {
		return fmt.Errorf("%s: %w", what, err)
	}
	return nil
}
