package shell

import (
	"context"
	"sync"
	"time"
)

// A busy loop in a script must not take a core of this machine: after a burst, commands come at a steady pace.
const (
	burst      = 400
	perSecond  = 500
	frameBound = 4000
)

// throttle is a bucket of commands that may run at once.
type throttle struct {
	mu   sync.Mutex
	left float64
	at   time.Time
}

// wait takes one command out of the bucket, waiting when it is empty.
func (t *throttle) wait(ctx context.Context) {
	t.mu.Lock()
	now := time.Now()
	if t.at.IsZero() {
		t.left = burst
	} else {
		t.left = min(burst, t.left+now.Sub(t.at).Seconds()*perSecond)
	}
	t.at = now
	t.left--
	pause := time.Duration(0)
	if t.left < 0 {
		pause = time.Duration(-t.left / perSecond * float64(time.Second))
	}
	t.mu.Unlock()
	if pause > 0 {
		sleepFor(ctx, pause)
	}
}

// sleepFor waits, and tells whether it was not cut short.
func sleepFor(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
