package feed_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tocsin-news/tocsin/internal/source/feed"
)

func titles(f feed.Feed) []string {
	var found []string
	for _, item := range f.Items {
		found = append(found, item.Title)
	}
	return found
}

func TestBrokenFeedsStillGiveTheirItems(t *testing.T) {
	const head = `<rss version="2.0"><channel><title>Example</title>`
	const tail = `</channel></rss>`
	for name, tc := range map[string]struct {
		in   string
		want []string
	}{
		"bare ampersands":              {head + `<item><title>Smith & Wesson & R&D</title></item>` + tail, []string{"Smith & Wesson & R&D"}},
		"bare angles":                  {head + `<item><title>3 < 4 <= 5</title></item>` + tail, []string{"3 < 4 <= 5"}},
		"HTML's entities":              {head + `<item><title>caf&eacute;&nbsp;noir</title></item>` + tail, []string{"café noir"}},
		"entities nobody knows":        {head + `<item><title>a &nosuch; b</title></item>` + tail, []string{"a &nosuch; b"}},
		"an entity of the document's":  {`<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]>` + head + `<item><title>a &x; b</title></item>` + tail, []string{"a &x; b"}},
		"control characters":           {head + "<item><title>a\x00\x08b</title></item>" + tail, []string{"ab"}},
		"a title that is not closed":   {head + `<item><title>One<link>https://example.org/1</link></item><item><title>Two</title></item>` + tail, []string{"One", "Two"}},
		"items that are not closed":    {head + `<item><title>One</title><item><title>Two</title></item>` + tail, []string{"One", "Two"}},
		"an end tag run into the next": {head + `<item><title>One</title<link>https://example.org/1</link></item><item><title>Two</title></item>` + tail, []string{"One", "Two"}},
		"crossed tags":                 {head + `<item><title><b><i>One</b></i></title></item>` + tail, []string{"One"}},
		"capital letters":              {`<RSS><CHANNEL><ITEM><TITLE>One</TITLE></ITEM></CHANNEL></RSS>`, []string{"One"}},
		"attributes without quotes":    {head + `<item><title>One</title><enclosure url=https://example.org/a.mp3 length=3/></item>` + tail, []string{"One"}},
		"a comment that does not end":  {head + `<item><title>One</title></item><!-- oops <item><title>Two</title></item>` + tail, []string{"One", "Two"}},
		"CDATA that does not end":      {head + `<item><title>One</title><description><![CDATA[text</description></item><item><title>Two</title></item>` + tail, []string{"One", "Two"}},
		"markup that was not escaped":  {head + `<item><title>One</title><description><p>a<br>b<img src="x"></p></description></item><item><title>Two</title></item>` + tail, []string{"One", "Two"}},
		"a prefix nobody declared":     {head + `<item><title>One</title><dc:creator>Jane</dc:creator></item>` + tail, []string{"One"}},
		"text before and behind":       {"Warning: mysql_connect()\n" + head + `<item><title>One</title></item>` + tail + "<!-- 0.2s -->", []string{"One"}},
		"items after the channel":      {head + `</channel><item><title>One</title></item></rss>`, []string{"One"}},
		"Atom that lost its namespace": {`<feed><entry><title>One</title></entry></feed>`, []string{"One"}},
	} {
		t.Run(name, func(t *testing.T) {
			f, err := feed.Parse(strings.NewReader(tc.in), "", "")
			if err != nil && !errors.Is(err, feed.ErrTruncated) {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, titles(f)); diff != "" {
				t.Fatal(diff)
			}
		})
	}
}

func TestATruncatedFeedGivesTheItemsBeforeTheBreak(t *testing.T) {
	whole := `<rss version="2.0"><channel><title>Example</title><item><title>One</title><link>https://example.org/1</link></item><item><title>Two</title><description>Half of a sen`
	f, err := feed.Parse(strings.NewReader(whole), "", "")
	if !errors.Is(err, feed.ErrTruncated) {
		t.Fatalf("got %v", err)
	}
	if diff := cmp.Diff([]string{"One", "Two"}, titles(f)); diff != "" {
		t.Fatal(diff)
	}
	if f.Items[1].Summary != "" {
		t.Fatalf("half a summary was taken: %q", f.Items[1].Summary)
	}
}

func TestATruncatedFeedNeverGivesMoreThanTheWhole(t *testing.T) {
	whole := `<feed xmlns="http://www.w3.org/2005/Atom"><title>x</title><entry><title>One &amp; a half</title><link href="https://example.org/1"/></entry><entry><title>Two</title><content type="html"><![CDATA[<p>a</p>]]></content></entry></feed>`
	complete := map[string]bool{"One & a half": true, "Two": true, "": true}
	for n := range len(whole) {
		f, err := feed.Parse(strings.NewReader(whole[:n]), "", "")
		if err == nil {
			t.Fatalf("cut at %d: no error", n)
		}
		for _, item := range f.Items {
			if !complete[item.Title] {
				t.Fatalf("cut at %d: half a title %q", n, item.Title)
			}
		}
	}
}

func TestATruncatedJSONFeedGivesTheItemsBeforeTheBreak(t *testing.T) {
	f, err := feed.Parse(strings.NewReader(`{"version":"https://jsonfeed.org/version/1","items":[{"id":"1","title":"One"},{"id":"2","title":"Tw`), "", "")
	if !errors.Is(err, feed.ErrTruncated) {
		t.Fatalf("got %v", err)
	}
	if diff := cmp.Diff([]string{"One"}, titles(f)); diff != "" {
		t.Fatal(diff)
	}
}
