package subscription_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"

	"github.com/tocsin-news/tocsin/internal/subscription"
	"github.com/tocsin-news/tocsin/pkg/events"
)

func alert(watch, level, state string) events.Alert {
	return events.Alert{ID: "a1", Version: 1, Watch: watch, Level: level, State: state, Story: "s1"}
}

func TestMatches(t *testing.T) {
	desk := subscription.Subscription{Name: "desk", Watches: []string{"nato-*", "coup"}, MinLevel: events.Elevated, Channel: "desk"}
	ends := desk
	ends.States = []string{events.Resolved}
	for _, tc := range []struct {
		name string
		sub  subscription.Subscription
		a    events.Alert
		want bool
		why  string
	}{
		{"a glob takes the watch", desk, alert("nato-missile", "high", "opened"), true, "desk"},
		{"a plain name takes only itself", desk, alert("coup", "elevated", "updated"), true, "desk"},
		{"another watch is not told", desk, alert("coups", "high", "opened"), false, "none of"},
		{"a lower level is not told", desk, alert("coup", "info", "opened"), false, "below elevated"},
		{"another state is not told", ends, alert("coup", "high", "opened"), false, "state opened"},
		{"no globs and no level mean all", subscription.Subscription{Name: "all"}, alert("x", "info", "updated"), true, "all"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got, why := tc.sub.Matches(tc.a)
			if got != tc.want || !strings.Contains(why, tc.why) {
				t.Errorf("Matches = %v, %q; want %v and %q", got, why, tc.want, tc.why)
			}
		})
	}
}

func TestValidateNamesTheField(t *testing.T) {
	good := subscription.Subscription{Name: "desk", Channel: "desk"}
	for _, tc := range []struct {
		name, field string
		spoil       func(*subscription.Subscription)
	}{
		{"no name", "name", func(s *subscription.Subscription) { s.Name = "" }},
		{"a name that is no key", "name", func(s *subscription.Subscription) { s.Name = "a b" }},
		{"no channel", "channel", func(s *subscription.Subscription) { s.Channel = "" }},
		{"an unknown level", "min_level", func(s *subscription.Subscription) { s.MinLevel = "hihg" }},
		{"an unknown state", "states[1]", func(s *subscription.Subscription) { s.States = []string{"opened", "closed"} }},
		{"a glob with an open bracket", "watches[0]", func(s *subscription.Subscription) { s.Watches = []string{"nato-["} }},
		{"a group of a week", "group", func(s *subscription.Subscription) { s.Group = subscription.Duration(168 * time.Hour) }},
		{"an hour that is none", "quiet.from", func(s *subscription.Subscription) { s.Quiet = &subscription.Quiet{From: "25:00", To: "07:00"} }},
		{"a zone that is none", "quiet.zone", func(s *subscription.Subscription) {
			s.Quiet = &subscription.Quiet{From: "22:00", To: "07:00", Zone: "Mars/Olympus"}
		}},
		{"a day that is none", "quiet.days[0]", func(s *subscription.Subscription) {
			s.Quiet = &subscription.Quiet{From: "22:00", To: "07:00", Days: []string{"someday"}}
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s := good
			tc.spoil(&s)
			var fe *events.FieldError
			if err := s.Validate(); !errors.As(err, &fe) || fe.Field != tc.field {
				t.Errorf("Validate = %v, want field %s", err, tc.field)
			}
		})
	}
	if err := good.Validate(); err != nil {
		t.Error(err)
	}
}

func TestAllRefusesUnknownChannelsAndDoubleNames(t *testing.T) {
	s := subscription.Subscription{Name: "desk", Channel: "desk"}
	if err := subscription.All([]subscription.Subscription{s, s}, []string{"desk"}); err == nil || !strings.Contains(err.Error(), "twice") {
		t.Errorf("a name twice: %v", err)
	}
	if err := subscription.All([]subscription.Subscription{s}, []string{"mail"}); err == nil || !strings.Contains(err.Error(), "one of: mail") {
		t.Errorf("an unknown channel: %v", err)
	}
}

func TestQuietHours(t *testing.T) {
	night := subscription.Quiet{From: "22:00", To: "07:00", Zone: "Europe/Brussels", Days: []string{"mon"}}
	at := func(s string) time.Time {
		v, err := time.Parse(time.RFC3339, s)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	for _, tc := range []struct {
		name, level, now, want string
	}{
		{"before it begins", "high", "2024-11-25T20:59:59Z", ""},
		{"from its first second, in its own zone", "high", "2024-11-25T21:00:00Z", "2024-11-26T06:00:00Z"},
		{"after midnight it is still Monday's night", "high", "2024-11-26T03:00:00Z", "2024-11-26T06:00:00Z"},
		{"its end is not in it", "high", "2024-11-26T06:00:00Z", ""},
		{"Tuesday's night is not named", "high", "2024-11-26T22:00:00Z", ""},
		{"critical is told at once", "critical", "2024-11-26T03:00:00Z", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got := ""
			if end := night.Ends(tc.level, at(tc.now)); !end.IsZero() {
				got = end.Format(time.RFC3339)
			}
			if got != tc.want {
				t.Errorf("Ends = %q, want %q", got, tc.want)
			}
		})
	}
}

func TestGroupHoldsOnlyUpdates(t *testing.T) {
	s := subscription.Subscription{Name: "d", Channel: "d", Group: subscription.Duration(10 * time.Minute)}
	now := time.Date(2024, 11, 22, 12, 0, 0, 0, time.UTC)
	if got := s.HeldUntil(alert("w", "high", events.Updated), now); !got.Equal(now.Add(10 * time.Minute)) {
		t.Errorf("an update is held until %v", got)
	}
	for _, st := range []string{events.Opened, events.Escalated, events.Resolved} {
		if got := s.HeldUntil(alert("w", "high", st), now); !got.IsZero() {
			t.Errorf("%s is held until %v", st, got)
		}
	}
}

func TestSilence(t *testing.T) {
	from := time.Date(2024, 11, 22, 12, 0, 0, 0, time.UTC)
	s := subscription.Silence{ID: "x1", Watch: "nato-*", Author: "desk", Comment: "known exercise", From: from, Until: from.Add(time.Hour)}
	if err := s.Validate(); err != nil {
		t.Fatal(err)
	}
	byAlert := s
	byAlert.Watch, byAlert.Alert = "", "a1"
	byStory := s
	byStory.Story = "s2"
	for _, tc := range []struct {
		name string
		s    subscription.Silence
		a    events.Alert
		now  time.Time
		want bool
	}{
		{"in force", s, alert("nato-missile", "high", "opened"), from, true},
		{"not yet", s, alert("nato-missile", "high", "opened"), from.Add(-1), false},
		{"its end is over", s, alert("nato-missile", "high", "opened"), from.Add(time.Hour), false},
		{"another watch", s, alert("coup", "high", "opened"), from, false},
		{"a rise above its level is told", s, alert("nato-missile", "critical", "escalated"), from, false},
		{"by alert", byAlert, alert("coup", "high", "opened"), from, true},
		{"all matchers must fit", byStory, alert("nato-missile", "high", "opened"), from, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got, why := tc.s.Mutes(tc.a, tc.now); got != tc.want {
				t.Errorf("Mutes = %v (%s), want %v", got, why, tc.want)
			}
		})
	}
	for field, spoil := range map[string]func(*subscription.Silence){
		"watch":   func(s *subscription.Silence) { s.Watch = "" },
		"author":  func(s *subscription.Silence) { s.Author = "" },
		"comment": func(s *subscription.Silence) { s.Comment = "" },
		"until":   func(s *subscription.Silence) { s.Until = s.From },
		"up_to":   func(s *subscription.Silence) { s.UpTo = "loud" },
	} {
		bad := s
		spoil(&bad)
		var fe *events.FieldError
		if err := bad.Validate(); !errors.As(err, &fe) || fe.Field != field {
			t.Errorf("%s: Validate = %v", field, err)
		}
	}
}

func TestYAMLAndJSONReadAlike(t *testing.T) {
	const y = `
name: desk
watches: ["nato-*"]
min_level: elevated
channel: desk
group: 10m
quiet: {from: "22:00", to: "07:00", zone: Europe/Brussels}
`
	var a subscription.Subscription
	if err := yaml.UnmarshalWithOptions([]byte(y), &a, yaml.Strict()); err != nil {
		t.Fatal(err)
	}
	if time.Duration(a.Group) != 10*time.Minute || a.Quiet == nil || a.Validate() != nil {
		t.Fatalf("read %+v", a)
	}
	b, err := json.Marshal(a)
	if err != nil {
		t.Fatal(err)
	}
	var back subscription.Subscription
	if err := json.Unmarshal(b, &back); err != nil || back.Group != a.Group || back.Quiet.Zone != a.Quiet.Zone {
		t.Errorf("%s: %v", b, err)
	}
}

func TestAnAlertThatStandsForAWatchIsToldToo(t *testing.T) {
	s := subscription.Subscription{Name: "desk", Channel: "desk", Watches: []string{"nato-*"}}
	a := events.Alert{Watch: "korea-missile", Level: events.Elevated, State: events.Updated}
	if ok, _ := s.Matches(a); ok {
		t.Error("another watch is told")
	}
	a.Also = []string{"nato-missile"}
	if ok, why := s.Matches(a); !ok {
		t.Error(why)
	}
}
