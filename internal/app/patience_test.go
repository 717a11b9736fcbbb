package app

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/zap"
)

// A broker that is slow at the start is waited for; what it refuses is told at
// once.
func TestASlowBrokerAtTheStartIsWaitedFor(t *testing.T) {
	refused := errors.New("the broker refuses the settings")
	synctest.Test(t, func(t *testing.T) {
		a := &App{log: zap.NewNop()}
		tries := 0
		err := a.patiently(t.Context(), func(context.Context) error {
			if tries++; tries < 4 {
				return fmt.Errorf("ensure stream DEAD: %w", context.DeadlineExceeded)
			}
			return nil
		})
		if err != nil || tries != 4 {
			t.Errorf("%d tries: %v", tries, err)
		}
		tries = 0
		if err := a.patiently(t.Context(), func(context.Context) error { tries++; return refused }); !errors.Is(err, refused) || tries != 1 {
			t.Errorf("%d tries: %v", tries, err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		if err := a.patiently(ctx, func(context.Context) error { return context.DeadlineExceeded }); err == nil {
			t.Error("it outlives its context")
		}
	})
}
