//go:build linux

package real

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sys/unix"

	"kubedrill.dev/sandbox/internal/cost"
)

const (
	// patience is how long a request waits for the program to have CPU left for it.
	patience = 500 * time.Millisecond
	// credit is how much of what the program used for other things is taken off the cost of requests.
	credit = 50 * time.Millisecond
)

// load makes this process use what requests cost, no less and no more: the work of taking and answering them is part of it.
type load struct {
	mu   sync.Mutex
	free time.Time     // When the next request with a bound may begin.
	owed time.Duration // The CPU time that this process should have used by now.

	served, refused atomic.Int64
}

// Spend burns the CPU time of a request. A bound makes requests wait for each other; the ones that would wait too long are refused.
func (c *Container) Spend(ctx context.Context, price cost.Cost) bool {
	c.ballast.hold(price.Memory)
	if price.Cap > 0 {
		begin, ok := c.load.reserve(price, time.Now())
		if !ok {
			c.load.refused.Add(1)
			return false
		}
		select {
		case <-time.After(time.Until(begin)):
		case <-ctx.Done():
			return false
		}
	}
	c.load.served.Add(1)
	burn(c.load.owe(price.Time, cpuTime(unix.CLOCK_PROCESS_CPUTIME_ID)))
	return true
}

// Answered counts the requests that were answered, and those that were refused.
func (c *Container) Answered() (served, refused int64) {
	return c.load.served.Load(), c.load.refused.Load()
}

func (l *load) reserve(price cost.Cost, now time.Time) (begin time.Time, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.free.Before(now) {
		l.free = now
	}
	if l.free.Sub(now) > patience {
		return now, false
	}
	begin = l.free
	l.free = l.free.Add(price.Time * 1000 / time.Duration(price.Cap))
	return begin, true
}

// owe adds a cost and tells how much of it is still to be burnt by this request.
func (l *load) owe(cost, used time.Duration) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.owed = max(l.owed, used-credit) + cost
	return min(cost, l.owed-used)
}

// burn keeps a core busy for so much CPU time of this thread, however long the kernel makes it wait for it.
func burn(d time.Duration) {
	if d <= 0 {
		return
	}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	for end := cpuTime(unix.CLOCK_THREAD_CPUTIME_ID) + d; cpuTime(unix.CLOCK_THREAD_CPUTIME_ID) < end; {
		spin()
	}
}

// spin is a short piece of work.
func spin() {
	x := uint64(1)
	for range 2000 {
		x ^= x << 13
		x ^= x >> 7
		x ^= x << 17
	}
	keep(x)
}

// keep makes the compiler leave the work in.
//
//go:noinline
func keep(uint64) {}

func cpuTime(clock int32) time.Duration {
	var t unix.Timespec
	if err := unix.ClockGettime(clock, &t); err != nil {
		return time.Duration(time.Now().UnixNano()) // Then the time on the wall has to do.
	}
	return time.Duration(t.Nano())
}
