package bus

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
)

// Headers of CloudEvents 1.0 in NATS's binary mode, and what goes along.
// Source: https://github.com/cloudevents/spec/blob/main/cloudevents/bindings/nats-protocol-binding.md
const (
	headerID      = "ce-id"
	headerType    = "ce-type"
	headerSource  = "ce-source"
	headerSpec    = "ce-specversion"
	headerTime    = "ce-time"
	headerContent = "datacontenttype"

	// The W3C trace context, carried on from a message to its results.
	headerTrace      = "traceparent"
	headerTraceState = "tracestate"
)

// Meta is what came with a message.
type Meta struct {
	Stream  string
	Subject string
	// Seq is the message's place in the stream, from 1.
	Seq uint64
	// Time is when the stream stored it.
	Time time.Time
	// ID and Type are the CloudEvents id and type; empty when the sender set
	// none.
	ID, Type string
	// Tries is how often the message was delivered, this time included. Follow
	// leaves it 1.
	Tries int
	// Header is the message's whole header; not to be changed.
	Header map[string][]string
}

// Out is a result to publish.
type Out struct {
	Subject string
	// Type is the CloudEvents type; ID is derived from the content, so that a
	// result said twice is one result.
	Type, ID string
	// Value is written as JSON; a json.RawMessage or []byte goes as it is.
	Value any
	// Header is added to the message's own.
	Header map[string][]string
}

// message makes the NATS message of o, without the place in a batch.
func (b *Bus) message(o Out, at string) (*nats.Msg, error) {
	data, err := encode(o.Value)
	if err != nil {
		return nil, fmt.Errorf("%s %s: %w: %w", o.Type, o.ID, errEncode, err)
	}
	h := make(nats.Header, 8) // no more, and the map is one piece
	for k, v := range o.Header {
		h[k] = v
	}
	v := [...]string{o.ID, o.Type, source(b.cfg.Name), "1.0", at, "application/json"}
	h[headerID], h[headerType], h[headerSource] = v[0:1:1], v[1:2:2], v[2:3:3]
	h[headerSpec], h[headerTime], h[headerContent] = v[3:4:4], v[4:5:5], v[5:6:6]
	if o.ID != "" {
		h[nats.MsgIdHdr] = v[0:1:1]
	}
	return &nats.Msg{Subject: o.Subject, Header: h, Data: data}, nil
}

// source is the CloudEvents source of a worker's messages.
func source(name string) string {
	if name == "" {
		return "/tocsin"
	}
	return "/tocsin/" + name
}

func now() string { return time.Now().UTC().Format(time.RFC3339Nano) }

func encode(v any) ([]byte, error) {
	switch v := v.(type) {
	case json.RawMessage:
		return v, nil
	case []byte:
		return v, nil
	}
	return json.Marshal(v)
}

// decode reads data into v. A [json.RawMessage] or []byte is taken as it is.
func decode(data []byte, v any) error {
	switch v := v.(type) {
	case *json.RawMessage:
		*v = data
		return nil
	case *[]byte:
		*v = data
		return nil
	}
	return json.Unmarshal(data, v)
}

// header is the first value of key in h, or "".
func header(h nats.Header, key string) string {
	if v := h[key]; len(v) > 0 {
		return v[0]
	}
	return ""
}

// checkType compares a message's type with the one wanted: nil when they are
// the same or when the sender said nothing, else an [*UnknownType].
func checkType(got, want string) error {
	if got == "" || want == "" || got == want {
		return nil
	}
	gotBase, gotMajor := majorOf(got)
	wantBase, wantMajor := majorOf(want)
	return &UnknownType{Type: got, Want: want, Newer: gotBase == wantBase && gotMajor > wantMajor}
}

// majorOf splits news.tocsin.article.v1 into news.tocsin.article and 1.
func majorOf(kind string) (base string, major int) {
	i := strings.LastIndex(kind, ".v")
	if i < 0 {
		return kind, 0
	}
	n, err := strconv.Atoi(kind[i+2:])
	if err != nil {
		return kind, 0
	}
	return kind[:i], n
}
