package teams_test

import (
	"testing"

	"github.com/tocsin-news/tocsin/internal/notify/channel"
	"github.com/tocsin-news/tocsin/internal/notify/channeltest"
	"github.com/tocsin-news/tocsin/internal/notify/teams"
)

func open(t *testing.T, url, _ string) channel.Channel {
	t.Helper()
	c, err := teams.Open(channel.Config{Name: "desk", Kind: "teams", URL: url}, channel.Deps{Console: "https://console.example.org"})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

var kind = channeltest.Kind{Open: open, Parse: parse, MaxBody: 28_000}

func TestSuite(t *testing.T) { channeltest.Run(t, kind) }

func FuzzMessage(f *testing.F) { channeltest.Fuzz(f, kind) }

type action struct{ Type, Title, URL string }

type message struct {
	Type        string
	Attachments []struct {
		ContentType string
		Content     struct {
			Type    string
			Schema  string `json:"$schema"`
			Version string
			MSTeams struct{ Width string }
			Actions []action
			Body    []struct {
				Type, Spacing string
				Inlines       []struct {
					Type, Text, Weight, Size, Color string
					IsSubtle                        bool
					SelectAction                    *action
				}
			}
		}
	}
}

func parse(t *testing.T, body []byte) (texts []string) {
	t.Helper()
	var m message
	channeltest.Decode(t, body, &m)
	if m.Type != "message" || len(m.Attachments) != 1 || m.Attachments[0].ContentType != "application/vnd.microsoft.card.adaptive" {
		t.Fatalf("%s", body)
	}
	card := m.Attachments[0].Content
	for _, a := range card.Actions {
		channeltest.Web(t, a.URL)
	}
	for _, e := range card.Body {
		if e.Type != "RichTextBlock" {
			t.Errorf("a %s, which may know Markdown", e.Type)
		}
		for _, r := range e.Inlines {
			if r.Type != "TextRun" {
				t.Errorf("a %s", r.Type)
			}
			if r.SelectAction != nil {
				channeltest.Web(t, r.SelectAction.URL)
			}
			texts = append(texts, channeltest.Plain(t, r.Text))
		}
	}
	return texts
}
