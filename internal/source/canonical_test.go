package source_test

import (
	"strings"
	"testing"

	"github.com/tocsin-news/tocsin/internal/source"
)

func TestCanonicalGivesOneSpelling(t *testing.T) {
	for name, tc := range map[string]struct{ in, want string }{
		"tracking parameters go":             {"https://example.org/a?utm_source=rss&id=7&fbclid=x", "https://example.org/a?id=7"},
		"a lone tracking parameter too":      {"https://example.org/a?xtor=RSS-3208", "https://example.org/a"},
		"what names the article stays":       {"https://example.org/view?from=2024&id=7", "https://example.org/view?from=2024&id=7"},
		"a feed's own mark goes":             {"https://example.org/a?from=rss&partner=feed", "https://example.org/a"},
		"the fragment goes":                  {"https://example.org/a#comments", "https://example.org/a"},
		"host and scheme in lower case":      {"HTTPS://WWW.Example.ORG/A", "https://www.example.org/A"},
		"default ports go":                   {"http://example.org:80/a", "http://example.org/a"},
		"other ports stay":                   {"http://example.org:8080/a", "http://example.org:8080/a"},
		"the user goes":                      {"https://me:secret@example.org/a", "https://example.org/a"},
		"a trailing dot of the host goes":    {"https://example.org./a", "https://example.org/a"},
		"the root has a path":                {"https://example.org", "https://example.org/"},
		"names become ASCII":                 {"https://bücher.example/ä", "https://xn--bcher-kva.example/%C3%A4"},
		"escapes are normalised":             {"https://example.org/%7euser/%e9t%c3%a9/a%2fb", "https://example.org/~user/%E9t%C3%A9/a%2Fb"},
		"a stray per cent is escaped":        {"https://example.org/50%-more", "https://example.org/50%25-more"},
		"dot segments are resolved":          {"https://example.org/a/./b/../c", "https://example.org/a/c"},
		"none climbs above the root":         {"https://example.org/../../etc", "https://example.org/etc"},
		"line breaks within go":              {" https://example.org/a\n\t/b ", "https://example.org/a/b"},
		"spaces are escaped":                 {"https://example.org/a b?q=c d", "https://example.org/a%20b?q=c%20d"},
		"a session in the path goes":         {"https://example.org/a.html;jsessionid=51A2.2_cid324", "https://example.org/a.html"},
		"empty parameters go":                {"https://example.org/a?&&b=1&", "https://example.org/a?b=1"},
		"without a scheme https is taken":    {"//example.org/a", "https://example.org/a"},
		"an IPv6 host keeps its brackets":    {"http://[2001:DB8::1]:80/a", "http://[2001:db8::1]/a"},
		"an underscore in a host is allowed": {"https://my_blog.example.org/a", "https://my_blog.example.org/a"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := source.Canonical(tc.in)
			if err != nil || got != tc.want {
				t.Fatalf("Canonical(%q) = %q, %v; want %q", tc.in, got, err, tc.want)
			}
			if again, err := source.Canonical(got); err != nil || again != got {
				t.Fatalf("not idempotent: %q, %v", again, err)
			}
		})
	}
}

func TestCanonicalRefusesWhatIsNoWebAddress(t *testing.T) {
	for _, in := range []string{
		"", "example", "/relative/path", "ftp://example.org/a", "file:///etc/passwd", "javascript:alert(1)",
		"mailto:a@example.org", "http://", "http:///path", "https://exa mple.org/", "http://[::1%25eth0]/",
		"https://example.org/" + strings.Repeat("a", 5000),
	} {
		if got, err := source.Canonical(in); err == nil {
			t.Errorf("Canonical(%.60q) = %q, want an error", in, got)
		}
	}
}

func TestDomain(t *testing.T) {
	for in, want := range map[string]string{
		"https://www.lemonde.fr/une":      "lemonde.fr",
		"news.bbc.co.uk":                  "bbc.co.uk",
		"https://somebody.github.io/post": "somebody.github.io",
		"http://192.0.2.7:8080/feed":      "192.0.2.7",
		"http://[2001:db8::1]/feed":       "2001:db8::1",
		"http://localhost/feed":           "localhost",
		"HTTPS://Example.ORG.":            "example.org",
		"":                                "",
		"https://":                        "",
	} {
		if got := source.Domain(in); got != want {
			t.Errorf("Domain(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestResolve(t *testing.T) {
	for _, tc := range []struct{ base, ref, want string }{
		{"https://example.org/news/", "a.html", "https://example.org/news/a.html"},
		{"https://example.org/news/", "//cdn.example.org/a", "https://cdn.example.org/a"},
		{"https://example.org/", "javascript:alert(1)", ""},
		{"https://example.org/", "data:text/html,x", ""},
		{"file:///etc/", "passwd", ""},
		{"", "a.html", ""},
		{"", "https://example.org/a", "https://example.org/a"},
	} {
		if got := source.Resolve(tc.base, tc.ref); got != tc.want {
			t.Errorf("Resolve(%q, %q) = %q, want %q", tc.base, tc.ref, got, tc.want)
		}
	}
}

func FuzzCanonical(f *testing.F) {
	for _, s := range []string{
		"https://example.org/a?utm_source=x&b=%zz#f", "http://EXAMPLE.org:80/../%2e%2e/a//b;jsessionid=1", "//bücher.example./%7e",
		"https://[::1]:443/?a=b&&c", "https://xn--a.example/", "http://a%2eb/", "https://example.org/%2e%2E/..", "https://example.org/a\\..\\b",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		once, err := source.Canonical(s)
		if err != nil {
			return
		}
		twice, err := source.Canonical(once)
		if err != nil || twice != once {
			t.Fatalf("Canonical(%q) = %q, then %q, %v", s, once, twice, err)
		}
		if source.Domain(once) == "" {
			t.Fatalf("Canonical(%q) = %q, which has no domain", s, once)
		}
	})
}
