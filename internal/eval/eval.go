// Package eval measures Tocsin against data that others have labelled, with
// scorers that are not its own, and keeps the figures as golden files: a
// change in quality is a line in the diff. It knows where the data lies and
// which command answers; it judges nothing itself.
package eval

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// Suite is where the data, the scorers and the program are, and where the
// figures go.
type Suite struct {
	// Shared has the folders data and score.
	Shared string
	// Tocsin is the command that is measured.
	Tocsin string
	// Golden is the folder of golden files, Work a folder for what lies between.
	Golden, Work string
	Log          io.Writer
}

// Part is one golden file: its name, and what writes it.
type Part struct {
	Name string
	Run  func(ctx context.Context, s Suite, w io.Writer) error
}

// Parts are all golden files, the quick ones first.
var Parts = []Part{
	{"language", language},
	{"topics", topics},
	{"entities", entities},
	{"news", news},
	{"who", who},
	{"feeds", feeds},
	{"pages", pages},
	{"stories", stories},
	{"alerts", alerts},
	{"shuffled", shuffled},
	{"pipeline", pipeline},
}

// Run runs the parts and writes each one's golden file.
func (s Suite) Run(ctx context.Context, parts []Part) error {
	for _, p := range parts {
		fmt.Fprintf(s.Log, "== %s\n", p.Name)
		var b bytes.Buffer
		if err := p.Run(ctx, s, &b); err != nil {
			return fmt.Errorf("%s: %w", p.Name, err)
		}
		fmt.Fprint(s.Log, b.String())
		if err := os.WriteFile(filepath.Join(s.Golden, p.Name+".txt"), b.Bytes(), 0o644); err != nil {
			return err
		}
	}
	return nil
}

func (s Suite) data(elem ...string) string {
	return filepath.Join(append([]string{s.Shared, "data"}, elem...)...)
}

// score runs one of the scorers and returns its last line.
func (s Suite) score(ctx context.Context, scorer string, args ...string) (Figures, error) {
	cmd := exec.CommandContext(ctx, "python3", append([]string{filepath.Join(s.Shared, "score", scorer+".py")}, args...)...)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		return nil, fmt.Errorf("%s: %w: %s", scorer, err, errs.String())
	}
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	var f Figures
	if err := json.Unmarshal([]byte(lines[len(lines)-1]), &f); err != nil {
		return nil, fmt.Errorf("%s: its last line is not JSON: %w", scorer, err)
	}
	return f, nil
}

// pipe runs command and keeps its output as the file name in the work folder. Exit status 1 (done, with failures told) is
// not an error.
func (s Suite) pipe(ctx context.Context, name, command string, args ...string) (string, error) {
	path := filepath.Join(s.Work, name)
	f, err := os.Create(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	cmd := exec.CommandContext(ctx, command, args...)
	var errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = f, &errs
	if err := cmd.Run(); err != nil && cmd.ProcessState.ExitCode() != 1 {
		return "", fmt.Errorf("%s %s: %w: %s", filepath.Base(command), strings.Join(args, " "), err, errs.String())
	}
	return path, nil
}

// enriched makes Enriched lines of a gold set.
func (s Suite) enriched(ctx context.Context, gold, name string, flags ...string) (string, error) {
	articles, err := s.pipe(ctx, name+".articles.jsonl", "python3", append([]string{filepath.Join(s.Shared, "score", "to_articles.py"), gold}, flags...)...)
	if err != nil {
		return "", err
	}
	return s.pipe(ctx, name+".enriched.jsonl", s.Tocsin, "enrich", articles)
}

// unpacked unpacks a set that comes as an archive.
func (s Suite) unpacked(ctx context.Context, set, name string) (string, error) {
	dir := filepath.Join(s.Work, name)
	_, err := s.pipe(ctx, name+".unpack.log", "python3", filepath.Join(s.Shared, "score", "unpack.py"), set, dir)
	return dir, err
}
