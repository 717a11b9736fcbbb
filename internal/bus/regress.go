package bus

import (
	"context"
	"errors"
	"fmt"

	"github.com/nats-io/nats.go/jetstream"
)

// check compares the reader's position with the stream. A position that does
// not fit is a [*Regressed].
func (f *following) check(ctx context.Context) (StreamInfo, error) {
	info, err := f.bus.Stream(ctx, f.stream.Name)
	if err != nil {
		return info, err
	}
	had := f.next - 1
	wrong := &Regressed{Stream: f.stream.Name, Position: had, First: info.First, Last: info.Last}
	switch {
	case !f.stream.Created.IsZero() && !f.stream.Created.Equal(info.Created):
		wrong.Missing, wrong.Reason = had, "it was made anew since the position was noted"
	case had > info.Last:
		wrong.Missing, wrong.Reason = had-info.Last, "it ends before the position: it was purged, made anew or restored from an older copy"
	case had > 0 && f.next < info.First:
		wrong.Missing, wrong.Reason = info.First-f.next, "it begins behind the position: messages were dropped before they were read"
	default:
		f.stream.Created = info.Created
		return info, f.checkLast(ctx, wrong)
	}
	return info, f.report(wrong)
}

// checkLast compares the message at the position with the one that was read
// there, as far as that is known.
func (f *following) checkLast(ctx context.Context, wrong *Regressed) error {
	if f.stream.LastID == "" || wrong.Position == 0 || wrong.Position < wrong.First {
		return nil
	}
	s, err := f.bus.js.Stream(ctx, f.stream.Name)
	if err != nil {
		return fmt.Errorf("follow %s: %w", f.stream.Name, err)
	}
	raw, err := s.GetMsg(ctx, wrong.Position)
	if errors.Is(err, jetstream.ErrMsgNotFound) {
		return nil // deleted: nothing to compare
	}
	if err != nil {
		return fmt.Errorf("follow %s: %w", f.stream.Name, err)
	}
	if header(raw.Header, headerID) == f.stream.LastID {
		return nil
	}
	wrong.Missing, wrong.Reason = wrong.Position, "another message stands at the position: it was restored from an older copy"
	return f.report(wrong)
}

func (f *following) report(wrong *Regressed) error {
	f.bus.metrics.missing.WithLabelValues(f.stream.Name).Add(float64(wrong.Missing))
	f.bus.log.Error("the stream does not fit the reader's position", "err", wrong)
	return wrong
}

// idle looks at the stream when nothing has come for a while: whether that is
// because the stream is not what it was.
func (f *following) idle(ctx context.Context) error {
	info, err := f.check(ctx)
	if err != nil {
		return err
	}
	if f.stream.Filter == "" && info.Last >= f.next {
		return errAgain // there is something to read, and it does not come
	}
	return nil
}

// mind looks for sequences that are gone between the last message and seq.
func (f *following) mind(seq uint64) error {
	if f.stream.Filter != "" || seq == f.next {
		return nil
	}
	if f.next == 1 { // never read before: the stream begins where it begins
		return nil
	}
	gap := Gap{Stream: f.stream.Name, From: f.next, To: seq - 1}
	f.bus.metrics.missing.WithLabelValues(f.stream.Name).Add(float64(gap.Missing()))
	f.bus.log.Error("messages are gone from a stream", "stream", gap.Stream, "from", gap.From, "to", gap.To, "missing", gap.Missing())
	if f.stream.Gap != nil {
		f.stream.Gap(gap)
	}
	return nil
}
