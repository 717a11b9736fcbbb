package watch

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

const (
	day  = 24 * time.Hour
	week = 7 * day
	// longest bounds every duration of a watch.
	longest = 366 * day
)

var (
	durationText = regexp.MustCompile(`^([0-9]+(\.[0-9]+)?(s|m|h|d|w))+$`)
	durationPart = regexp.MustCompile(`([0-9]+(?:\.[0-9]+)?)(s|m|h|d|w)`)
	unit         = map[string]time.Duration{"s": time.Second, "m": time.Minute, "h": time.Hour, "d": day, "w": week}
)

// ParseDuration reads 90m, 2h, 7d, 1d12h or 1w: positive, a year at most.
func ParseDuration(s string) (time.Duration, error) {
	if !durationText.MatchString(s) {
		return 0, fmt.Errorf("%q is no duration (write it as 90m, 2h, 7d or 1d12h)", s)
	}
	total := 0.0
	for _, m := range durationPart.FindAllStringSubmatch(s, -1) {
		n, _ := strconv.ParseFloat(m[1], 64) // the pattern holds digits only
		total += n * float64(unit[m[2]])
	}
	if total < float64(time.Second) || total > float64(longest) {
		return 0, fmt.Errorf("%q is out of range (1s to 366d)", s)
	}
	return time.Duration(total), nil
}

// FormatDuration writes d as [ParseDuration] reads it.
func FormatDuration(d time.Duration) string {
	if d < time.Second {
		return "0s"
	}
	var b strings.Builder
	for _, u := range []string{"d", "h", "m", "s"} {
		if n := d / unit[u]; n > 0 {
			fmt.Fprintf(&b, "%d%s", n, u)
			d -= n * unit[u]
		}
	}
	return b.String()
}

// Budget is a number of false alarms in a span of time.
type Budget struct {
	Alerts float64
	Per    time.Duration
}

// PerDay is the budget as alerts a day; 0 when there is none.
func (b Budget) PerDay() float64 {
	if b.Per <= 0 {
		return 0
	}
	return b.Alerts * float64(day) / float64(b.Per)
}

var spans = map[string]time.Duration{"hour": time.Hour, "day": day, "week": week, "month": 30 * day, "year": 365 * day}

// ParseBudget reads 1/week: a number, and hour, day, week, month or year.
func ParseBudget(s string) (Budget, error) {
	number, span, _ := strings.Cut(s, "/")
	n, err := strconv.ParseFloat(strings.TrimSpace(number), 64)
	per, ok := spans[strings.TrimSpace(span)]
	if err != nil || !ok || !(n > 0 && n <= 10_000) {
		return Budget{}, fmt.Errorf("%q is no budget (write it as 1/week; hour, day, month and year serve too)", s)
	}
	return Budget{Alerts: n, Per: per}, nil
}

// String writes the budget as [ParseBudget] reads it, "" when there is none.
func (b Budget) String() string {
	for name, per := range spans {
		if per == b.Per {
			return strconv.FormatFloat(b.Alerts, 'g', -1, 64) + "/" + name
		}
	}
	return ""
}
