package real

import (
	"context"
	"os"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"kubedrill.dev/sandbox/internal/app"
)

const (
	leakStep = 100 * time.Millisecond
	idleStep = 100 * time.Millisecond
	// patience is how long a request waits for the program to have CPU left for it.
	patience = 500 * time.Millisecond
)

// load is the use of CPU that requests ask for.
type load struct {
	mu   sync.Mutex
	free time.Time // When the next request with a bound may begin.
}

// Occupy takes memory, which is touched so that it counts: over the limit, the kernel ends the container.
func (c *Container) Occupy(memory, leak int64, startup time.Duration) bool {
	c.After(startup, func() { grow(memory - anonymous()) })
	if leak > 0 {
		go func() {
			for range time.Tick(leakStep) {
				grow(leak * int64(leakStep) / int64(time.Second))
			}
		}()
	}
	return true
}

// grow takes so many bytes from the kernel, for good.
func grow(bytes int64) {
	if bytes <= 0 {
		return
	}
	block, err := syscall.Mmap(-1, 0, int(bytes), syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_PRIVATE|syscall.MAP_ANON)
	if err != nil {
		return
	}
	for i := 0; i < len(block); i += os.Getpagesize() {
		block[i] = 1
	}
}

// anonymous is the memory that this process has already, in bytes.
func anonymous() int64 {
	text, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	for line := range strings.SplitSeq(string(text), "\n") {
		if value, ok := strings.CutPrefix(line, "RssAnon:"); ok {
			n, _ := strconv.ParseInt(strings.TrimSpace(strings.TrimSuffix(value, "kB")), 10, 64)
			return n << 10
		}
	}
	return 0
}

// Idle uses CPU without any demand.
func (c *Container) Idle(milliCPU int64) {
	for ; milliCPU > 0; milliCPU -= 1000 {
		share := time.Duration(min(milliCPU, 1000)) * idleStep / 1000
		go func() {
			for range time.Tick(idleStep) {
				burn(share)
			}
		}()
	}
}

// Spend burns the CPU time of a request. A bound makes requests wait for each other; the ones that would wait too long are refused.
func (c *Container) Spend(ctx context.Context, cost app.Cost) bool {
	if cost.Cap > 0 {
		begin, ok := c.load.reserve(cost, time.Now())
		if !ok {
			return false
		}
		select {
		case <-time.After(time.Until(begin)):
		case <-ctx.Done():
			return false
		}
	}
	burn(cost.Time)
	return true
}

func (l *load) reserve(cost app.Cost, now time.Time) (begin time.Time, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.free.Before(now) {
		l.free = now
	}
	if l.free.Sub(now) > patience {
		return now, false
	}
	begin = l.free
	l.free = l.free.Add(cost.Time * 1000 / time.Duration(cost.Cap))
	return begin, true
}

// burn keeps a core busy for so much CPU time of this thread, however long the kernel makes it wait for it.
func burn(d time.Duration) {
	if d <= 0 {
		return
	}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	for end := threadTime() + d; threadTime() < end; {
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

// keep keeps the compiler from leaving the work out.
//
//go:noinline
func keep(uint64) {}

func threadTime() time.Duration {
	var t unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_THREAD_CPUTIME_ID, &t); err != nil {
		return time.Duration(time.Now().UnixNano())
	}
	return time.Duration(t.Nano())
}
