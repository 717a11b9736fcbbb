// Package teams posts alerts to a workflow of Microsoft Teams ("when a Teams
// webhook request is received"), as an Adaptive Card.
//
// All text is in TextRun elements, which know no Markdown
// (https://adaptivecards.io/explorer/TextRun.html). Teams knows no idempotency
// key.
package teams

import (
	"context"

	"github.com/tocsin-news/tocsin/internal/notify/channel"
	"github.com/tocsin-news/tocsin/internal/notify/render"
)

// Channel is one workflow.
type Channel struct{ hook channel.Hook }

// Open makes the channel of its url or url_file: the address is the secret.
func Open(c channel.Config, d channel.Deps) (*Channel, error) {
	hook, err := channel.OpenHook(c, d)
	if err != nil {
		return nil, err
	}
	return &Channel{hook}, nil
}

// Send posts m.
func (c *Channel) Send(ctx context.Context, m channel.Message) error {
	f := c.hook.Facts(m).Fit(func(f render.Facts) bool {
		b, err := channel.JSON(compose(f))
		return err == nil && len(b) <= maxBody
	})
	_, err := c.hook.Post(ctx, compose(f))
	return err
}

// maxBody is below the 28 KB that Teams takes.
const maxBody = 24_000

type message struct {
	Type        string       `json:"type"`
	Attachments []attachment `json:"attachments"`
}

type attachment struct {
	ContentType string `json:"contentType"`
	Content     card   `json:"content"`
}

type card struct {
	Type    string    `json:"type"`
	Schema  string    `json:"$schema"`
	Version string    `json:"version"`
	Body    []element `json:"body"`
	Actions []action  `json:"actions,omitempty"`
	MSTeams struct {
		Width string `json:"width"`
	} `json:"msteams"`
}

type element struct {
	Type    string `json:"type"`
	Inlines []run  `json:"inlines"`
	Spacing string `json:"spacing,omitempty"`
}

type run struct {
	Type         string  `json:"type"`
	Text         string  `json:"text"`
	Weight       string  `json:"weight,omitempty"`
	Size         string  `json:"size,omitempty"`
	Color        string  `json:"color,omitempty"`
	IsSubtle     bool    `json:"isSubtle,omitempty"`
	SelectAction *action `json:"selectAction,omitempty"`
}

type action struct {
	Type  string `json:"type"`
	Title string `json:"title,omitempty"`
	URL   string `json:"url"`
}

func compose(f render.Facts) message {
	c := card{Type: "AdaptiveCard", Schema: "http://adaptivecards.io/schemas/adaptive-card.json", Version: "1.4"}
	c.MSTeams.Width = "Full"
	c.Body = append(c.Body, block(run{Text: f.Subject, Weight: "Bolder", Size: "Medium", Color: colour(f)}))
	for _, line := range f.Lines() {
		c.Body = append(c.Body, block(run{Text: line}))
	}
	for _, e := range f.Evidence {
		title := run{Text: e.Title}
		if e.URL != "" {
			title.SelectAction = &action{Type: "Action.OpenUrl", URL: e.URL}
		}
		c.Body = append(c.Body, block(title, run{Text: " " + e.By(), IsSubtle: true}))
	}
	if f.More != "" {
		c.Body = append(c.Body, block(run{Text: f.More}))
	}
	if f.Link != "" {
		c.Actions = []action{{Type: "Action.OpenUrl", Title: f.Words.Open, URL: f.Link}}
	}
	return message{Type: "message", Attachments: []attachment{{ContentType: "application/vnd.microsoft.card.adaptive", Content: c}}}
}

func block(runs ...run) element {
	for i := range runs {
		runs[i].Type = "TextRun"
	}
	return element{Type: "RichTextBlock", Inlines: runs, Spacing: "Small"}
}

func colour(f render.Facts) string {
	if f.Resolved {
		return "Good"
	}
	return [...]string{"Default", "Accent", "Warning", "Attention"}[f.Rank]
}
