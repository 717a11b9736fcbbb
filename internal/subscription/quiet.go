package subscription

import (
	"fmt"
	"slices"
	"strings"
	"time"
	_ "time/tzdata" // the zones, for images that have none

	"github.com/tocsin-news/tocsin/pkg/events"
)

// Quiet is a stretch of the day in which alerts wait for its end.
type Quiet struct {
	// From and To are hours of the day ("22:00", "07:30"). From after To goes
	// over midnight; the two may not be equal.
	From string `yaml:"from" json:"from"`
	To   string `yaml:"to" json:"to"`
	// Zone is an IANA time zone (Europe/Brussels); empty means UTC.
	Zone string `yaml:"zone,omitempty" json:"zone,omitempty"`
	// Days are the days on which the stretch begins (mon tue wed thu fri sat
	// sun); none means every day.
	Days []string `yaml:"days,omitempty" json:"days,omitempty"`
	// Except is the least level that is told at once all the same; empty means
	// critical.
	Except string `yaml:"except,omitempty" json:"except,omitempty"`
}

var weekdays = []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}

// Validate reports the first field that is wrong, as a [*events.FieldError].
func (q Quiet) Validate() error {
	from, err := clock("quiet.from", q.From)
	if err != nil {
		return err
	}
	to, err := clock("quiet.to", q.To)
	if err != nil {
		return err
	}
	if from == to {
		return wrong("quiet.to", "leave quiet out, or name a stretch", "is the same as quiet.from")
	}
	if _, err := time.LoadLocation(q.Zone); err != nil {
		return wrong("quiet.zone", "an IANA name such as Europe/Brussels", "%q is not known", q.Zone)
	}
	for i, d := range q.Days {
		if !slices.Contains(weekdays, strings.ToLower(d)) {
			return wrong(fmt.Sprintf("quiet.days[%d]", i), "mon tue wed thu fri sat or sun", "is %q", d)
		}
	}
	if q.Except != "" && events.LevelRank(q.Except) < 0 {
		return wrong("quiet.except", "info elevated high or critical", "is %q", q.Except)
	}
	return nil
}

// Ends is when the quiet that holds at now for this level ends; the zero time
// when none holds. The end is a wall-clock hour in Zone, so a night in which
// the clocks change is an hour shorter or longer.
func (q Quiet) Ends(level string, now time.Time) time.Time {
	except := q.Except
	if except == "" {
		except = events.Critical
	}
	if events.LevelRank(level) >= events.LevelRank(except) {
		return time.Time{}
	}
	zone, err := time.LoadLocation(q.Zone)
	if err != nil {
		return time.Time{}
	}
	from, errFrom := clock("", q.From)
	to, errTo := clock("", q.To)
	if errFrom != nil || errTo != nil {
		return time.Time{}
	}
	here := now.In(zone)
	for back := range 2 { // the stretch that began today, or yesterday's over midnight
		y, m, d := here.AddDate(0, 0, -back).Date()
		if !q.on(time.Date(y, m, d, 12, 0, 0, 0, zone).Weekday()) {
			continue
		}
		start := time.Date(y, m, d, 0, from, 0, 0, zone)
		end := time.Date(y, m, d, 0, to, 0, 0, zone)
		if to <= from {
			end = time.Date(y, m, d+1, 0, to, 0, 0, zone)
		}
		if !now.Before(start) && now.Before(end) {
			return end.UTC()
		}
	}
	return time.Time{}
}

func (q Quiet) on(day time.Weekday) bool {
	if len(q.Days) == 0 {
		return true
	}
	return slices.ContainsFunc(q.Days, func(d string) bool { return strings.EqualFold(d, weekdays[day]) })
}

// clock reads "07:30" as minutes of the day.
func clock(field, s string) (int, error) {
	t, err := time.Parse("15:04", s)
	if err != nil {
		return 0, wrong(field, "an hour such as 22:00", "is %q", s)
	}
	return t.Hour()*60 + t.Minute(), nil
}

// Duration is a time.Duration that reads and writes as "10m" in YAML and JSON.
type Duration time.Duration

// MarshalText writes d as time.Duration prints it.
func (d Duration) MarshalText() ([]byte, error) { return []byte(time.Duration(d).String()), nil }

// UnmarshalText reads what time.ParseDuration reads.
func (d *Duration) UnmarshalText(b []byte) error {
	v, err := time.ParseDuration(string(b))
	if err != nil {
		return fmt.Errorf("%q is not a duration such as 10m", b)
	}
	*d = Duration(v)
	return nil
}
