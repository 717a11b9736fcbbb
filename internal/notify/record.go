package notify

import (
	"slices"
	"time"
)

// Record is all that was decided and done about telling of one alert.
type Record struct {
	Alert string `json:"alert"`
	// Handled is the newest version that went through the stages; Skipped are
	// the older ones that did not, yet.
	Handled int   `json:"handled"`
	Skipped []int `json:"skipped,omitempty"`
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
	if r.Channels == nil {
		r.Channels = map[string]Told{}
	}
	r.Channels[e.Channel] = t
	return true
}
