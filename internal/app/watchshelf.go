package app

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/tocsin-news/tocsin/internal/watch"
	"github.com/tocsin-news/tocsin/internal/web"
)

// watchShelf are the watches as the API has them.
type watchShelf struct {
	*shelf[watch.Watch]
	w *writings
}

func (s watchShelf) read(in web.Writing) (watch.Watch, error) {
	if err := named("name", in.Name); err != nil {
		return watch.Watch{}, err
	}
	return watch.LoadAs(bytes.NewReader(in.Body), "", in.Name)
}

func (s watchShelf) Put(ctx context.Context, in web.Writing) (web.Document, bool, error) {
	v, err := s.read(in)
	if err != nil {
		return web.Document{}, false, err
	}
	return s.set(ctx, in, &v)
}

// allWatches are the configuration's and those that people wrote.
func (w *writings) allWatches() []watch.Watch {
	_, own := w.config()
	return slices.Concat(own, w.watches.values(byName(own)))
}

func (w *writings) watchesChanged(context.Context) error {
	w.changing.Lock()
	defer w.changing.Unlock()
	ctx, cancel := w.x.app.whileOpen() // not the request's: a change is not left half made
	defer cancel()
	c, _ := w.config()
	return w.x.adopt(ctx, c, w.allWatches())
}

func (w *writings) configuredWatches() map[string]configured[watch.Watch] {
	_, own := w.config()
	return byName(own)
}

func byName(own []watch.Watch) map[string]configured[watch.Watch] {
	out := make(map[string]configured[watch.Watch], len(own))
	for _, v := range own {
		out[v.Name] = configured[watch.Watch]{v, fmt.Sprintf("%s:%d", v.File, v.Line)}
	}
	return out
}

// usableWatch runs the watch's own examples.
func (w *writings) usableWatch(v watch.Watch) error {
	if len(v.Tests) == 0 {
		return nil
	}
	u, err := w.understanding()
	if err != nil {
		return err
	}
	var errs []error
	for _, f := range v.Test(u) {
		errs = append(errs, f)
	}
	return errors.Join(errs...)
}

// understanding is the enricher's, or, where this process has none, one that is
// loaded when it is first needed.
func (w *writings) understanding() (*Understanding, error) {
	if e := w.x.app.enricher; e != nil {
		return e.u, nil
	}
	w.lazy.Lock()
	defer w.lazy.Unlock()
	if w.u != nil {
		return w.u, nil
	}
	c, _ := w.config()
	u, err := Understand(c)
	w.u = u
	return u, err
}
