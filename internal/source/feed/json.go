package feed

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"strings"

	"github.com/tocsin-news/tocsin/internal/source"
)

// jsonItem is an item of JSON Feed 1 and 1.1 (jsonfeed.org). Ids and sizes are
// of any type, because publishers write numbers for strings.
type jsonItem struct {
	ID          any            `json:"id"`
	URL         string         `json:"url"`
	ExternalURL string         `json:"external_url"`
	Title       string         `json:"title"`
	ContentHTML string         `json:"content_html"`
	ContentText string         `json:"content_text"`
	Summary     string         `json:"summary"`
	Published   string         `json:"date_published"`
	Modified    string         `json:"date_modified"`
	Author      jsonAuthor     `json:"author"`
	Authors     []jsonAuthor   `json:"authors"`
	Tags        []string       `json:"tags"`
	Language    string         `json:"language"`
	Attachments []jsonAttached `json:"attachments"`
}

type jsonAuthor struct {
	Name string `json:"name"`
}

type jsonAttached struct {
	URL  string `json:"url"`
	Type string `json:"mime_type"`
	Size any    `json:"size_in_bytes"`
}

// parseJSON reads the document member by member, so that a break costs only
// what stands behind it.
func parseJSON(text []byte, base string) (Feed, error) {
	f := Feed{Kind: "json"}
	var items []json.RawMessage
	isFeed := false
	err := eachMember(text, func(name string, d *json.Decoder) error {
		switch name {
		case "version":
			version, err := jsonString(d)
			isFeed = isFeed || strings.Contains(version, "jsonfeed")
			return err
		case "items":
			isFeed = true
			return jsonItems(d, &items)
		}
		s, err := jsonString(d)
		f.member(name, s, base)
		return err
	})
	if !isFeed {
		return Feed{}, &NotFeedError{Is: "a JSON document of another kind"}
	}
	for i, raw := range items {
		var item jsonItem
		if err := json.Unmarshal(raw, &item); err != nil && item.URL == "" && item.Title == "" {
			f.note("item %d not read: %v", i+1, err)
			continue
		}
		f.Items = append(f.Items, adaptJSON(&f, item, cmp.Or(base, f.Self, f.Home)))
	}
	return f, err
}

func (f *Feed) member(name, s, base string) {
	switch name {
	case "title":
		f.Title = line(html.EscapeString(s))
	case "home_page_url":
		f.Home = source.Resolve(base, s)
	case "feed_url":
		f.Self = source.Resolve(base, s)
	case "next_url":
		f.Next = source.Resolve(base, s)
	case "language":
		f.Lang = source.Lang(s)
	}
}

// eachMember calls do for each member of the object in text; do must take the
// member's value from the decoder.
func eachMember(text []byte, do func(name string, d *json.Decoder) error) error {
	d := json.NewDecoder(bytes.NewReader(text))
	if _, err := d.Token(); err != nil {
		return ErrTruncated
	}
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return broken(err)
		}
		key, _ := name.(string)
		if err := do(key, d); err != nil {
			return broken(err)
		}
	}
	if _, err := d.Token(); err != nil {
		return ErrTruncated
	}
	return nil
}

func broken(err error) error {
	var syntax *json.SyntaxError
	if errors.Is(err, ErrBounds) {
		return err
	}
	if errors.As(err, &syntax) && !strings.Contains(err.Error(), "unexpected end") {
		return fmt.Errorf("the JSON feed breaks off: %w", err)
	}
	return ErrTruncated
}

func jsonItems(d *json.Decoder, items *[]json.RawMessage) error {
	t, err := d.Token()
	if err != nil || t != json.Delim('[') {
		return err
	}
	for d.More() {
		if len(*items) == MaxItems {
			return fmt.Errorf("%w: more than %d items", ErrBounds, MaxItems)
		}
		var raw json.RawMessage
		if err := d.Decode(&raw); err != nil {
			return err
		}
		*items = append(*items, raw)
	}
	_, err = d.Token()
	return err
}

// jsonString takes the next value; what is no string is "".
func jsonString(d *json.Decoder) (string, error) {
	var raw json.RawMessage
	if err := d.Decode(&raw); err != nil {
		return "", err
	}
	var s string
	if json.Unmarshal(raw, &s) != nil {
		return "", nil
	}
	return s, nil
}

func adaptJSON(f *Feed, j jsonItem, base string) Item {
	item := Item{
		Title:      line(html.EscapeString(j.Title)),
		ID:         jsonID(j.ID),
		Link:       source.Resolve(base, cmp.Or(j.URL, j.ExternalURL)),
		Summary:    html.EscapeString(j.Summary),
		Content:    cmp.Or(j.ContentHTML, html.EscapeString(j.ContentText)),
		Categories: j.Tags[:min(len(j.Tags), maxList)],
		Lang:       source.Lang(cmp.Or(j.Language, f.Lang)),
	}
	if item.Link == "" && isAddress(item.ID) {
		item.Link = source.Resolve("", item.ID)
	}
	item.Published = f.date(item.Lang, j.Published)
	item.Updated = f.date(item.Lang, j.Modified)
	for _, author := range append(j.Authors, j.Author) {
		if name := line(html.EscapeString(author.Name)); name != "" {
			item.Authors = append(item.Authors, name)
		}
	}
	for _, a := range j.Attachments {
		item.enclose(source.Resolve(base, a.URL), a.Type, jsonID(a.Size))
	}
	return item
}

func jsonID(v any) string {
	switch v := v.(type) {
	case string:
		return strings.TrimSpace(v)
	case float64:
		return fmt.Sprintf("%.0f", v)
	}
	return ""
}
