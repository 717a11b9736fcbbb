package subscription_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/tocsin-news/tocsin/internal/query"
	"github.com/tocsin-news/tocsin/internal/subscription"
	"github.com/tocsin-news/tocsin/pkg/events"
)

func drill() events.Alert {
	a := alert("nato-drill", events.High, events.Updated)
	a.Headline, a.Entities, a.Topics = "Sirens sound over the bay in a yearly drill", []string{"NATO", "Mark Rutte"}, []string{"military.exercise"}
	a.Articles = []events.Evidence{{Source: "courier.example", Title: "Une alerte pour rire"}, {Source: "news.courier.example", Title: "Drill: sirens at noon"}}
	return a
}

func TestSilencesByWhatAnAlertTells(t *testing.T) {
	for _, tc := range []struct {
		name   string
		change func(*subscription.Silence)
		want   bool
	}{
		{"a name, however it is written", func(s *subscription.Silence) { s.Entity = "nato" }, true},
		{"another name", func(s *subscription.Silence) { s.Entity = "EU" }, false},
		{"a source that tells of it alone", func(s *subscription.Silence) { s.Source = "*courier.example" }, true},
		{"a source beside others", func(s *subscription.Silence) { s.Source = "courier.example" }, false},
		{"words of the headline", func(s *subscription.Silence) { s.Query = `sirens AND "yearly drill"` }, true},
		{"words of a title", func(s *subscription.Silence) { s.Query = `"alerte pour rire"` }, true},
		{"a topic's parent", func(s *subscription.Silence) { s.Query = "topic:military" }, true},
		{"a name in a query", func(s *subscription.Silence) { s.Query = `entity:"Mark Rutte"` }, true},
		{"what must not be there", func(s *subscription.Silence) { s.Query = "sirens AND NOT drill" }, false},
		{"all of it together", func(s *subscription.Silence) { s.Entity, s.Query = "NATO", "missile" }, false},
	} {
		s := subscription.Silence{ID: "x", Author: "desk", Comment: "a drill", Until: noon.Add(time.Hour)}
		tc.change(&s)
		if err := s.Validate(); err != nil {
			t.Errorf("%s: %v", tc.name, err)
		}
		if got, why := s.Mutes(drill(), noon); got != tc.want {
			t.Errorf("%s: mutes is %v (%s)", tc.name, got, why)
		}
	}
}

func TestASilencesQueryIsChecked(t *testing.T) {
	for q, says := range map[string]string{
		"lang:fr": "lang", "entity:Q7184": "tells names", "NOT drill": "asks for nothing", strings.Repeat("a ", 3000): "more than 4096",
	} {
		s := subscription.Silence{ID: "x", Author: "desk", Comment: "a drill", Until: noon, Query: q}
		var fe *events.FieldError
		if err := s.Validate(); !errors.As(err, &fe) || fe.Field != "query" || !strings.Contains(err.Error(), says) {
			t.Errorf("%.20s: %v", q, err)
		}
	}
	s := subscription.Silence{ID: "x", Author: "desk", Comment: "a drill", Until: noon, Query: "sirens AND (drill"}
	var qe *query.Error
	if err := s.Validate(); !errors.As(err, &qe) || qe.Column == 0 {
		t.Errorf("a bracket that is open: %v", err)
	}
}

func FuzzSilence(f *testing.F) {
	f.Add("nato-*", "NATO", "*.example", "sirens", "high")
	f.Add("[", "", "[a-", `"`, "loud")
	f.Fuzz(func(t *testing.T, watch, entity, source, q, upTo string) {
		s := subscription.Silence{ID: "x", Author: "a", Comment: "b", Until: noon.Add(time.Hour), Watch: watch, Entity: entity, Source: source, Query: q, UpTo: upTo}
		if s.Validate() == nil {
			s.Mutes(drill(), noon)
		}
	})
}
