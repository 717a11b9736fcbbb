package ingest

import (
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"time"

	"github.com/tocsin-news/tocsin/internal/source"
)

// Source is one entry of the configuration's "sources": one of Feed, Sitemap and
// Page says where news is found. One with none of them is never fetched: it
// says whose the articles are that others push under its id.
type Source struct {
	// ID is the publisher's domain or a key of the operator's: lower case, and
	// unique. Articles carry it as their source.
	ID      string `yaml:"id" json:"id"`
	Feed    string `yaml:"feed" json:"feed,omitempty"`
	Sitemap string `yaml:"sitemap" json:"sitemap,omitempty"`
	Page    string `yaml:"page" json:"page,omitempty"`
	// Links selects the links of Page that are articles (CSS); all of them
	// when it is empty.
	Links string `yaml:"links" json:"links,omitempty"`
	// Family names the owner, Country is ISO 3166-1 alpha-2, Tier is 1 (most
	// trusted) to 4, or 0 when nobody said.
	Family  string `yaml:"family" json:"family,omitempty"`
	Country string `yaml:"country" json:"country,omitempty"`
	Tier    int    `yaml:"tier" json:"tier,omitempty"`
	// Every is the time between polls; learned when it is 0.
	Every time.Duration `yaml:"every" json:"every,omitempty"`
	// FullText fetches the page of a thin item.
	FullText bool `yaml:"full_text" json:"full_text,omitempty"`
	// Lang is the language of items that do not say theirs, BCP 47.
	Lang string `yaml:"lang" json:"lang,omitempty"`
	// Title is what people call it.
	Title string `yaml:"title" json:"title,omitempty"`
	// IgnoreRobots is for sites whose owner has agreed.
	IgnoreRobots bool `yaml:"ignore_robots" json:"ignore_robots,omitempty"`
}

// MinEvery is the least time between two polls of a source.
const MinEvery = time.Second

// URL is the address that is polled.
func (s Source) URL() string {
	switch {
	case s.Feed != "":
		return s.Feed
	case s.Sitemap != "":
		return s.Sitemap
	}
	return s.Page
}

// Fetched reports whether news is fetched there; else it is pushed.
func (s Source) Fetched() bool { return s.URL() != "" }

// Kind is feed, sitemap, page or push.
func (s Source) Kind() string {
	switch {
	case s.Feed != "":
		return "feed"
	case s.Sitemap != "":
		return "sitemap"
	case s.Page != "":
		return "page"
	}
	return "push"
}

// Home is the registrable domain that the source speaks for.
func (s Source) Home() string { return source.Domain(s.URL()) }

// ConfigError says which source is wrong, where, how, and what to do.
type ConfigError struct {
	// Index is the place in the list, from 0.
	Index int
	// ID is the source's, as far as it has one.
	ID, Field, Problem string
}

// Path is where the configuration is wrong, as YAML paths are written.
func (e *ConfigError) Path() string { return fmt.Sprintf("$.sources[%d].%s", e.Index, e.Field) }

func (e *ConfigError) Error() string {
	who := fmt.Sprintf("sources[%d]", e.Index)
	if e.ID != "" {
		who += " (" + e.ID + ")"
	}
	return who + ": " + e.Field + ": " + e.Problem
}

// Check reports everything that is wrong with a list of sources, each as a
// [*ConfigError]; nil when nothing is.
func Check(list []Source) error {
	var all []error
	first := make(map[string]int, len(list))
	for i, s := range list {
		tell := func(field, format string, args ...any) {
			all = append(all, &ConfigError{Index: i, ID: s.ID, Field: field, Problem: fmt.Sprintf(format, args...)})
		}
		s.check(tell)
		if j, twice := first[s.ID]; twice && s.ID != "" {
			tell("id", "sources[%d] has the same; give each its own", j)
			continue
		}
		first[s.ID] = i
	}
	return errors.Join(all...)
}

var (
	goodID      = regexp.MustCompile(`^[\p{Ll}\p{Lo}\p{N}][\p{Ll}\p{Lo}\p{N}._:/-]{0,252}$`)
	goodLang    = regexp.MustCompile(`^[A-Za-z]{2,8}([-_][A-Za-z0-9]{1,8})*$`)
	goodCountry = regexp.MustCompile(`^[A-Z]{2}$`)
)

func (s Source) check(tell func(field, format string, args ...any)) {
	if !goodID.MatchString(s.ID) {
		tell("id", "%q is not a key: use the publisher's domain, in lower case, such as lemonde.fr", s.ID)
	}
	places := map[string]string{"feed": s.Feed, "sitemap": s.Sitemap, "page": s.Page}
	given := 0
	for _, field := range []string{"feed", "sitemap", "page"} {
		if places[field] == "" {
			continue
		}
		given++
		if u, err := url.Parse(places[field]); err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" {
			tell(field, "%q is not an absolute http or https address", places[field])
		} else if u.User != nil {
			tell(field, "a user name or password in the address is not allowed")
		}
	}
	switch {
	case given > 1:
		tell("feed", "give one of feed, sitemap and page, not %d", given)
	case given == 0:
		s.checkPushed(tell)
	}
	if s.Links != "" && s.Page == "" {
		tell("links", "it selects the links of a page: give page too")
	}
	if s.Every != 0 && s.Every < MinEvery {
		tell("every", "%s is less than %s; leave it out to learn the source's rhythm", s.Every, MinEvery)
	}
	if !slices.Contains([]int{0, 1, 2, 3, 4}, s.Tier) {
		tell("tier", "%d is not 1 (most trusted) to 4", s.Tier)
	}
	if s.Country != "" && !goodCountry.MatchString(s.Country) {
		tell("country", "%q is not a country's two letters, such as FR", s.Country)
	}
	if s.Lang != "" && !goodLang.MatchString(s.Lang) {
		tell("lang", "%q is not a language tag such as fr or en-GB", s.Lang)
	}
}

// checkPushed checks a source without an address: it must say something of its
// publisher, and nothing of how to fetch it.
func (s Source) checkPushed(tell func(field, format string, args ...any)) {
	if s.Family == "" && s.Tier == 0 && s.Country == "" {
		tell("feed", "give one of feed, sitemap and page; or, for a publisher whose articles are pushed, its family, tier or country")
	}
	for field, set := range map[string]bool{"every": s.Every != 0, "full_text": s.FullText, "ignore_robots": s.IgnoreRobots} {
		if set {
			tell(field, "there is nothing to fetch: give one of feed, sitemap and page too")
		}
	}
}
