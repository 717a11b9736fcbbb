package app

import "testing"

func TestHidden(t *testing.T) {
	for in, want := range map[string]string{
		"https://example.org/rss.xml":                "https://example.org/rss.xml",
		"https://example.org/rss.xml?page=2":         "https://example.org/rss.xml?page=2",
		"https://example.org/rss.xml?page=2&Sig=x":   "https://example.org/rss.xml?page=2&Sig=hidden",
		"nats://worker:hunter2@broker:4222":          "nats://worker:hidden@broker:4222",
		"smtp://desk@mail.example.org":               "smtp://desk@mail.example.org",
		"a text with a secret: and no address in it": "a text with a secret: and no address in it",
		"nats://a:b@one:4222,nats://c:d@two:4222":    "nats://a:hidden@one:4222,nats://c:hidden@two:4222",
	} {
		if got := hidden(in); got != want {
			t.Errorf("%s: %s, want %s", in, got, want)
		}
	}
}
