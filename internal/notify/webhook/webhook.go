// Package webhook posts alerts to a URL, signed as Standard Webhooks say
// (https://www.standardwebhooks.com).
//
// The body is a CloudEvent 1.0 in structured mode (application/cloudevents+json)
// of the type news.tocsin.alert.v1 with the Alert as its data: in structured
// mode the signature covers the event's attributes too. "webhook-id" and the
// event's id are the notification key, and stay the same over retries: a
// receiver that remembers ids sees each version once.
//
// A report that another channel failed has the type news.tocsin.undelivered.v1
// and the data {"channel","reason","alert"}; a test has the type
// news.tocsin.test.v1 and an Alert as data.
package webhook

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"github.com/tocsin-news/tocsin/internal/notify/channel"
	"github.com/tocsin-news/tocsin/pkg/events"
)

// Types of the events.
const (
	TypeUndelivered = "news.tocsin.undelivered.v1"
	TypeTest        = "news.tocsin.test.v1"
)

// Channel is one endpoint.
type Channel struct {
	to   channel.Address
	keys channel.Secret // "" sends unsigned
	http channel.Doer
}

// Open makes the channel of its url and secret_file. The file holds a key a
// line, "whsec_" and base64 of 24 to 64 bytes; while there are two, each signs.
// Without secret_file nothing is signed.
func Open(c channel.Config, d channel.Deps) (*Channel, error) {
	to, err := c.Address(d.Dir)
	if err != nil {
		return nil, err
	}
	w := &Channel{to: to, http: d.Client(), keys: channel.Secret(channel.Path(d.Dir, c.SecretFile))}
	if w.keys == "" {
		return w, nil
	}
	if _, _, err := w.signers(); err != nil {
		return nil, channel.Wrong("secret_file", "a key a line: whsec_ and base64 of 24 to 64 bytes", "%v", err)
	}
	return w, nil
}

// Send posts m once.
func (w *Channel) Send(ctx context.Context, m channel.Message) error {
	body, err := Body(m)
	if err != nil {
		return err
	}
	header, secrets, err := w.sign(m.Key, time.Now(), body)
	if err != nil {
		return err
	}
	_, err = channel.Post{
		URL:         w.to.URL.String(),
		Header:      header,
		ContentType: "application/cloudevents+json; charset=utf-8",
		Body:        body,
		Secrets:     secrets,
	}.Send(ctx, w.http)
	return err
}

// event is a CloudEvent in structured mode.
type event struct {
	SpecVersion     string    `json:"specversion"`
	ID              string    `json:"id"`
	Source          string    `json:"source"`
	Type            string    `json:"type"`
	Subject         string    `json:"subject"`
	Time            time.Time `json:"time"`
	DataContentType string    `json:"datacontenttype"`
	Data            any       `json:"data"`
}

// Body is the event that carries m.
func Body(m channel.Message) ([]byte, error) {
	e := event{
		SpecVersion: "1.0", ID: m.Key, Source: "/tocsin", Type: events.TypeAlert,
		Subject: m.Alert.ID, Time: m.Alert.At, DataContentType: "application/json", Data: m.Alert,
	}
	switch {
	case m.Test:
		e.Type = TypeTest
	case m.Undelivered != nil:
		e.Type = TypeUndelivered
		e.Data = struct {
			channel.Undelivered
			Alert events.Alert `json:"alert"`
		}{*m.Undelivered, m.Alert}
	}
	b, err := json.Marshal(e)
	if err != nil {
		return nil, fmt.Errorf("write the event: %w", err)
	}
	return b, nil
}

func (w *Channel) sign(id string, at time.Time, body []byte) (http.Header, []string, error) {
	h := http.Header{}
	h.Set(standardwebhooks.HeaderWebhookID, id)
	h.Set(standardwebhooks.HeaderWebhookTimestamp, strconv.FormatInt(at.Unix(), 10))
	if w.keys == "" {
		return h, nil, nil
	}
	signers, secrets, err := w.signers()
	if err != nil {
		return nil, nil, err // to be tried again: somebody is writing the file
	}
	signatures := make([]string, 0, len(signers))
	for _, s := range signers {
		sig, err := s.Sign(id, at, body)
		if err != nil {
			return nil, nil, fmt.Errorf("sign the event: %w", channel.Redacted(err, secrets...))
		}
		signatures = append(signatures, sig)
	}
	h.Set(standardwebhooks.HeaderWebhookSignature, strings.Join(signatures, " "))
	return h, secrets, nil
}

// signers reads the keys; secrets are their texts, for redaction.
func (w *Channel) signers() (signers []*standardwebhooks.Webhook, secrets []string, err error) {
	lines, err := w.keys.Lines()
	if err != nil {
		return nil, nil, err
	}
	for i, line := range lines {
		bare := strings.TrimPrefix(line, "whsec_")
		key, err := base64.StdEncoding.DecodeString(bare)
		if err != nil {
			return nil, nil, fmt.Errorf("key %d of %s is not base64", i+1, w.keys)
		}
		if len(key) < 24 || len(key) > 64 {
			return nil, nil, fmt.Errorf("key %d of %s has %d bytes", i+1, w.keys, len(key))
		}
		s, err := standardwebhooks.NewWebhookRaw(key)
		if err != nil {
			return nil, nil, fmt.Errorf("key %d of %s cannot be used", i+1, w.keys)
		}
		signers = append(signers, s)
		secrets = append(secrets, line, bare)
	}
	return signers, secrets, nil
}
