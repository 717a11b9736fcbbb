package app

import (
	"encoding/json"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// The house, by room. Imports go downwards only: cmd → app → web, eval, verbs,
// bus → nouns → pkg/events.
var (
	verbs = []string{"ingest", "enrich", "detect", "notify"}
	nouns = []string{
		"source", "fingerprint", "lang", "entity", "topic", "story", "burst", "watch", "subscription", "verdict",
		"query", "origin", "token", "piece", "speech", "sample", "report",
	}
	// sides stand beside the verbs and may be used by app alone; egress is the
	// one door out.
	sides = []string{"web", "eval", "bus", "egress"}
)

const module = "github.com/tocsin-news/tocsin/"

// room is the part of the house that an import path is in.
func room(path string) string {
	rest, ours := strings.CutPrefix(path, module)
	if !ours {
		return ""
	}
	part := strings.Split(rest, "/")
	if part[0] == "internal" {
		return part[1]
	}
	return part[0]
}

func TestImportsGoDownwards(t *testing.T) {
	out, err := exec.Command("go", "list", "-json=ImportPath,Name,Imports", module+"...").Output()
	if err != nil {
		t.Fatal(err)
	}
	rooms := map[string]bool{}
	for dec := json.NewDecoder(strings.NewReader(string(out))); dec.More(); {
		var p struct {
			ImportPath, Name string
			Imports          []string
		}
		if err := dec.Decode(&p); err != nil {
			t.Fatal(err)
		}
		from := room(p.ImportPath)
		rooms[from] = true
		if p.Name == "main" && from != "cmd" {
			continue // a program that makes data or measures
		}
		for _, to := range p.Imports {
			if why := forbidden(from, to); why != "" {
				t.Errorf("%s imports %s: %s", strings.TrimPrefix(p.ImportPath, module), to, why)
			}
		}
	}
	for r := range rooms {
		if !slices.Contains(slices.Concat(verbs, nouns, sides, []string{"app", "cmd", "pkg", "deploy"}), r) {
			t.Errorf("room %s is not in the table: say where it stands", r)
		}
	}
}

func forbidden(from, to string) string {
	at := room(to)
	switch {
	case at == "" && slices.Contains(nouns, from):
		if from == "source" && to == "net/http" {
			return "" // for DetectContentType, which reads bytes and nothing else
		}
		for _, p := range []string{"go.uber.org/zap", "github.com/prometheus/", "github.com/nats-io/", "net/http"} {
			if strings.HasPrefix(to, p) {
				return "a noun knows no logger, metrics, broker or network"
			}
		}
	case at == "" || at == from:
	case at == "app" && from != "cmd" && from != "eval":
		return "only cmd and eval know app"
	case from == "pkg":
		return "the contract depends on the standard library alone"
	case slices.Contains(nouns, from) && !slices.Contains(nouns, at) && at != "pkg":
		return "a noun knows nouns and the contract"
	case slices.Contains(verbs, from) && (slices.Contains(verbs, at) || slices.Contains(sides, at)):
		return "a verb asks for what it needs by an interface"
	case slices.Contains(sides, from) && from != "eval" && (slices.Contains(verbs, at) || slices.Contains(sides, at)):
		return "what stands beside the verbs knows none of them"
	}
	return ""
}
