package app

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/KimMachineGun/automemlimit/memlimit"
	"github.com/alecthomas/kong"
	"go.uber.org/zap"
)

// worker is the command line of a worker.
type worker struct {
	Config  string           `short:"c" placeholder:"FILE" env:"TOCSIN_CONFIG" help:"Configuration (tocsin.yaml)."`
	Listen  string           `placeholder:"ADDR" help:"Address of the probes, metrics and HTTP API, instead of the configuration's."`
	Version kong.VersionFlag `help:"Print the version and exit."`
}

// WorkerNamed is the role of a worker's command, and what it does; false when
// no worker has that name.
func WorkerNamed(name string) (roles Roles, about string, ok bool) {
	switch name {
	case "ingestor":
		return Roles{Ingest: true}, "fetches and normalises news, and takes what is pushed.", true
	case "enricher":
		return Roles{Enrich: true}, "finds language, entities and topics in articles.", true
	case "alerter":
		return Roles{Alert: true}, "groups articles into stories, decides on alerts, and tells subscribers.", true
	}
	return Roles{}, "", false
}

// Worker is the main function of a worker's command: it parses the command
// line, runs the role until SIGTERM or interrupt, and gives the exit status: 0
// done, 1 failed, 2 wrong usage or configuration.
func Worker(name string) int {
	roles, about, ok := WorkerNamed(name)
	if !ok {
		fmt.Fprintf(os.Stderr, "%s: no worker has this name\n", name)
		return 2
	}
	var w worker
	kong.Parse(&w, kong.Name(name), kong.Description(name+" "+about), kong.Vars{"version": name + " " + Version}, kong.UsageOnError(),
		kong.Exit(func(code int) {
			if code != 0 {
				code = 2
			}
			os.Exit(code)
		}))
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	c, err := LoadConfig(w.Config, os.Environ())
	if err == nil && c.NATS.Embedded {
		err = fmt.Errorf("%s reaches a broker over the network: set nats.url, or run everything with: tocsin up", name)
	}
	if err != nil {
		fmt.Fprintf(os.Stderr, "%s: %v\n", name, err)
		return 2
	}
	if w.Listen != "" {
		c.Listen = w.Listen
	}
	return Serve(ctx, name, c, roles, os.Stderr)
}

// Serve runs roles until ctx ends, and reloads on SIGHUP. Its result is an
// exit status.
func Serve(ctx context.Context, name string, c Config, roles Roles, stderr io.Writer) int {
	log, err := NewLog(c.Log, stderr)
	if err != nil {
		fmt.Fprintf(stderr, "%s: %v\n", name, err)
		return 2
	}
	defer func() { _ = log.Sync() }()
	// A container's memory limit is the garbage collector's too.
	_, _ = memlimit.Set(memlimit.WithRatio(0.9))
	a, err := New(c, roles, log)
	if err != nil {
		fmt.Fprintf(stderr, "%s: %v\n", name, err)
		return 2
	}
	hup := make(chan os.Signal, 1)
	signal.Notify(hup, syscall.SIGHUP)
	defer signal.Stop(hup)
	go func() {
		for range hup {
			_ = a.Reload() // it has told of it
		}
	}()
	if err := a.Run(ctx); err != nil {
		log.Error("it cannot go on", zap.Error(err))
		return 1
	}
	return 0
}
