package app

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// environment overlays what TOCSIN_… variables say. A file beats nothing, the
// environment beats the file, a flag beats both.
func (c *Config) environment(environ []string) error {
	for _, kv := range environ {
		key, value, _ := strings.Cut(kv, "=")
		if !strings.HasPrefix(key, "TOCSIN_") || slices.Contains(ofCommands, key) {
			continue
		}
		set, ok := variables[key]
		if !ok {
			return fmt.Errorf("environment: %s is not known: %s", key, known())
		}
		if err := set(c, value); err != nil {
			return fmt.Errorf("environment: %s=%s: %w", key, value, err)
		}
	}
	return nil
}

// ofCommands are variables that stand for flags of commands.
var ofCommands = []string{"TOCSIN_CONFIG", "TOCSIN_URL", "TOCSIN_TOKEN", "TOCSIN_TOKEN_FILE"}

var variables = map[string]func(*Config, string) error{
	"TOCSIN_LISTEN": func(c *Config, v string) error { c.Listen = v; return nil },
	"TOCSIN_NATS_URL": func(c *Config, v string) error {
		c.NATS.URL, c.NATS.Embedded = v, false
		return nil
	},
	"TOCSIN_NATS_CREDS_FILE": func(c *Config, v string) error { c.NATS.CredsFile = v; return nil },
	"TOCSIN_NATS_USER":       func(c *Config, v string) error { c.NATS.User = v; return nil },
	"TOCSIN_NATS_PASSWORD_FILE": func(c *Config, v string) error {
		c.NATS.PasswordFile = v
		return nil
	},
	"TOCSIN_NATS_PROVISIONED": func(c *Config, v string) (err error) {
		c.NATS.Provisioned, err = strconv.ParseBool(v)
		return err
	},
	"TOCSIN_NATS_DIR":  func(c *Config, v string) error { c.NATS.Dir = v; return nil },
	"TOCSIN_NATS_SYNC": func(c *Config, v string) error { c.NATS.Sync = v; return nil },
	"TOCSIN_NATS_REPLICAS": func(c *Config, v string) (err error) {
		c.NATS.Replicas, err = strconv.Atoi(v)
		return err
	},
	"TOCSIN_LOG_LEVEL":  func(c *Config, v string) error { c.Log.Level = v; return nil },
	"TOCSIN_LOG_FORMAT": func(c *Config, v string) error { c.Log.Format = v; return nil },
}

func known() string {
	var names []string
	for n := range variables {
		names = append(names, n)
	}
	slices.Sort(names)
	return strings.Join(names, ", ")
}
