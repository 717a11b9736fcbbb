// Package origin says where a text comes from: which owner stands behind a
// publisher, which agency a text names, and which articles of one story are
// only copies of another. It knows publishers, bylines and copied words; it
// does not know what a text is about, and judges no alert.
//
// Evidence counts independent origins: one publisher family counts once, a
// copied agency text counts once, whoever prints it.
package origin

import (
	"bufio"
	_ "embed"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode"
)

//go:embed families.tsv
var shippedFamilies string

// Family is the owner behind a publisher.
type Family struct {
	// Key names the family; of an unknown publisher it is the source itself.
	Key string
	// Tier is 1 (most trusted) to 3 (known, and trusted with nothing alone); 0
	// when the publisher is not known.
	Tier int
	// Country is the ISO 3166-1 alpha-2 code of the site, where known.
	Country string
	// Known reports whether the list names the publisher.
	Known bool
}

// Trusted reports whether the family may confirm what others say.
func (f Family) Trusted() bool { return f.Known && (f.Tier == 1 || f.Tier == 2) }

// Publisher is one publisher of a list: a domain (which stands for its subdomains
// too) or a key of the source registry.
type Publisher struct {
	Source  string
	Family  string
	Tier    int
	Country string
}

// Families knows which publishers belong together. The zero value knows none.
type Families struct {
	bySource map[string]Family
}

// Shipped returns the families that the program carries.
func Shipped() (*Families, error) {
	entries, err := ReadFamilies(strings.NewReader(shippedFamilies))
	if err != nil {
		return nil, fmt.Errorf("shipped families: %w", err)
	}
	return (&Families{}).With(entries), nil
}

// With returns the families of f, extended and overruled by entries. A family
// of "" is the source itself, a tier of 0 leaves the publisher untrusted.
func (f *Families) With(entries []Publisher) *Families {
	out := make(map[string]Family, len(entries)+f.Len())
	if f != nil {
		for k, v := range f.bySource {
			out[k] = v
		}
	}
	for _, e := range entries {
		source := strings.ToLower(strings.TrimSpace(e.Source))
		if source == "" {
			continue
		}
		was := out[source]
		fam := Family{Key: e.Family, Tier: e.Tier, Country: strings.ToUpper(e.Country)}
		if fam.Key == "" {
			fam.Key = was.Key
		}
		if fam.Key == "" {
			fam.Key = source
		}
		if fam.Tier == 0 {
			fam.Tier = was.Tier
		}
		if fam.Country == "" {
			fam.Country = was.Country
		}
		fam.Known = fam.Tier > 0
		out[source] = fam
	}
	return &Families{bySource: out}
}

// Len is the number of publishers known.
func (f *Families) Len() int {
	if f == nil {
		return 0
	}
	return len(f.bySource)
}

// Find returns the family of a source: a domain's own entry, else that of a
// domain above it. An unknown source is a family of its own.
func (f *Families) Find(source string) Family {
	source = strings.ToLower(source)
	if f != nil {
		for s := strings.TrimPrefix(source, "www."); ; {
			if fam, ok := f.bySource[s]; ok {
				return fam
			}
			i := strings.IndexByte(s, '.')
			if i < 0 || strings.IndexByte(s[i+1:], '.') < 0 {
				break
			}
			s = s[i+1:]
		}
	}
	return Family{Key: source}
}

// Of is [Families.Find] in three values: the family's key, its tier (1 is most
// trusted, 0 unknown), and whether the list names the source.
func (f *Families) Of(source string) (family string, tier int, known bool) {
	fam := f.Find(source)
	return fam.Key, fam.Tier, fam.Known
}

// ReadFamilies reads a list: lines of domain, family, tier and country,
// separated by tabs; lines that begin with # are comments. An error names the
// line and what to write there.
func ReadFamilies(r io.Reader) ([]Publisher, error) {
	var out []Publisher
	lines := bufio.NewScanner(r)
	for n := 1; lines.Scan(); n++ {
		line := lines.Text()
		if strings.TrimSpace(line) == "" || strings.HasPrefix(line, "#") {
			continue
		}
		e, err := readPublisher(line)
		if err != nil {
			return out, fmt.Errorf("line %d: %w", n, err)
		}
		out = append(out, e)
	}
	return out, lines.Err()
}

func readPublisher(line string) (Publisher, error) {
	f := strings.Split(line, "\t")
	if len(f) != 4 {
		return Publisher{}, fmt.Errorf("has %d columns: write domain, family, tier and country, separated by tabs", len(f))
	}
	tier, err := strconv.Atoi(f[2])
	if err != nil || tier < 0 || tier > 3 {
		return Publisher{}, fmt.Errorf("tier is %q: write 1 (most trusted) to 3, or 0 for unknown", f[2])
	}
	if f[0] == "" || strings.ContainsFunc(f[0], unicode.IsSpace) {
		return Publisher{}, fmt.Errorf("domain is %q: write a domain such as lemonde.fr", f[0])
	}
	return Publisher{Source: f[0], Family: f[1], Tier: tier, Country: f[3]}, nil
}
