package ingest

import "time"

// Quiet is when a publisher asks not to be polled (RSS skipHours, skipDays):
// bit n is hour n of the day in UTC, or day n of the week from Sunday. It is
// heeded where the interval is learned, and not where the operator has set it.
type Quiet struct {
	Hours uint32 `json:"hours,omitempty"`
	Days  uint8  `json:"days,omitempty"`
}

func quiet(hours []int, days []time.Weekday) Quiet {
	var q Quiet
	for _, h := range hours {
		q.Hours |= 1 << (uint(h) % 24)
	}
	for _, d := range days {
		q.Days |= 1 << (uint(d) % 7)
	}
	if q.Hours == 1<<24-1 {
		q.Hours = 0 // never is no answer
	}
	if q.Days == 1<<7-1 {
		q.Days = 0
	}
	return q
}

// after returns at, or when the quiet that it falls into ends.
func (q Quiet) after(at time.Time) time.Time {
	if q == (Quiet{}) {
		return at
	}
	for range 8 * 24 {
		t := at.UTC()
		switch {
		case q.Days>>uint(t.Weekday())&1 == 1:
			at = time.Date(t.Year(), t.Month(), t.Day()+1, 0, 0, 0, 0, time.UTC)
		case q.Hours>>uint(t.Hour())&1 == 1:
			at = t.Truncate(time.Hour).Add(time.Hour)
		default:
			return at
		}
	}
	return at
}
