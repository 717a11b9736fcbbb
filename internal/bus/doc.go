// Package bus is the one room that knows JetStream. It carries Tocsin's
// messages between the workers, and keeps what they must find again.
//
// It knows streams, consumers, buckets and the broker itself; it does not know
// what an article or an alert means, and never looks inside one.
//
// Three ways to move a message:
//
//	Publish  says one thing, and waits until the stream has it
//	Consume  hands each message to one of a group of workers, and publishes
//	         what they answer before it acknowledges what they read
//	Follow   reads a stream from the reader's own position, history first,
//	         then live, in order
//
// The rules that it keeps: state the next fact, wait for its PubAck, then ack;
// dead-letter, wait for the PubAck, then ack; a repeated message is the same
// message (Nats-Msg-Id is the derived id); what goes missing is reported, with
// a count.
//
// Messages are CloudEvents 1.0 in binary mode: "ce-…" headers, JSON data.
package bus
