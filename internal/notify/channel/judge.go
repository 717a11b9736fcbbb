package channel

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/tocsin-news/tocsin/internal/notify/render"
	"github.com/tocsin-news/tocsin/internal/verdict"
)

func (p Post) judge(host string, res *http.Response, body []byte) error {
	err := p.redacted(fmt.Errorf("post to %s: answered %d %s%s",
		host, res.StatusCode, http.StatusText(res.StatusCode), excerpt(body)))
	switch code := res.StatusCode; {
	case code/100 == 3:
		return verdict.Permanent(fmt.Errorf("%w (redirects are not followed: set the final address)", err))
	case code == http.StatusRequestTimeout, code == http.StatusConflict, code == http.StatusTooEarly,
		code == http.StatusTooManyRequests, code/100 == 5:
		if d := p.delay(res.Header, body); d > 0 {
			return verdict.After(d, err)
		}
		return err
	}
	return verdict.Permanent(err)
}

// delay is what the receiver asked for: seconds or a date in Retry-After (RFC
// 9110, 10.2.3), else what its body says.
func (p Post) delay(h http.Header, body []byte) time.Duration {
	d := retryAfter(h, time.Now())
	if d == 0 && p.RetryAfter != nil {
		d = p.RetryAfter(body)
	}
	return min(max(d, 0), MaxRetryAfter)
}

func retryAfter(h http.Header, now time.Time) time.Duration {
	v := strings.TrimSpace(h.Get("Retry-After"))
	if v == "" {
		return 0
	}
	if s, err := strconv.ParseFloat(v, 64); err == nil {
		return Seconds(s)
	}
	if at, err := http.ParseTime(v); err == nil {
		return at.Sub(now)
	}
	return 0
}

// Seconds is s seconds, held within [0, MaxRetryAfter].
func Seconds(s float64) time.Duration {
	if !(s > 0) {
		return 0
	}
	if s > MaxRetryAfter.Seconds() {
		return MaxRetryAfter
	}
	return time.Duration(s * float64(time.Second))
}

// excerpt is the beginning of an answer, as one harmless line.
func excerpt(body []byte) string {
	const most = 200
	text := render.Line(string(body[:min(len(body), 4*most)]), most)
	if text == "" {
		return ""
	}
	return ": " + text
}
