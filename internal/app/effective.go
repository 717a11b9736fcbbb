package app

import (
	"cmp"
	"encoding"
	"fmt"
	"io"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/parser"

	"github.com/tocsin-news/tocsin/internal/bus"
)

// WriteEffective writes the configuration that counts, as a file that could be
// read again, with where each value comes from behind it. What may be a secret
// is left out; files that hold secrets are named, not read.
func (c Config) WriteEffective(w io.Writer) error {
	c.NATS.Sync = cmp.Or(c.NATS.Sync, bus.SyncAlways)
	c.NATS.Replicas = max(c.NATS.Replicas, 1)
	c.Log.Level = cmp.Or(c.Log.Level, "info")
	c.Console = c.console()
	pack := c.UsePack()
	c.Pack = &pack
	c.SourceFiles = nil // what they hold is among the sources
	c.Channels = slices.Clone(c.Channels)
	for i := range c.Channels {
		c.Channels[i] = c.Channels[i].Redacted()
	}
	p := printing{cfg: c, line: lines(c.Path), comments: yaml.CommentMap{}}
	out, err := yaml.MarshalWithOptions(p.value(reflect.ValueOf(c), ""), yaml.WithComment(p.comments), yaml.IndentSequence(true))
	if err != nil {
		return err
	}
	_, err = w.Write(out)
	return err
}

// printing makes a document of a configuration, and notes where its values come
// from.
type printing struct {
	cfg      Config
	line     func(field string) string
	comments yaml.CommentMap
}

// value is v as YAML; field is its path in the file, "" for the whole.
func (p printing) value(v reflect.Value, field string) any {
	if v.Kind() == reflect.Pointer {
		v = v.Elem()
	}
	if text, ok := v.Interface().(encoding.TextMarshaler); ok && v.Kind() != reflect.Struct {
		b, _ := text.MarshalText()
		return p.leaf(string(b), field)
	}
	switch v.Kind() {
	case reflect.Struct:
		out := yaml.MapSlice{}
		for i := range v.NumField() {
			name, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("yaml"), ",")
			if name == "" || name == "-" || v.Field(i).IsZero() {
				continue
			}
			out = append(out, yaml.MapItem{Key: name, Value: p.value(v.Field(i), strings.TrimPrefix(field+"."+name, "."))})
		}
		return out
	case reflect.Slice:
		out := make([]any, v.Len())
		for i := range out {
			out[i] = p.value(v.Index(i), fmt.Sprintf("%s[%d]", field, i))
		}
		return out
	case reflect.String:
		return p.leaf(hidden(v.String()), field)
	}
	if d, ok := v.Interface().(time.Duration); ok {
		return p.leaf(d.String(), field)
	}
	return p.leaf(v.Interface(), field)
}

// leaf notes where the value of a field comes from.
func (p printing) leaf(v any, field string) any {
	p.comments["$."+field] = []*yaml.Comment{yaml.LineComment(" " + p.cfg.comesFrom(field, p.line))}
	return v
}

// comesFrom says where the value of a field was set last.
func (c Config) comesFrom(field string, line func(string) string) string {
	for at := field; at != ""; at = at[:max(0, strings.LastIndexAny(at, ".["))] {
		if from, ok := c.origins[at]; ok {
			return from
		}
	}
	if at := line(field); at != "" {
		return c.Path + at
	}
	return "default"
}

var (
	password  = regexp.MustCompile(`(://[^/?#@:\s]*:)[^/?#@\s]*@`)
	parameter = regexp.MustCompile(`(?i)([?&][^=&#\s]*(?:key|token|secret|pass|sig|auth|code)[^=&#\s]*=)[^&#\s]*`)
)

// hidden is a text without what may be a secret in the addresses of it:
// passwords, and parameters that are named like one.
func hidden(s string) string {
	return parameter.ReplaceAllString(password.ReplaceAllString(s, "${1}hidden@"), "${1}hidden")
}

// lines finds ":LINE" of a field path such as "sources[2].every" in a file; ""
// when it is not there.
func lines(path string) func(field string) string {
	none := func(string) string { return "" }
	if path == "" {
		return none
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return none
	}
	file, err := parser.ParseBytes(data, 0)
	if err != nil {
		return none
	}
	return func(field string) string {
		p, err := yaml.PathString("$." + field)
		if err != nil {
			return ""
		}
		node, err := p.FilterFile(file)
		if err != nil || node == nil {
			return ""
		}
		return fmt.Sprintf(":%d", node.GetToken().Position.Line)
	}
}
