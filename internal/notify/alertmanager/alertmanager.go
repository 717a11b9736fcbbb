// Package alertmanager hands alerts to Prometheus' Alertmanager, or speaks as
// one.
//
// In the mode "api" an alert is posted to an Alertmanager (POST /api/v2/alerts,
// https://github.com/prometheus/alertmanager/blob/main/api/v2/openapi.yaml),
// which routes, groups and tells on. In the mode "webhook" the receiver gets
// what Alertmanager's own webhooks carry (version 4,
// https://prometheus.io/docs/alerting/latest/configuration/#webhook_config), so
// that whatever takes those takes Tocsin's alerts.
//
// The labels are alertname (the watch), alert (the id), severity (the level)
// and source (tocsin). As the severity is a label, an alert that moves to
// another level ends under its old one. Saying a thing twice is saying it once.
package alertmanager

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/tocsin-news/tocsin/internal/notify/channel"
	"github.com/tocsin-news/tocsin/internal/notify/render"
	"github.com/tocsin-news/tocsin/pkg/events"
)

// Channel is one Alertmanager or one receiver.
type Channel struct {
	name          string
	to            string
	webhook       bool
	token         channel.Secret // "" without one
	http          channel.Doer
	console, lang string
}

// Stays is how long an Alertmanager keeps an alert that is not said again. An
// alert without a new version for that long ends there by itself.
const Stays = 7 * 24 * time.Hour

// Open makes the channel of its url (in the mode api: of the Alertmanager, as
// its page shows it), mode and token_file.
func Open(c channel.Config, d channel.Deps) (*Channel, error) {
	to, err := c.Address(d.Dir)
	if err != nil {
		return nil, err
	}
	a := &Channel{name: c.Name, token: channel.Secret(channel.Path(d.Dir, c.TokenFile)), http: d.Client(), console: d.Console, lang: c.Lang}
	switch c.Mode {
	case "", "api":
		if a.to = to.URL.String(); !strings.HasSuffix(to.URL.Path, "/api/v2/alerts") {
			a.to = to.Join("api", "v2", "alerts")
		}
	case "webhook":
		a.webhook, a.to = true, to.URL.String()
	default:
		return nil, channel.Wrong("mode", "api or webhook", "is %q", c.Mode)
	}
	if a.token == "" {
		return a, nil
	}
	if _, err := a.token.Token(); err != nil {
		return nil, channel.Wrong("token_file", "a file with a bearer token", "%v", err)
	}
	return a, nil
}

// Send posts m.
func (c *Channel) Send(ctx context.Context, m channel.Message) error {
	var v any = alerts(m, c.facts(m), time.Now().UTC())
	if c.webhook {
		v = c.group(m, c.facts(m))
	}
	body, err := channel.JSON(v)
	if err != nil {
		return err
	}
	post := channel.Post{URL: c.to, Header: http.Header{}, Body: body}
	if c.token != "" {
		token, err := c.token.Token()
		if err != nil {
			return err
		}
		post.Header.Set("Authorization", "Bearer "+token)
		post.Secrets = []string{token}
	}
	_, err = post.Send(ctx, c.http)
	return err
}

// maxText bounds a description: Alertmanager hands it on to small places.
const maxText = 8000

func (c *Channel) facts(m channel.Message) render.Facts {
	return m.Facts(c.lang, c.console).Fit(func(f render.Facts) bool { return len(f.Text()) <= maxText })
}

func labels(m channel.Message, f render.Facts, level string) map[string]string {
	return map[string]string{
		"alertname": f.Watch, "alert": render.Line(m.Alert.ID, 64), "severity": level, "source": "tocsin",
	}
}

func annotations(f render.Facts) map[string]string {
	return map[string]string{"summary": f.Subject, "description": f.Text()}
}

type postable struct {
	Labels       map[string]string `json:"labels"`
	Annotations  map[string]string `json:"annotations"`
	StartsAt     time.Time         `json:"startsAt"`
	EndsAt       time.Time         `json:"endsAt"`
	GeneratorURL string            `json:"generatorURL,omitempty"`
}

// alerts is the alert at its level, and from its second version on the end of
// it at every other level.
func alerts(m channel.Message, f render.Facts, now time.Time) []postable {
	var out []postable
	for _, level := range []string{events.Info, events.Elevated, events.High, events.Critical} {
		p := postable{
			Labels: labels(m, f, level), Annotations: annotations(f),
			StartsAt: m.Alert.At, EndsAt: m.Alert.At, GeneratorURL: f.Link,
		}
		switch {
		case level == m.Alert.Level && !f.Resolved:
			p.EndsAt = now.Add(Stays)
		case m.Alert.Version == 1 && level != m.Alert.Level:
			continue
		}
		out = append(out, p)
	}
	return out
}

// group is the body of Alertmanager's own webhooks.
type group struct {
	Version           string            `json:"version"`
	GroupKey          string            `json:"groupKey"`
	TruncatedAlerts   int               `json:"truncatedAlerts"`
	Status            string            `json:"status"`
	Receiver          string            `json:"receiver"`
	GroupLabels       map[string]string `json:"groupLabels"`
	CommonLabels      map[string]string `json:"commonLabels"`
	CommonAnnotations map[string]string `json:"commonAnnotations"`
	ExternalURL       string            `json:"externalURL"`
	Alerts            []grouped         `json:"alerts"`
}

type grouped struct {
	Status string `json:"status"`
	postable
	Fingerprint string `json:"fingerprint"`
}

func (c *Channel) group(m channel.Message, f render.Facts) group {
	status, end := "firing", time.Time{}
	if f.Resolved {
		status, end = "resolved", m.Alert.At
	}
	all := labels(m, f, render.Line(m.Alert.Level, 20))
	return group{
		Version: "4", GroupKey: `{}:{alert="` + all["alert"] + `"}`, Status: status, Receiver: c.name,
		GroupLabels:  map[string]string{"alert": all["alert"]},
		CommonLabels: all, CommonAnnotations: annotations(f), ExternalURL: c.console,
		Alerts: []grouped{{
			Status: status, Fingerprint: render.Line(m.Alert.ID, 16),
			postable: postable{Labels: all, Annotations: annotations(f), StartsAt: m.Alert.At, EndsAt: end, GeneratorURL: f.Link},
		}},
	}
}
