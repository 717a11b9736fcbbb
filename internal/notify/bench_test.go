package notify_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/tocsin-news/tocsin/internal/notify"
	"github.com/tocsin-news/tocsin/internal/notify/channel"
	"github.com/tocsin-news/tocsin/pkg/events"
)

// The cost of the stages and of a send, with stores in memory that encode as
// the broker's do: what is left beside the broker's and the receiver's time.
func BenchmarkAlertToChannel(b *testing.B) {
	for _, channels := range []int{1, 10} {
		b.Run(fmt.Sprintf("channels=%d", channels), func(b *testing.B) {
			m := newMemory()
			done := make(chan struct{}, channels)
			taken := sendFunc(func(context.Context, channel.Message) error { done <- struct{}{}; return nil })
			var cfg notify.Config
			var names []string
			for i := range channels {
				names = append(names, fmt.Sprintf("c%d", i))
				cfg.Channels = append(cfg.Channels, opened(names[i], taken))
			}
			cfg.Subscriptions, cfg.Outbox, cfg.Deliveries = to(names...), outbox{m}, deliveries{m}
			n, err := notify.New(cfg)
			if err != nil {
				b.Fatal(err)
			}
			ctx, cancel := context.WithCancel(b.Context())
			ended := make(chan struct{})
			go func() { _ = n.Run(ctx); close(ended) }()
			for i := 0; b.Loop(); i++ {
				if err := n.Handle(ctx, say(fmt.Sprintf("a%d", i), 1, events.Opened), uint64(i+1)); err != nil {
					b.Fatal(err)
				}
				for range channels {
					<-done
				}
			}
			cancel()
			<-ended
		})
	}
}

// A replay of what was handled: what a consumer that starts anew costs.
func BenchmarkReplay(b *testing.B) {
	m := newMemory()
	n, err := notify.New(notify.Config{Channels: []notify.Opened{opened("desk", &sink{})}, Subscriptions: to("desk"), Outbox: outbox{m}, Deliveries: deliveries{m}})
	if err != nil {
		b.Fatal(err)
	}
	a := say("a1", 1, events.Opened)
	if err := n.Handle(b.Context(), a, 1); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if err := n.Handle(b.Context(), a, 1); err != nil {
			b.Fatal(err)
		}
	}
}
