package ingest

import (
	"testing"
	"time"
)

func TestQuiet(t *testing.T) {
	at := func(s string) time.Time {
		t, err := time.Parse("2006-01-02 15:04", s) // 22 November 2024 is a Friday
		if err != nil {
			panic(err)
		}
		return t
	}
	all := make([]int, 24)
	for h := range all {
		all[h] = h
	}
	for _, c := range []struct {
		name     string
		hours    []int
		days     []time.Weekday
		from, to string
	}{
		{"none asked for", nil, nil, "2024-11-22 03:10", "2024-11-22 03:10"},
		{"outside", []int{1, 2}, nil, "2024-11-22 03:10", "2024-11-22 03:10"},
		{"at night", []int{0, 1, 2, 3, 4}, nil, "2024-11-22 03:10", "2024-11-22 05:00"},
		{"over midnight", []int{23, 0}, nil, "2024-11-22 23:59", "2024-11-23 01:00"},
		{"the week-end", nil, []time.Weekday{time.Saturday, time.Sunday}, "2024-11-23 12:00", "2024-11-25 00:00"},
		{"the week-end, then the night", []int{0, 1}, []time.Weekday{time.Saturday, time.Sunday}, "2024-11-23 12:00", "2024-11-25 02:00"},
		{"always is not heeded", all, nil, "2024-11-22 03:10", "2024-11-22 03:10"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := quiet(c.hours, c.days).after(at(c.from)); !got.Equal(at(c.to)) {
				t.Errorf("%s, want %s", got, c.to)
			}
		})
	}
}
