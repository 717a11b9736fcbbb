package app

import (
	"fmt"
	"net"
	"os"
	"path/filepath"

	"github.com/tocsin-news/tocsin/internal/watch"
	"github.com/tocsin-news/tocsin/internal/watch/pack"
)

// Watches reads the configured watches, and the shipped ones where they are
// wanted. A name that stands twice is an error that names both places.
func (c Config) Watches() ([]watch.Watch, error) {
	var all []watch.Watch
	if c.UsePack() {
		shipped, err := pack.Watches()
		if err != nil {
			return nil, err
		}
		all = append(all, shipped...)
	}
	files, err := c.Glob("watch_files", c.WatchFiles)
	if err != nil {
		return nil, err
	}
	for _, path := range files {
		more, err := readWatches(path)
		if err != nil {
			return nil, err
		}
		all = append(all, more...)
	}
	return all, distinct(all)
}

func readWatches(path string) ([]watch.Watch, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read watches: %w", err)
	}
	defer f.Close()
	return watch.Load(f, path)
}

func distinct(all []watch.Watch) error {
	at := map[string]string{}
	for _, w := range all {
		here := fmt.Sprintf("%s:%d", w.File, w.Line)
		if there, twice := at[w.Name]; twice {
			return fmt.Errorf("%s: watch %q is already in %s: give one of them another name", here, w.Name, there)
		}
		at[w.Name] = here
	}
	return nil
}

// dir is what relative paths of the configuration are relative to.
func (c Config) dir() string {
	if c.Path == "" {
		return "."
	}
	return filepath.Dir(c.Path)
}

// console is the address at which people see the console, for links in
// notifications.
func (c Config) console() string {
	if c.Console != "" {
		return c.Console
	}
	host, port, err := net.SplitHostPort(c.Listen)
	if err != nil {
		return ""
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		return "" // nobody can tell under which name others see us
	}
	return "http://" + net.JoinHostPort(host, port)
}
