package bus

import (
	"strings"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/tocsin-news/tocsin/pkg/events"
)

// The streams and what each keeps. This is the whole topology: Ensure makes
// the broker agree with it.
type streamSpec struct {
	name     string
	subjects string
	// kind is the CloudEvents type of its messages.
	kind string
	// about is shown to whoever lists the streams.
	about string
}

var streams = [...]streamSpec{
	{events.StreamArticles, events.SubjectArticles, events.TypeArticle, "what was published"},
	{events.StreamEnriched, events.SubjectEnriched, events.TypeEnriched, "what was understood; the detector's memory"},
	{events.StreamAlerts, events.SubjectAlerts, events.TypeAlert, "one subject an alert, one message a version"},
	{events.StreamDead, events.SubjectDead, events.TypeDead, "what could not be handled, with its reason"},
}

// Names of the buckets.
const (
	Sources       = "SOURCES"
	Seen          = "SEEN"
	Watches       = "WATCHES"
	Subscriptions = "SUBSCRIPTIONS"
	Silences      = "SILENCES"
	Care          = "CARE"
	Outbox        = "OUTBOX"
	Deliveries    = "DELIVERIES"
	// Snapshots is the object store of the detector's snapshots.
	Snapshots = "SNAPSHOTS"
)

type bucketSpec struct {
	name string
	// history is how many values of a key are kept.
	history uint8
	// ttl is when a value that is not renewed is forgotten; 0: never.
	ttl   time.Duration
	about string
}

var buckets = [...]bucketSpec{
	{Sources, 1, 0, "what is fetched, and what was learnt of it"},
	{Seen, 1, 30 * 24 * time.Hour, "articles already accepted"},
	{Watches, 5, 0, "what people watch for"},
	{Subscriptions, 5, 0, "who is told of what"},
	{Silences, 5, 0, "what is muted, by whom, until when"},
	{Care, 5, 90 * 24 * time.Hour, "which alerts somebody has in hand or has snoozed"},
	{Outbox, 1, 0, "notifications not yet sent, by channel"},
	{Deliveries, 1, 90 * 24 * time.Hour, "what was sent, where, when"},
}

// duplicates is how long the broker remembers a Nats-Msg-Id. It is a cheap
// filter for repeats after a crash, never the argument: ids are.
const duplicates = 5 * time.Minute

// maxMessage is the largest message, headers and all, that the embedded broker
// takes: an article of 256 Ki characters of any script, with what was
// understood of it.
const maxMessage = 8 << 20

func (s streamSpec) config(c Config) jetstream.StreamConfig {
	return jetstream.StreamConfig{
		Name:               s.name,
		Description:        s.about,
		Subjects:           []string{s.subjects},
		Retention:          jetstream.LimitsPolicy,
		Storage:            jetstream.FileStorage,
		Compression:        jetstream.S2Compression,
		Discard:            jetstream.DiscardOld,
		Duplicates:         duplicates,
		Replicas:           max(c.Replicas, 1),
		MaxBytes:           orUnlimited(c.MaxBytes),
		MaxAge:             c.MaxAge,
		MaxMsgs:            -1,
		MaxMsgsPerSubject:  -1,
		MaxConsumers:       -1,
		MaxMsgSize:         -1,
		AllowDirect:        true,
		AllowAtomicPublish: true,
		AllowBatchPublish:  true,
	}
}

func (s bucketSpec) config(c Config) jetstream.KeyValueConfig {
	return jetstream.KeyValueConfig{
		Bucket:      s.name,
		Description: s.about,
		History:     s.history,
		TTL:         s.ttl,
		Storage:     jetstream.FileStorage,
		Replicas:    max(c.Replicas, 1),
		Compression: true,
	}
}

func snapshotsConfig(c Config) jetstream.ObjectStoreConfig {
	return jetstream.ObjectStoreConfig{
		Bucket:      Snapshots,
		Description: "the detector's state, with the sequence that it reflects",
		Storage:     jetstream.FileStorage,
		Replicas:    max(c.Replicas, 1),
		Compression: true,
	}
}

// streamOf is the stream that keeps subject, or "".
func streamOf(subject string) string {
	for _, s := range streams {
		if strings.HasPrefix(subject, strings.TrimSuffix(s.subjects, ">")) {
			return s.name
		}
	}
	return ""
}

// kindOf is the CloudEvents type of the stream's messages, or "".
func kindOf(stream string) string {
	for _, s := range streams {
		if s.name == stream {
			return s.kind
		}
	}
	return ""
}

func orUnlimited(n int64) int64 {
	if n == 0 {
		return -1
	}
	return n
}
