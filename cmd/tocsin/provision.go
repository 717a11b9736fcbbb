package main

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/tocsin-news/tocsin/internal/bus"
)

type provisionCmd struct{}

func (provisionCmd) Help() string {
	return `Connects to nats.url and makes its streams, buckets and object store as this version wants
them: what is missing is made, what may be changed is changed, nothing is taken away. Run it
once before the workers, and again at each upgrade. The workers say nats.provisioned then.

  TOCSIN_NATS_URL=nats://nats:4222 tocsin provision`
}

func (provisionCmd) Run(ctx context.Context, std stdio, root *commands) error {
	cfg, err := root.load()
	if err != nil {
		return err
	}
	if cfg.NATS.Embedded {
		return usage("nats.url: name a broker over the network; tocsin up makes what its own needs by itself")
	}
	cfg.NATS.Name = "provisioner"
	b, err := bus.Open(ctx, cfg.NATS, bus.Hooks{Log: slog.New(slog.NewTextHandler(std.err, &slog.HandlerOptions{Level: slog.LevelWarn}))})
	if err != nil {
		return err
	}
	defer b.Close()
	if err := b.Ensure(ctx); err != nil {
		return err
	}
	fmt.Fprintln(std.out, "the broker has all streams and buckets")
	return nil
}
