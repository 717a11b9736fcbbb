package alertmanager_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/tocsin-news/tocsin/internal/notify/alertmanager"
	"github.com/tocsin-news/tocsin/internal/notify/channel"
	"github.com/tocsin-news/tocsin/internal/notify/channeltest"
	"github.com/tocsin-news/tocsin/pkg/events"
)

const token = "canary-of-the-proxy"

func open(mode string) func(t *testing.T, url, secret string) channel.Channel {
	return func(t *testing.T, url, secret string) channel.Channel {
		t.Helper()
		c, err := alertmanager.Open(channel.Config{Name: "desk", Kind: "alertmanager", URL: url, Mode: mode, TokenFile: channeltest.SecretFile(t, secret)},
			channel.Deps{Console: "https://console.example.org"})
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
}

func TestSuite(t *testing.T) {
	t.Run("api", func(t *testing.T) {
		channeltest.Run(t, channeltest.Kind{Open: open("api"), Secret: token, Parse: parseAPI, MaxBody: 64 << 10})
	})
	t.Run("webhook", func(t *testing.T) {
		channeltest.Run(t, channeltest.Kind{Open: open("webhook"), Secret: token, Parse: parseWebhook, MaxBody: 64 << 10})
	})
}

type posted struct {
	Labels, Annotations map[string]string
	StartsAt, EndsAt    time.Time
	GeneratorURL        string
}

func texts(t *testing.T, ps ...posted) (out []string) {
	t.Helper()
	for _, p := range ps {
		for _, s := range p.Labels {
			channeltest.Plain(t, s)
		}
		channeltest.Web(t, p.GeneratorURL)
		out = append(out, channeltest.Plain(t, p.Annotations["summary"]), channeltest.Plain(t, p.Annotations["description"]))
	}
	return out
}

func parseAPI(t *testing.T, body []byte) []string {
	t.Helper()
	var ps []posted
	channeltest.Decode(t, body, &ps)
	return texts(t, ps...)
}

type group struct {
	Version, GroupKey, Status, Receiver, ExternalURL string
	TruncatedAlerts                                  int
	GroupLabels, CommonLabels, CommonAnnotations     map[string]string
	Alerts                                           []struct {
		Status, Fingerprint string
		posted
	}
}

func parseWebhook(t *testing.T, body []byte) []string {
	t.Helper()
	var g group
	channeltest.Decode(t, body, &g)
	if g.Version != "4" || len(g.Alerts) != 1 {
		t.Errorf("%s", body)
	}
	return texts(t, g.Alerts[0].posted)
}

func TestAnAlertThatMovesEndsUnderItsOldLevel(t *testing.T) {
	url, got := channeltest.Serve(t, func(http.ResponseWriter, *http.Request) {})
	c := open("api")(t, url, token)
	opened, worse, over := channeltest.Message(), channeltest.Message(), channeltest.Message()
	opened.Alert.Version, opened.Alert.State, opened.Alert.Level = 1, events.Opened, events.Elevated
	over.Alert.Version, over.Alert.State = 3, events.Resolved
	for _, tc := range []struct {
		m     channel.Message
		fires string
		count int
	}{{opened, events.Elevated, 1}, {worse, events.High, 4}, {over, "", 4}} {
		if err := c.Send(t.Context(), tc.m); err != nil {
			t.Fatal(err)
		}
		r := <-got
		if r.Path != "/api/v2/alerts" || r.Header.Get("Authorization") != "Bearer "+token {
			t.Errorf("asked for %s", r.Path)
		}
		var ps []posted
		channeltest.Decode(t, r.Body, &ps)
		if len(ps) != tc.count {
			t.Errorf("version %d: %d alerts", tc.m.Alert.Version, len(ps))
		}
		for _, p := range ps {
			if fires := p.EndsAt.After(time.Now()); fires != (p.Labels["severity"] == tc.fires) || p.EndsAt.Before(p.StartsAt) {
				t.Errorf("version %d: %s fires: %v", tc.m.Alert.Version, p.Labels["severity"], fires)
			}
		}
	}
}
