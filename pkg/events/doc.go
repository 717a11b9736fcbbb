// Package events is Tocsin's public contract: the messages that its workers
// pass to one another and to anybody who listens.
//
// The way of the data is one line, and each hop has a type:
//
//	a source → Article → Enriched → Alert → a delivery
//
// Messages travel over NATS JetStream as CloudEvents 1.0 in binary mode: the
// attributes are "ce-…" headers, the data is the JSON of the types here. The
// subjects are in this package too, so that a plain NATS client can subscribe
// to one watch with "tocsin.alert.nato-missile.>".
//
// The package depends on the standard library alone. Old messages decode
// forever: testdata/golden keeps one of each kind and version. A field that
// this version does not know is ignored, never an error.
//
// Times are RFC 3339 in UTC. Offsets are bytes of the UTF-8 text, half-open.
package events
