//go:build linux

package real

import (
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"
)

const (
	leakStep = 100 * time.Millisecond
	idleStep = 100 * time.Millisecond
	// reserve is the memory that this program takes for its own work once it serves.
	reserve = 2 << 20
)

// Occupy takes memory, which is touched so that it counts: over the limit, the kernel ends the container.
func (c *Container) Occupy(memory, leak int64, startup time.Duration) bool {
	c.After(startup, func() { grow(memory - anonymous() - reserve) })
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
