// Command tocsin is all of Tocsin: everything in one process with an embedded
// broker (up, demo), the filters that read and write files (feed, extract,
// enrich, backtest), and the operator's hand (push, tail, explain, …).
//
// Under the name of a worker (ingestor, enricher, alerter) it is that worker, so
// that one file serves as all four commands.
//
// Exit status: 0 done; 1 done with failures, each told on standard error;
// 2 wrong usage or configuration, nothing done.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

	"github.com/alecthomas/kong"

	"github.com/tocsin-news/tocsin/internal/app"
)

// commands is the command line.
type commands struct {
	Config  string           `short:"c" placeholder:"FILE" env:"TOCSIN_CONFIG" help:"Configuration (tocsin.yaml). Without one, a built-in configuration runs."`
	Version kong.VersionFlag `help:"Print the version and exit."`

	loaded *app.Understanding

	Up          upCmd           `cmd:"" group:"run" help:"Run everything in one process, with an embedded broker."`
	Demo        demoCmd         `cmd:"" group:"run" help:"Play a bundled history through the live pipeline, and explain the alert that comes of it."`
	Feed        feedCmd         `cmd:"" group:"filter" help:"Feeds in, Article lines out."`
	Extract     extractCmd      `cmd:"" group:"filter" help:"HTML pages in, Article lines out."`
	Enrich      enrichCmd       `cmd:"" group:"filter" help:"Article lines in, Enriched lines out."`
	Backtest    backtestCmd     `cmd:"" group:"filter" help:"Article or Enriched lines in, Alert lines out: what the watches would have said."`
	Compare     compareCmd      `cmd:"" group:"filter" help:"Two sets of watches on one history: what each raises that the other does not."`
	Sample      sampleCmd       `cmd:"" group:"filter" help:"Print the bundled sample as Article lines."`
	Push        pushCmd         `cmd:"" group:"hand" help:"Send articles to a running Tocsin."`
	Tail        tailCmd         `cmd:"" group:"hand" help:"Print alerts as they are decided."`
	Explain     explainCmd      `cmd:"" group:"hand" help:"Tell why an alert is, down to the words."`
	Ack         ackCmd          `cmd:"" group:"hand" help:"Say that somebody has an alert in hand: its updates are quiet."`
	Snooze      snoozeCmd       `cmd:"" group:"hand" help:"Hold an alert's notifications back for a while."`
	Watch       watchCmd        `cmd:"" group:"hand" help:"Check watches; list, put and try those of a running Tocsin."`
	Subs        subscriptionCmd `cmd:"" name:"subscription" group:"hand" help:"List, put and try who is told of what."`
	Silence     silenceCmd      `cmd:"" group:"hand" help:"Mute alerts for a while."`
	Dead        deadCmd         `cmd:"" group:"hand" help:"List, show and send back what could not be handled."`
	Ledger      ledgerCmd       `cmd:"" group:"hand" help:"Count every accepted article through to its decision: a proof that nothing is lost."`
	Sources     sourcesCmd      `cmd:"" group:"hand" help:"List the configured sources, also as OPML."`
	ConfigFile  configCmd       `cmd:"" name:"config" group:"hand" help:"Print the configuration that counts, and where each value comes from."`
	CheckConfig checkConfigCmd  `cmd:"" group:"hand" help:"Read the configuration and all that it names, and say what is wrong."`
	Notify      notifyCmd       `cmd:"" group:"hand" help:"Send a test notification on a channel."`
	Provision   provisionCmd    `cmd:"" group:"hand" help:"Make a broker's streams and buckets, for workers that may not."`
	Completion  completionCmd   `cmd:"" group:"hand" help:"Print a script that completes commands and flags in your shell."`
	Suggest     suggestCmd      `cmd:"" hidden:"" name:"complete-words"`
	Healthcheck healthcheckCmd  `cmd:"" group:"hand" help:"Ask a running Tocsin whether it is ready; for images without a shell."`
}

func main() {
	if name := filepath.Base(os.Args[0]); isWorker(name) {
		os.Exit(app.Worker(name))
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], stdio{in: os.Stdin, out: os.Stdout, err: os.Stderr})
	stop()
	os.Exit(code)
}

func isWorker(name string) bool {
	_, _, ok := app.WorkerNamed(name)
	return ok
}

// stdio is what a command reads and writes.
type stdio struct {
	in       io.Reader
	out, err io.Writer
	// loaded, when it is there, is the understanding that commands use instead
	// of loading one: for several commands in one process.
	loaded *app.Understanding
}

// Exit codes.
const (
	exitDone    = 0
	exitFailure = 1
	exitUsage   = 2
)

// usageError is an error that kept a command from doing anything.
type usageError struct{ error }

func (u usageError) Unwrap() error { return u.error }

func usage(format string, args ...any) error { return usageError{fmt.Errorf(format, args...)} }

// errTold is the failure of a command that told of its failures already.
var errTold = errors.New("some of it failed")

func run(ctx context.Context, args []string, std stdio) int {
	c := commands{loaded: std.loaded}
	exited := -1
	parser, err := kong.New(&c,
		kong.Name("tocsin"),
		kong.Description("News in, one explained alert out."),
		kong.Vars{"version": "tocsin " + app.Version},
		kong.Writers(std.out, std.err),
		kong.Exit(func(code int) { exited = code }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, FlagsLast: true}),
		kong.ExplicitGroups([]kong.Group{
			{Key: "run", Title: "Run"}, {Key: "filter", Title: "Filters (no broker, no network)"}, {Key: "hand", Title: "The operator's hand"},
		}),
		kong.BindTo(ctx, (*context.Context)(nil)),
		kong.Bind(std, &c),
	)
	if err != nil {
		panic(err) // the command line itself is wrong: a test would say so
	}
	k, err := parser.Parse(args)
	if exited >= 0 { // --help or --version
		return exited
	}
	if err != nil {
		fmt.Fprintf(std.err, "tocsin: %v\nSee tocsin --help.\n", err)
		return exitUsage
	}
	return status(k.Run(), std.err)
}

// status tells err and gives the exit status that it stands for.
func status(err error, w io.Writer) int {
	var u usageError
	switch {
	case err == nil, errors.Is(err, syscall.EPIPE):
		return exitDone
	case errors.Is(err, errTold):
		if errors.As(err, &u) {
			return exitUsage
		}
		return exitFailure
	case errors.As(err, &u):
		fmt.Fprintf(w, "tocsin: %v\n", err)
		return exitUsage
	}
	fmt.Fprintf(w, "tocsin: %v\n", err)
	return exitFailure
}

// load reads the configuration that the command line names.
func (c *commands) load() (app.Config, error) {
	cfg, err := app.LoadConfig(c.Config, os.Environ())
	if err != nil {
		return cfg, usageError{err}
	}
	cfg.Understanding = c.loaded
	return cfg, nil
}
