package app

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"

	"github.com/tocsin-news/tocsin/internal/bus"
	"github.com/tocsin-news/tocsin/internal/egress"
	"github.com/tocsin-news/tocsin/internal/ingest"
	"github.com/tocsin-news/tocsin/internal/notify/channel"
	"github.com/tocsin-news/tocsin/internal/origin"
	"github.com/tocsin-news/tocsin/internal/subscription"
)

// Config is the one file of every command, tocsin.yaml. Each room's part is
// that room's own type; a worker reads the parts that it needs.
type Config struct {
	NATS   bus.Config `yaml:"nats"`
	Listen string     `yaml:"listen"`
	// Hosts are the names under which the console is addressed, besides
	// localhost and numeric addresses.
	Hosts []string `yaml:"hosts"`
	// Console is the address at which people see the console, for links in
	// notifications; without it, the one that Listen tells.
	Console       string                      `yaml:"console"`
	Tokens        []Token                     `yaml:"tokens"`
	Egress        egress.Config               `yaml:"egress"`
	Sources       []ingest.Source             `yaml:"sources"`
	SourceFiles   []string                    `yaml:"source_files"`
	WatchFiles    []string                    `yaml:"watch_files"`
	Pack          *bool                       `yaml:"pack"`
	EntityFiles   []string                    `yaml:"entity_files"`
	TopicFiles    []string                    `yaml:"topic_files"`
	Channels      []channel.Config            `yaml:"channels"`
	Subscriptions []subscription.Subscription `yaml:"subscriptions"`
	Log           LogConfig                   `yaml:"log"`
	// MaxOrigins, when it is not 0, asks watches for so many origins where
	// they ask for more: for a stream of few sources.
	MaxOrigins int `yaml:"max_origins"`

	// Publishers are known beside those that Sources tells of.
	Publishers []origin.Publisher `yaml:"-"`

	// Understanding, when it is there, is used instead of loading one, where no
	// file adds to it: for several apps or commands in one process.
	Understanding *Understanding `yaml:"-"`

	// Path is the file that it came from; empty for the built-in one. Paths
	// inside are relative to its directory.
	Path string `yaml:"-"`

	// origins is what set a field, where that was not the file of Path.
	origins map[string]string
}

// Token is an API token: who has its secret may do what its role may.
type Token struct {
	Name       string `yaml:"name"`
	Role       string `yaml:"role"` // reader, analyst, ingest, admin
	SecretFile string `yaml:"secret_file"`
}

// LogConfig says how much is logged, and how it is written.
type LogConfig struct {
	Level  string `yaml:"level"`  // debug, info, warn, error
	Format string `yaml:"format"` // json, console
}

var roles = []string{"reader", "analyst", "ingest", "admin"}

// LoadConfig reads the file at path ("" for the built-in configuration), then
// the environment. Its error names the file, the line and what to do.
func LoadConfig(path string, environ []string) (Config, error) {
	c, err := read(path)
	if err != nil {
		return Config{}, err
	}
	if err := c.environment(environ); err != nil {
		return Config{}, err
	}
	if err := c.readSourceFiles(); err != nil {
		return Config{}, err
	}
	return c, c.Validate()
}

func read(path string) (Config, error) {
	c := Config{Listen: "127.0.0.1:8080", Path: path}
	if path == "" {
		c.NATS = bus.Config{Embedded: true, Dir: "data"}
		return c, nil
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return Config{}, fmt.Errorf("read the configuration: %w", err)
	}
	if err := yaml.UnmarshalWithOptions(data, &c, yaml.Strict()); err != nil {
		return Config{}, fmt.Errorf("%s: %s", path, strings.TrimSpace(yaml.FormatError(err, false, true)))
	}
	c.NATS.Dir, c.NATS.CredsFile, c.NATS.PasswordFile = c.File(c.NATS.Dir), c.File(c.NATS.CredsFile), c.File(c.NATS.PasswordFile)
	return c, nil
}

// File resolves a path of the configuration; an empty one stays empty.
func (c Config) File(p string) string {
	if p == "" || filepath.IsAbs(p) || c.Path == "" {
		return p
	}
	return filepath.Join(filepath.Dir(c.Path), p)
}

// Glob resolves patterns of the configuration to files, in order. A pattern
// that names no file at all is an error: it is a typing mistake more often
// than a wish.
func (c Config) Glob(field string, patterns []string) ([]string, error) {
	var files []string
	for i, p := range patterns {
		found, err := filepath.Glob(c.File(p))
		if err != nil {
			return nil, c.wrong(fmt.Sprintf("%s[%d]", field, i), "%q is no file pattern: %v", p, err)
		}
		if len(found) == 0 {
			return nil, c.wrong(fmt.Sprintf("%s[%d]", field, i), "%q matches no file", p)
		}
		files = append(files, found...)
	}
	return files, nil
}

// UsePack reports whether the shipped watches run: unless the configuration
// has its own, or says otherwise.
func (c Config) UsePack() bool {
	if c.Pack != nil {
		return *c.Pack
	}
	return len(c.WatchFiles) == 0
}

// Validate reports everything in c that cannot work.
func (c Config) Validate() error {
	var errs []error
	if err := c.NATS.Validate(); err != nil {
		text := strings.TrimPrefix(err.Error(), "bus: ")
		field := "nats"
		if word, _, ok := strings.Cut(text, " is "); ok && !strings.Contains(word, " ") {
			field += "." + word
		}
		errs = append(errs, c.wrong(field, "%v", text))
	}
	if err := ingest.Check(c.Sources); err != nil {
		errs = append(errs, c.wrong("sources", "%v", err))
	}
	for i, t := range c.Tokens {
		if t.Name == "" || !slices.Contains(roles, t.Role) || t.SecretFile == "" {
			errs = append(errs, c.wrong(fmt.Sprintf("tokens[%d]", i), "needs a name, a role (%s) and a secret_file", strings.Join(roles, ", ")))
		}
	}
	errs = append(errs, c.validateChannels()...)
	if c.MaxOrigins < 0 {
		errs = append(errs, c.wrong("max_origins", "is negative: leave it out, or give 1 or more"))
	}
	if _, err := c.Log.level(); err != nil {
		errs = append(errs, c.wrong("log.level", "%v", err))
	}
	if f := c.Log.Format; f != "" && f != "json" && f != "console" {
		errs = append(errs, c.wrong("log.format", "is %q: json or console", f))
	}
	return errors.Join(errs...)
}

func (c Config) validateChannels() (errs []error) {
	known := map[string]bool{}
	for i, ch := range c.Channels {
		if err := ch.Validate(); err != nil {
			errs = append(errs, c.wrong(fmt.Sprintf("channels[%d]", i), "%v", err))
		}
		if known[ch.Name] {
			errs = append(errs, c.wrong(fmt.Sprintf("channels[%d].name", i), "%q is there twice", ch.Name))
		}
		known[ch.Name] = true
	}
	for i, s := range c.Subscriptions {
		if err := s.Validate(); err != nil {
			errs = append(errs, c.wrong(fmt.Sprintf("subscriptions[%d]", i), "%v", err))
		} else if !known[s.Channel] {
			errs = append(errs, c.wrong(fmt.Sprintf("subscriptions[%d].channel", i), "there is no channel %q", s.Channel))
		}
	}
	return errs
}

// wrong is an error about a field, with the line that the field is on or, where
// it did not come from the file, what set it.
func (c Config) wrong(field, format string, args ...any) error {
	where := "built-in configuration"
	if c.Path != "" {
		where = c.Path + lines(c.Path)(field)
	}
	if from, ok := c.origins[field]; ok {
		where = from
	}
	return fmt.Errorf("%s: %s: %s", where, field, fmt.Sprintf(format, args...))
}
