package verdict_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/tocsin-news/tocsin/internal/verdict"
)

func TestVerdict(t *testing.T) {
	broken := errors.New("broken")
	tests := map[string]struct {
		err       error
		permanent bool
		delay     time.Duration
		asks      bool
	}{
		"nil is done":                            {err: nil},
		"a plain error is tried again":           {err: broken},
		"permanent is for ever":                  {err: verdict.Permanent(broken), permanent: true},
		"permanent of nothing is nothing":        {err: verdict.Permanent(nil)},
		"wrapping keeps the verdict":             {err: fmt.Errorf("read it: %w", verdict.Permanent(broken)), permanent: true},
		"after asks for time":                    {err: verdict.After(time.Minute, broken), delay: time.Minute, asks: true},
		"after no time is at once":               {err: verdict.After(-time.Second, broken), asks: true},
		"after without complaint still asks":     {err: verdict.After(time.Second, nil), delay: time.Second, asks: true},
		"permanent outweighs after":              {err: verdict.After(time.Second, verdict.Permanent(broken)), permanent: true},
		"permanent outweighs after, either way":  {err: verdict.Permanent(verdict.After(time.Second, broken)), permanent: true},
		"one permanent among joined errors does": {err: errors.Join(broken, verdict.Permanent(broken)), permanent: true},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if got := verdict.IsPermanent(tt.err); got != tt.permanent {
				t.Errorf("IsPermanent = %v, want %v", got, tt.permanent)
			}
			delay, asks := verdict.Delay(tt.err)
			if delay != tt.delay || asks != tt.asks {
				t.Errorf("Delay = %v, %v, want %v, %v", delay, asks, tt.delay, tt.asks)
			}
		})
	}
}

func TestVerdictKeepsTheCause(t *testing.T) {
	cause := errors.New("cause")
	for _, err := range []error{verdict.Permanent(cause), verdict.After(time.Second, cause)} {
		if !errors.Is(err, cause) || err.Error() != "cause" {
			t.Errorf("%v does not keep its cause", err)
		}
	}
}
