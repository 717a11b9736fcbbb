package main

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/tocsin-news/tocsin/internal/app"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"tocsin": func() {
			os.Exit(run(context.Background(), os.Args[1:], stdio{in: os.Stdin, out: os.Stdout, err: os.Stderr}))
		},
	})
}

// The scripts of testdata read like a manual: what one types, and what one
// sees. "exec tocsin" is a process of its own; "run tocsin" runs in this one,
// where the knowledge base is loaded once for all of them.
func TestScripts(t *testing.T) {
	here := &inProcess{t: t, loaded: sync.OnceValues(func() (*app.Understanding, error) { return app.Understand(app.Config{}) })}
	scripts, err := filepath.Abs("testdata") // the working directory moves while they run
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{Dir: scripts, Cmds: map[string]func(*testscript.TestScript, bool, []string){"run": here.command}})
}

// inProcess runs commands of scripts, one at a time: a process has one working
// directory.
type inProcess struct {
	t      *testing.T
	loaded func() (*app.Understanding, error)
	mu     sync.Mutex
}

// command is: run tocsin ARGUMENTS [< FILE].
func (p *inProcess) command(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) == 0 || args[0] != "tocsin" {
		ts.Fatalf("usage: run tocsin ARGUMENTS [< FILE]")
	}
	args = args[1:]
	std := stdio{in: strings.NewReader(""), out: ts.Stdout(), err: ts.Stderr()}
	if i := slices.Index(args, "<"); i >= 0 && i+2 == len(args) {
		std.in, args = strings.NewReader(ts.ReadFile(args[i+1])), args[:i]
	}
	var err error
	std.loaded, err = p.loaded()
	ts.Check(err)
	code, err := p.run(ts.MkAbs("."), args, std)
	ts.Check(err)
	if failed := code != exitDone; failed != neg {
		ts.Fatalf("tocsin %s: exit status %d", strings.Join(args, " "), code)
	}
}

func (p *inProcess) run(dir string, args []string, std stdio) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	home, err := os.Getwd()
	if err != nil {
		return 0, err
	}
	if err := os.Chdir(dir); err != nil {
		return 0, err
	}
	code := run(p.t.Context(), args, std)
	return code, os.Chdir(home)
}
