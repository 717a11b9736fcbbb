package notify

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"time"

	"golang.org/x/time/rate"

	"github.com/tocsin-news/tocsin/internal/notify/alertmanager"
	"github.com/tocsin-news/tocsin/internal/notify/channel"
	"github.com/tocsin-news/tocsin/internal/notify/discord"
	"github.com/tocsin-news/tocsin/internal/notify/email"
	"github.com/tocsin-news/tocsin/internal/notify/gotify"
	"github.com/tocsin-news/tocsin/internal/notify/logline"
	"github.com/tocsin-news/tocsin/internal/notify/matrix"
	"github.com/tocsin-news/tocsin/internal/notify/mattermost"
	"github.com/tocsin-news/tocsin/internal/notify/ntfy"
	"github.com/tocsin-news/tocsin/internal/notify/slack"
	"github.com/tocsin-news/tocsin/internal/notify/teams"
	"github.com/tocsin-news/tocsin/internal/notify/telegram"
	"github.com/tocsin-news/tocsin/internal/notify/webhook"
	"github.com/tocsin-news/tocsin/pkg/events"
)

// Open checks c and makes its channel. The error is about a field: which, what
// is wrong with it, and a hint.
func Open(c channel.Config, d channel.Deps) (Opened, error) {
	if err := c.Validate(); err != nil {
		return Opened{}, fmt.Errorf("channel %s: %w", c.Name, err)
	}
	ch, err := open(c, d)
	if err != nil {
		return Opened{}, fmt.Errorf("channel %s: %w", c.Name, err)
	}
	return Opened{Config: c, Channel: ch}, nil
}

func open(c channel.Config, d channel.Deps) (channel.Channel, error) {
	switch c.Kind {
	case "webhook":
		return webhook.Open(c, d)
	case "email":
		return email.Open(c, d)
	case "slack":
		return slack.Open(c, d)
	case "discord":
		return discord.Open(c, d)
	case "teams":
		return teams.Open(c, d)
	case "telegram":
		return telegram.Open(c, d)
	case "matrix":
		return matrix.Open(c, d)
	case "mattermost":
		return mattermost.Open(c, d)
	case "ntfy":
		return ntfy.Open(c, d)
	case "gotify":
		return gotify.Open(c, d)
	case "alertmanager":
		return alertmanager.Open(c, d)
	case "log":
		return logline.Open(c, d)
	}
	return nil, channel.Wrong("kind", "see the list of kinds", "is %q", c.Kind)
}

// Pace is how often a channel of the kind is spoken to at most, below what the
// services allow; no limit for our user's own servers.
func Pace(kind string) *rate.Limiter {
	switch kind {
	case "slack", "telegram", "teams":
		return rate.NewLimiter(rate.Every(time.Second), 3)
	case "discord":
		return rate.NewLimiter(rate.Every(500*time.Millisecond), 4)
	case "email":
		return rate.NewLimiter(rate.Every(200*time.Millisecond), 10)
	}
	return rate.NewLimiter(rate.Inf, 1)
}

// TestNotification sends a made-up alert on the channel at once, marked as a
// test, for a person who sets the channel up.
func TestNotification(ctx context.Context, o Opened) error {
	ctx, cancel := context.WithTimeout(ctx, channel.Timeout)
	defer cancel()
	var id [16]byte
	if _, err := rand.Read(id[:]); err != nil {
		return fmt.Errorf("test channel %s: %w", o.Name, err)
	}
	at := time.Now().UTC().Truncate(time.Second)
	a := events.Alert{
		ID: hex.EncodeToString(id[:]), Version: 1, State: events.Opened, Level: events.Info, Watch: "test",
		Headline: "Test notification from Tocsin", At: at,
		Articles: []events.Evidence{{
			ID: hex.EncodeToString(id[:]), Source: "example.org", URL: "https://example.org/test",
			Title: "An article that does not exist", PublishedAt: at, Origin: "example.org", Why: "own reporting",
		}},
		Origins: 1, Observed: 1, Entities: []string{}, Topics: []string{},
		Reason: "Somebody asked whether this channel works. It does.",
	}
	m := channel.Message{Key: events.NotificationKey(a.ID, a.Version, o.Name), Alert: a, Test: true}
	if err := o.Send(ctx, m); err != nil {
		return fmt.Errorf("test channel %s: %w", o.Name, err)
	}
	return nil
}
