package app

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// environment overlays what TOCSIN_… variables say. A file beats nothing, the
// environment beats the file, a flag beats both. What is wrong later blames the
// variable.
func (c *Config) environment(environ []string) error {
	for _, kv := range environ {
		key, value, _ := strings.Cut(kv, "=")
		if !strings.HasPrefix(key, "TOCSIN_") || slices.Contains(ofCommands, key) {
			continue
		}
		v, ok := variables[key]
		if !ok {
			return fmt.Errorf("environment: %s is not known: %s", key, strings.Join(slices.Sorted(maps.Keys(variables)), ", "))
		}
		if err := v.set(c, value); err != nil {
			return fmt.Errorf("environment: %s=%s: %w", key, value, err)
		}
		for _, field := range v.fields {
			c.setBy(field, "environment: "+key)
		}
	}
	return nil
}

// setBy notes what set a field, where that was not the file of Path.
func (c *Config) setBy(field, what string) {
	if c.origins == nil {
		c.origins = map[string]string{}
	}
	c.origins[field] = what
}

// ofCommands are variables that stand for flags of commands.
var ofCommands = []string{"TOCSIN_CONFIG", "TOCSIN_URL", "TOCSIN_TOKEN", "TOCSIN_TOKEN_FILE"}

// variable is a TOCSIN_… variable: the fields that it sets, and how.
type variable struct {
	set    func(c *Config, value string) error
	fields []string
}

var variables = map[string]variable{
	"TOCSIN_LISTEN":             ofText("listen", func(c *Config) *string { return &c.Listen }),
	"TOCSIN_NATS_CREDS_FILE":    ofText("nats.creds_file", func(c *Config) *string { return &c.NATS.CredsFile }),
	"TOCSIN_NATS_USER":          ofText("nats.user", func(c *Config) *string { return &c.NATS.User }),
	"TOCSIN_NATS_PASSWORD_FILE": ofText("nats.password_file", func(c *Config) *string { return &c.NATS.PasswordFile }),
	"TOCSIN_NATS_DIR":           ofText("nats.dir", func(c *Config) *string { return &c.NATS.Dir }),
	"TOCSIN_NATS_SYNC":          ofText("nats.sync", func(c *Config) *string { return &c.NATS.Sync }),
	"TOCSIN_LOG_LEVEL":          ofText("log.level", func(c *Config) *string { return &c.Log.Level }),
	"TOCSIN_LOG_FORMAT":         ofText("log.format", func(c *Config) *string { return &c.Log.Format }),
	"TOCSIN_NATS_URL": {fields: []string{"nats.url", "nats.embedded"}, set: func(c *Config, v string) error {
		c.NATS.URL, c.NATS.Embedded = v, false
		return nil
	}},
	"TOCSIN_NATS_PROVISIONED": {fields: []string{"nats.provisioned"}, set: func(c *Config, v string) (err error) {
		if c.NATS.Provisioned, err = strconv.ParseBool(v); err != nil {
			return fmt.Errorf("is neither true nor false")
		}
		return nil
	}},
	"TOCSIN_NATS_REPLICAS": {fields: []string{"nats.replicas"}, set: func(c *Config, v string) (err error) {
		if c.NATS.Replicas, err = strconv.Atoi(v); err != nil {
			return fmt.Errorf("is no number: use 1, 3 or 5")
		}
		return nil
	}},
}

func ofText(field string, of func(*Config) *string) variable {
	return variable{fields: []string{field}, set: func(c *Config, v string) error { *of(c) = v; return nil }}
}
