// Package logline writes alerts to the log: the channel that always works, and
// the one to stand in for others.
package logline

import (
	"context"
	"log/slog"

	"github.com/tocsin-news/tocsin/internal/notify/channel"
	"github.com/tocsin-news/tocsin/internal/notify/render"
	"github.com/tocsin-news/tocsin/pkg/events"
)

// Channel writes to one logger.
type Channel struct {
	log           *slog.Logger
	console, lang string
}

// Open makes the channel; its alerts go to d.Log.
func Open(c channel.Config, d channel.Deps) (*Channel, error) {
	return &Channel{log: d.Logger().With("channel", c.Name), console: d.Console, lang: c.Lang}, nil
}

// Send writes one record: the sentence for a person, the fields for programs.
// Levels high and critical are warnings, a failure of another channel is an
// error. Every value is one line without control characters.
func (c *Channel) Send(ctx context.Context, m channel.Message) error {
	f := m.Facts(c.lang, c.console)
	level := slog.LevelInfo
	switch {
	case m.Undelivered != nil:
		level = slog.LevelError
	case events.LevelRank(m.Alert.Level) >= events.LevelRank(events.High):
		level = slog.LevelWarn
	}
	c.log.LogAttrs(ctx, level, "ALERT "+f.Subject,
		slog.String("key", m.Key),
		slog.String("alert", render.Line(m.Alert.ID, 100)),
		slog.Int("version", m.Alert.Version),
		slog.String("state", render.Line(m.Alert.State, 20)),
		slog.String("severity", render.Line(m.Alert.Level, 20)),
		slog.String("watch", f.Watch),
		slog.Int("origins", m.Alert.Origins),
		slog.Int("articles", len(m.Alert.Articles)),
		slog.String("reason", f.Reason),
		slog.String("link", f.Link),
	)
	return nil
}
