package bus

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// PublishAll is [Publish] for many at once: they go as one atomic batch a
// stream (of at most 1,000), so that a stream syncs once for all of them. acks
// has one for each of outs. An error tells of the first that was not
// published; those with an Ack whose Seq is not 0 were, and saying them all
// again is harmless.
func PublishAll(ctx context.Context, b *Bus, outs []Out) (acks []Ack, err error) {
	at := now()
	all := make([]*sending, len(outs))
	for i, o := range outs {
		all[i] = b.sending(o, at)
		all[i].exact = true
		if all[i].err != nil {
			return make([]Ack, len(outs)), all[i].err
		}
		if err := b.room(all[i].stream); err != nil {
			return make([]Ack, len(outs)), fmt.Errorf("publish %s: %w", o.Subject, err)
		}
	}
	if _, bounded := ctx.Deadline(); !bounded {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, publishWait)
		defer cancel()
	}
	for try := 1; ; try++ {
		err = b.sendAll(ctx, all)
		if err == nil || errors.Is(err, ErrFull) || !pause(ctx, backoff(try, 50*time.Millisecond, time.Second)) {
			break
		}
	}
	acks = make([]Ack, len(outs))
	for i, s := range all {
		acks[i] = s.ack
		if err == nil {
			err = s.err
		}
	}
	return acks, err
}

// sending makes o ready to be sent; its err says when it can never be.
func (b *Bus) sending(o Out, at string) *sending {
	s := &sending{stream: streamOf(o.Subject)}
	if s.stream == "" {
		s.err = fmt.Errorf("publish %s: %w: a subject begins with the word tocsin and a dot", o.Subject, errNoStream)
		return s
	}
	if s.msg, s.err = b.message(o, at); s.err != nil {
		s.err = fmt.Errorf("publish %s: %w", o.Subject, s.err)
	}
	return s
}
