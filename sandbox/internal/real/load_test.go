//go:build linux

package real

import (
	"context"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"kubedrill.dev/sandbox/internal/cost"
)

func TestWhatThisProcessUsedAnywayIsTakenOffTheCost(t *testing.T) {
	var l load
	const used = 10 * time.Second
	if got := l.owe(5*time.Millisecond, used); got > 0 {
		t.Errorf("after much other work the first request burns %v", got)
	}
	burnt := time.Duration(0)
	for range 20 {
		burnt += max(0, l.owe(5*time.Millisecond, used+burnt))
	}
	if want := 21*5*time.Millisecond - credit; burnt != want {
		t.Errorf("20 requests burn %v, want %v", burnt, want)
	}
}

func TestABoundMakesRequestsWaitAndRefusesTheRest(t *testing.T) {
	var l load
	now := time.Now()
	taken := 0
	for range 100 {
		if _, ok := l.reserve(cost.Cost{Time: 10 * time.Millisecond, Cap: 100}, now); ok {
			taken++
		}
	}
	// Each takes 100 ms on the clock: those that begin within the patience, and the one at its end.
	if taken != 6 {
		t.Errorf("%d of 100 requests at once are taken", taken)
	}
	begin, ok := l.reserve(cost.Cost{Time: 10 * time.Millisecond, Cap: 100}, now.Add(time.Minute))
	if !ok || !begin.Equal(now.Add(time.Minute)) {
		t.Error("a program that had time to rest makes a request wait")
	}
}

func TestCPUIsReallyBurnt(t *testing.T) {
	c := &Container{}
	before := cpuTime(unix.CLOCK_PROCESS_CPUTIME_ID)
	for range 20 {
		if !c.Spend(context.Background(), cost.Cost{Time: 10 * time.Millisecond}) {
			t.Fatal("a request without a bound was refused")
		}
	}
	if used := cpuTime(unix.CLOCK_PROCESS_CPUTIME_ID) - before; used < 150*time.Millisecond {
		t.Errorf("20 requests of 10ms used %v", used)
	}
}
