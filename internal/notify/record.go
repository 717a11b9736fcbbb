package notify

import (
	"slices"
	"time"

	"github.com/tocsin-news/tocsin/internal/notify/channel"
)

// Record is all that was decided and done about telling of one alert.
type Record struct {
	Alert string `json:"alert"`
	// Handled is the newest version that went through the stages; Skipped are
	// the older ones that did not, yet.
	Handled int   `json:"handled"`
	Skipped []int `json:"skipped,omitempty"`
	// Opened is the version with which the alert was last opened.
	Opened int `json:"opened,omitempty"`
	// Channels has what became of the versions on each channel.
	Channels map[string]Told `json:"channels,omitempty"`
}

// Told is what became of an alert on one channel.
type Told struct {
	// Version is the newest one that the receiver took, 0 for none. No version
	// up to it is sent any more.
	Version int `json:"version,omitempty"`
	// Outcomes are the last ones, oldest first.
	Outcomes []Outcome `json:"outcomes,omitempty"`
	// Waiting are the versions in the outbox, oldest first.
	Waiting []int `json:"waiting,omitempty"`
	// Claim is set while a notifier sends.
	Claim *Claim `json:"claim,omitempty"`
}

// Claim keeps two notifiers from sending on the same thread at once, as when
// one takes over from another. Clocks that differ by more than some seconds
// weaken it: then a message may be sent twice, with the same key.
type Claim struct {
	By    string    `json:"by"`
	Until time.Time `json:"until"`
}

// Outcome is how one version ended on one channel.
type Outcome struct {
	Version int    `json:"version"`
	Key     string `json:"key"`
	// End is one of the ends below.
	End string    `json:"end"`
	At  time.Time `json:"at"`
	// Tries is how often it was sent.
	Tries  int    `json:"tries,omitempty"`
	Reason string `json:"reason,omitempty"`
	// Report marks a report that another channel failed with this version.
	Report bool `json:"report,omitempty"`
}

// Ends of a message.
const (
	Delivered  = "delivered"
	Muted      = "muted"      // a silence held
	Superseded = "superseded" // a newer version took its place
	Failed     = "failed"     // refused for good
)

// Bounds of a record, so that an alert that lives for months stays small.
const (
	maxOutcomes = 20
	maxSkipped  = 64
	// claimFor is as long as a try and its record may take.
	claimFor = channel.Timeout + settleWithin
)

// has reports whether the version was handled.
func (r Record) has(version int) bool {
	return version <= r.Handled && !slices.Contains(r.Skipped, version)
}

// handle marks the version as handled. Versions that it jumps over may still
// come, when one was redelivered late.
func (r *Record) handle(version int) {
	if version <= r.Handled {
		r.Skipped = slices.DeleteFunc(r.Skipped, func(v int) bool { return v == version })
		return
	}
	for v := max(r.Handled+1, version-maxSkipped); v < version; v++ {
		r.Skipped = append(r.Skipped, v)
	}
	if extra := len(r.Skipped) - maxSkipped; extra > 0 {
		r.Skipped = slices.Delete(r.Skipped, 0, extra)
	}
	r.Handled = version
}

// told reports whether somebody on the channel knows of the alert.
func (r Record) told(channel string) bool { return r.Channels[channel].Version > 0 }

// queue notes that e waits in the outbox, unless it has ended already.
func (r *Record) queue(e Entry) {
	t := r.Channels[e.Channel]
	if r.ended(e) || slices.Contains(t.Waiting, e.Alert.Version) {
		return
	}
	t.Waiting = append(slices.Clone(t.Waiting), e.Alert.Version)
	slices.Sort(t.Waiting)
	r.set(e.Channel, t)
}

// ahead is the oldest version that waits before e, but for those that e takes
// the place of; 0 when none does.
func (r Record) ahead(e Entry, superseded []item) int {
	if e.Undelivered != nil {
		return 0
	}
	for _, v := range r.Channels[e.Channel].Waiting {
		if v < e.Alert.Version && !slices.ContainsFunc(superseded, func(it item) bool { return it.version == v }) {
			return v
		}
	}
	return 0
}

// claim takes the channel's thread for one try, or reports that somebody else
// has it. write is false when nothing has changed.
func (r *Record) claim(name, by string, now time.Time) (ok, write bool) {
	t := r.Channels[name]
	if c := t.Claim; c != nil && now.Before(c.Until) {
		if c.By != by {
			return false, false
		}
		if c.Until.Sub(now) > channel.Timeout {
			return true, false
		}
	}
	t.Claim = &Claim{By: by, Until: now.Add(claimFor)}
	r.set(name, t)
	return true, true
}

// forget takes the version out of those that wait.
func (r *Record) forget(channel string, version int) {
	t := r.Channels[channel]
	t.Waiting = slices.DeleteFunc(slices.Clone(t.Waiting), func(v int) bool { return v == version })
	r.set(channel, t)
}

func (r *Record) set(channel string, t Told) {
	if r.Channels == nil {
		r.Channels = map[string]Told{}
	}
	r.Channels[channel] = t
}

// ended reports whether e needs no more sending: it came to some end, or a
// later version of its alert was taken.
func (r Record) ended(e Entry) bool {
	t := r.Channels[e.Channel]
	if e.Undelivered == nil && e.Alert.Version <= t.Version {
		return true
	}
	return slices.ContainsFunc(t.Outcomes, func(o Outcome) bool { return o.Key == e.Key })
}

// end notes how e ended; false when an end of it is there already.
func (r *Record) end(e Entry, o Outcome) bool {
	t := r.Channels[e.Channel]
	if slices.ContainsFunc(t.Outcomes, func(have Outcome) bool { return have.Key == e.Key }) {
		return false
	}
	o.Version, o.Key, o.Report = e.Alert.Version, e.Key, e.Undelivered != nil
	t.Outcomes = append(slices.Clone(t.Outcomes), o)
	if extra := len(t.Outcomes) - maxOutcomes; extra > 0 {
		t.Outcomes = slices.Delete(t.Outcomes, 0, extra)
	}
	if o.End == Delivered && !o.Report {
		t.Version = max(t.Version, o.Version)
	}
	if !o.Report {
		t.Waiting = slices.DeleteFunc(slices.Clone(t.Waiting), func(v int) bool { return v == o.Version })
	}
	if o.End == Delivered || o.End == Failed {
		t.Claim = nil // whoever ends it so had the claim
	}
	r.set(e.Channel, t)
	return true
}
