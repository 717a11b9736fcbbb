package bus

import (
	"fmt"
	"log/slog"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// Config says where the broker is, or that it runs in this process.
type Config struct {
	// URL is the broker's address, nats://host:4222; several, comma-separated.
	// It is not used when Embedded is set.
	URL string `yaml:"url"`
	// CredsFile is a NATS credentials file. It is read again on each connect, so
	// that rotated credentials are taken without a restart.
	CredsFile string `yaml:"creds_file"`
	// User is this process's identity at a broker that asks for one, and
	// PasswordFile holds its password, which is read again on each connect too.
	User         string `yaml:"user"`
	PasswordFile string `yaml:"password_file"`
	// Name is how the connection shows up at the broker.
	Name string `yaml:"name"`
	// InboxPrefix is the prefix of the subjects that replies come on, for a
	// broker whose permissions give each worker its own: _INBOX_enricher, which
	// is the default where User is enricher.
	InboxPrefix string `yaml:"inbox_prefix"`

	// Provisioned says that somebody else makes the streams and buckets, as
	// tocsin provision does: this process may not, and need not.
	Provisioned bool `yaml:"provisioned"`

	// Embedded runs the broker in this process, storing under Dir.
	Embedded bool   `yaml:"embedded"`
	Dir      string `yaml:"dir"`
	// Listen is the host:port on which the embedded broker accepts clients from
	// outside; empty: none.
	Listen string `yaml:"listen"`
	// Sync is when the embedded broker syncs its files: "always" (the default:
	// before it acknowledges) or an interval such as 2m. For a broker elsewhere
	// it says how that one does it; only speed depends on it.
	Sync string `yaml:"sync"`

	// Replicas is how many brokers keep each stream: 1 (the default), 3 or 5.
	Replicas int `yaml:"replicas"`
	// MaxBytes and MaxAge bound each stream; 0 is no bound. The oldest messages
	// go first.
	MaxBytes int64         `yaml:"max_bytes"`
	MaxAge   time.Duration `yaml:"max_age"`
}

// Hooks are where the bus reports. All may be left out.
type Hooks struct {
	Log     *slog.Logger
	Metrics prometheus.Registerer
}

// SyncAlways is the Sync of a broker that acknowledges only what is on disk.
const SyncAlways = "always"

// Validate reports the first thing in c that cannot work.
func (c Config) Validate() error {
	switch {
	case c.Embedded && c.Dir == "":
		return fmt.Errorf("bus: dir is empty: an embedded broker needs a directory to store in")
	case !c.Embedded && c.URL == "":
		return fmt.Errorf("bus: url is empty: give the broker's address (nats://localhost:4222) or set embedded")
	case (c.User == "") != (c.PasswordFile == ""):
		return fmt.Errorf("bus: user and password_file belong together: set both, or none")
	case c.User != "" && c.CredsFile != "":
		return fmt.Errorf("bus: creds_file and user are both set: keep the one that the broker knows")
	case c.Embedded && c.Provisioned:
		return fmt.Errorf("bus: provisioned is set, but an embedded broker is this process's own: leave it out")
	case c.Replicas < 0 || c.Replicas > 5 || c.Replicas == 2 || c.Replicas == 4:
		return fmt.Errorf("bus: replicas is %d: use 1, 3 or 5", c.Replicas)
	case c.Embedded && c.Replicas > 1:
		return fmt.Errorf("bus: replicas is %d, but an embedded broker is alone: use 1", c.Replicas)
	case c.MaxBytes < 0 || c.MaxAge < 0:
		return fmt.Errorf("bus: max_bytes and max_age cannot be negative; 0 is no bound")
	}
	_, err := syncEvery(c.Sync)
	return err
}

// inboxes is the prefix of the subjects that replies come on; empty: NATS's
// own.
func (c Config) inboxes() string {
	if c.InboxPrefix == "" && c.User != "" {
		return "_INBOX_" + c.User
	}
	return c.InboxPrefix
}

// syncEvery is the interval that s names, 0 for "always".
func syncEvery(s string) (time.Duration, error) {
	if s == "" || s == SyncAlways {
		return 0, nil
	}
	d, err := time.ParseDuration(s)
	if err != nil || d <= 0 {
		return 0, fmt.Errorf("bus: sync is %q: use always, or an interval such as 2m", s)
	}
	return d, nil
}
