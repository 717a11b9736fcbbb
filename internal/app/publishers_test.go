package app

import (
	"os"
	"path/filepath"
	"testing"
)

// A publisher that is only pushed gets its owner and its trust in the
// configuration, by name alone.
func TestPublishersOfTheConfiguration(t *testing.T) {
	path := filepath.Join(t.TempDir(), "tocsin.yaml")
	err := os.WriteFile(path, []byte(`
nats: {embedded: true, dir: data}
sources:
  - {id: wire.example, family: courier, tier: 1}
  - {id: courier, feed: "https://www.courier.example/rss", family: courier, country: GB, tier: 2}
`), 0o600)
	if err != nil {
		t.Fatal(err)
	}
	c, err := LoadConfig(path, nil)
	if err != nil {
		t.Fatal(err)
	}
	families, err := c.Families()
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range []struct {
		name, source, family string
		tier                 int
		known                bool
	}{
		{"a pushed publisher", "wire.example", "courier", 1, true},
		{"a subdomain of it", "news.wire.example", "courier", 1, true},
		{"a fetched source by its id", "courier", "courier", 2, true},
		{"and by its domain", "courier.example", "courier", 2, true},
		{"nobody", "", "", 0, false},
	} {
		t.Run(x.name, func(t *testing.T) {
			family, tier, known := families.Of(x.source)
			if family != x.family || tier != x.tier || known != x.known {
				t.Errorf("%q is of %q, tier %d, known %v; want %q, %d, %v", x.source, family, tier, known, x.family, x.tier, x.known)
			}
		})
	}
}
