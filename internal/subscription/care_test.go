package subscription_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/tocsin-news/tocsin/internal/subscription"
	"github.com/tocsin-news/tocsin/pkg/events"
)

var noon = time.Date(2024, 11, 22, 12, 0, 0, 0, time.UTC)

func word(change func(*subscription.Word)) *subscription.Word {
	w := subscription.Word{Who: "night desk", At: noon, Version: 3, Level: events.Elevated}
	if change != nil {
		change(&w)
	}
	return &w
}

func until(d time.Duration) func(*subscription.Word) {
	return func(w *subscription.Word) { w.Until = noon.Add(d) }
}

func TestAcknowledgementQuietsUpdatesAlone(t *testing.T) {
	c := subscription.Care{Acknowledged: word(nil)}
	for state, quiet := range map[string]bool{events.Opened: false, events.Updated: true, events.Escalated: false, events.Resolved: false} {
		if got, why := c.Quiets(alert("w", events.High, state), 1, noon); got != quiet {
			t.Errorf("%s: quiet is %v (%s)", state, got, why)
		}
	}
	if got, why := c.Quiets(alert("w", events.High, events.Updated), 4, noon); got {
		t.Errorf("it holds for another life of the alert: %s", why)
	}
	c.Acknowledged = word(until(time.Hour))
	if got, _ := c.Quiets(alert("w", events.High, events.Updated), 1, noon.Add(time.Hour)); got {
		t.Error("it holds after its end")
	}
}

func TestSnoozeHoldsUntilItsEndOrARise(t *testing.T) {
	c := subscription.Care{Snoozed: word(until(4 * time.Hour))}
	end := noon.Add(4 * time.Hour)
	for _, tc := range []struct {
		name, level string
		now         time.Time
		want        time.Time
	}{
		{"at its level", events.Elevated, noon, end},
		{"at a lower level", events.Info, noon, end},
		{"risen above its level", events.High, noon, time.Time{}},
		{"at its end", events.Elevated, end, time.Time{}},
	} {
		if got := c.HeldUntil(tc.level, tc.now); !got.Equal(tc.want) {
			t.Errorf("%s: held until %v, want %v", tc.name, got, tc.want)
		}
	}
	if got := c.Now(1, end); !got.Empty() {
		t.Errorf("what has lapsed is still there: %+v", got)
	}
}

func TestAWordNamesItsFault(t *testing.T) {
	for _, tc := range []struct {
		name, field string
		spoil       func(*subscription.Word)
	}{
		{"nobody", "who", func(w *subscription.Word) { w.Who = " " }},
		{"a novel of a name", "who", func(w *subscription.Word) { w.Who = strings.Repeat("é", 101) }},
		{"a novel of a note", "note", func(w *subscription.Word) { w.Note = strings.Repeat("x", 2001) }},
		{"an end that is over", "until", until(-time.Second)},
		{"a snooze without end", "until", func(*subscription.Word) {}},
		{"a snooze of a year", "until", until(365 * 24 * time.Hour)},
	} {
		w := word(tc.spoil)
		var fe *events.FieldError
		if err := w.ValidateSnooze(); !errors.As(err, &fe) || fe.Field != tc.field {
			t.Errorf("%s: %v, want a fault of %s", tc.name, err, tc.field)
		}
	}
	if err := word(nil).Validate(); err != nil {
		t.Error(err)
	}
}
