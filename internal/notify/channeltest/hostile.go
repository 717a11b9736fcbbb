package channeltest

import (
	"strings"
	"testing"

	"github.com/tocsin-news/tocsin/internal/notify/channel"
	"github.com/tocsin-news/tocsin/pkg/events"
)

// Hostile is what a title may hold: markup, mentions, links, commands and
// control characters of all the services at once.
var Hostile = []string{
	"<!channel> <!here|x> <@U012AB3CD> <#C1|general> <https://evil.example|click>",
	"@everyone @here @channel @all @room <@&123> <@!1> @user:example.org",
	"**bold** __under__ _it_ ~~strike~~ ||spoiler|| `code` ```block``` > quote",
	"[click](https://evil.example) ![img](https://evil.example/x.png) <https://evil.example>",
	"<b>bold</b><script>alert(1)</script><img src=x onerror=alert(1)>",
	"</a><a href=\"javascript:alert(1)\">x</a> &lt;b&gt; &amp;",
	"# heading\n- list\n1. list\n> quote\n| a | b |\n|---|---|",
	"/start /cmd@bot #tag $CASH @name",
	"\x1b[31mred\x1b[0m \x00 \r\nBcc: x\r\n\r\nbody",
	"\u202Egnp.exe\u202C \u2066x\u2069 \u200B \uFEFF",
	"{{DATE(2017-02-14T06:08:39Z, SHORT)}} {{.}} ${x} %s %n ${jndi:ldap://x}",
	"=cmd|' /C calc'!A0 +1 -1 @SUM(1)",
	"\\ \\\\ \\* \\[x\\](y) \\<b\\> trailing \\",
	"http://evil.example https://evil.example/a_b_c www.evil.example :smile: <:e:1> ~town-square",
	"a\xff\xfeb \ufffd \U0001F600 e" + strings.Repeat("\u0301", 40),
	"]]> --> */ \" ' ` ;",
	"<t:1618953630:R> </cmd:1> <id:customize> <sound:1>",
	"\u2028\u2029\u0085\u000b\u000c",
}

// hostile puts each of them into each field.
func hostile(t *testing.T, k Kind) {
	url, got := Serve(t, answer(200))
	c := k.Open(t, url, k.Secret)
	for _, h := range Hostile {
		m := Message()
		a := &m.Alert
		a.Headline, a.Reason, a.Changed, a.Missing, a.Watch, a.State = h, h, h, h, h, h
		a.Articles = []events.Evidence{
			{Title: h, URL: "https://example.org/" + h, Source: h, Origin: h, Why: h},
			{Title: h, URL: h},
			{Title: h, URL: "javascript:alert(1)"},
		}
		m.Undelivered = &channel.Undelivered{Channel: h, Reason: h}
		if err := c.Send(t.Context(), m); err != nil {
			t.Fatalf("%q: %v", h, err)
		}
		r := <-got
		k.Parse(t, r.Body)
	}
}

// huge fills every field: the message is cut, never refused.
func huge(t *testing.T, k Kind) {
	url, got := Serve(t, answer(200))
	c := k.Open(t, url, k.Secret)
	articles := 200
	if k.Machine {
		articles = 10 // nothing is cut, so it is only large
	}
	for _, unit := range []string{"word ", "<*&@", "é", "\U0001F600", "\\", "'\"", "\x01"} {
		h := strings.Repeat(unit, 5000)
		m := Message()
		a := &m.Alert
		a.Headline, a.Reason, a.Changed, a.Missing, a.Watch = h, h, h, h, h
		a.Articles = nil
		for range articles {
			a.Articles = append(a.Articles, events.Evidence{Title: h, URL: "https://example.org/" + strings.Repeat("x", 2000), Source: h, Origin: h, Why: h})
		}
		if err := c.Send(t.Context(), m); err != nil {
			t.Fatalf("%q: %v", unit, err)
		}
		r := <-got
		if len(r.Body) > k.MaxBody {
			t.Errorf("%q: %d bytes, more than %d", unit, len(r.Body), k.MaxBody)
		}
		k.Parse(t, r.Body)
	}
}
