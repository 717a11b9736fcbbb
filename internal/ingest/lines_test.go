package ingest

import (
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/tocsin-news/tocsin/pkg/events"
)

func TestLines(t *testing.T) {
	type read struct {
		title string // of a good line
		line  int
		err   string // of a bad one, or a part of it
	}
	for _, c := range []struct {
		name, in string
		want     []read
	}{
		{"nothing", "", nil},
		{"blank lines are passed over, and counted", "\n\n{\"title\":\"a\"}\r\n  \n{\"title\":\"b\"}", []read{{"a", 3, ""}, {"b", 5, ""}}},
		{"a byte-order mark", "\ufeff{\"title\":\"a\"}\n", []read{{"a", 1, ""}}},
		{"unknown fields are no error", `{"title":"a","x":{"y":[1]}}`, []read{{"a", 1, ""}}},
		{"a bad line, and the rest goes on", "{\"title\":\"a\"}\n{bad\n{\"title\":\"c\"}\n", []read{{"a", 1, ""}, {"", 2, "it is not JSON: column 2"}, {"c", 3, ""}}},
		{"not an object", "[1]\n\"x\"\n", []read{{"", 1, "not a JSON object"}, {"", 2, "not a JSON object"}}},
		{"two on a line", `{"title":"a"} {"title":"b"}`, []read{{"", 1, "it is not JSON: column 15"}}},
		{"the wrong kind of value", `{"title":7}`, []read{{"", 1, "title: it is a JSON number, not string"}}},
		{"a date that is none", `{"published_at":"yesterday"}`, []read{{"", 1, "it cannot be read"}}},
		{"not UTF-8", "{\"title\":\"\xff\"}\n{\"title\":\"b\"}", []read{{"", 1, "UTF-8"}, {"b", 2, ""}}},
		{"a line that is too long", "{\"title\":\"" + strings.Repeat("x", MaxLine) + "\"}\n{\"title\":\"b\"}\n", []read{{"", 1, "more than 4096 KiB"}, {"b", 2, ""}}},
		{"a last line that is too long", "{\"title\":\"" + strings.Repeat("x", 2*MaxLine), []read{{"", 1, "more than 4096 KiB"}}},
		{"deep nesting", strings.Repeat(`{"a":`, 20000) + "1" + strings.Repeat("}", 20000), []read{{"", 1, ""}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			lines := NewLines(strings.NewReader(c.in))
			for n := 0; ; n++ {
				a, err := lines.Article()
				if errors.Is(err, io.EOF) {
					if n != len(c.want) {
						t.Errorf("%d lines, want %d", n, len(c.want))
					}
					return
				}
				if n >= len(c.want) {
					t.Fatalf("one more: %v, %v", a, err)
				}
				w, bad := c.want[n], (*LineError)(nil)
				switch {
				case errors.As(err, &bad):
					if w.title != "" || bad.Line != w.line || !strings.Contains(bad.Error(), w.err) {
						t.Errorf("error %v, want line %d and %q", err, w.line, w.err)
					}
				case err != nil:
					t.Fatal(err)
				case a.Title != w.title || lines.Line() != w.line:
					t.Errorf("line %d %q, want line %d %q", lines.Line(), a.Title, w.line, w.title)
				}
			}
		})
	}
}

func FuzzLines(f *testing.F) {
	f.Add([]byte("{\"title\":\"a\"}\n{bad\n\n{\"title\":\"c\"}"))
	f.Add([]byte("\ufeff{}\r\n\xff\n"))
	f.Fuzz(func(t *testing.T, in []byte) {
		lines := NewLines(strings.NewReader(string(in)))
		most := strings.Count(string(in), "\n") + 1
		for n := 0; ; n++ {
			var a events.Article
			err := lines.Next(&a)
			if errors.Is(err, io.EOF) {
				return
			}
			if bad := (*LineError)(nil); err != nil && !errors.As(err, &bad) {
				t.Fatalf("an error that is of no line: %v", err)
			}
			if n > most || lines.Line() > most {
				t.Fatalf("more lines than there are: %d", lines.Line())
			}
		}
	})
}
