package events

import "time"

// Dead is a message that a worker could not handle, with its reason. It can be
// sent back to where it came from.
type Dead struct {
	// Worker is who gave up: ingestor, enricher, detector, notifier.
	Worker string `json:"worker"`
	// Subject and Stream are where the message came from; Sequence is its place
	// there.
	Subject  string `json:"subject"`
	Stream   string `json:"stream"`
	Sequence uint64 `json:"sequence"`
	// Reason is the error, as an operator reads it.
	Reason string `json:"reason"`
	// Tries is how often it was tried.
	Tries int       `json:"tries"`
	At    time.Time `json:"at"`
	// Header and Data are the message as it was.
	Header map[string][]string `json:"header,omitempty"`
	Data   []byte              `json:"data"`
}
