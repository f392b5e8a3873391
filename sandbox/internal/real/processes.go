//go:build linux

package real

import (
	"bytes"
	"cmp"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"

	"kubedrill.dev/sandbox/internal/shell"
)

// processes are those that the kernel shows.
type processes struct{}

// List is what ps shows.
func (processes) List() []shell.Process {
	folders, err := filepath.Glob("/proc/[0-9]*")
	if err != nil {
		return nil
	}
	var out []shell.Process
	for _, dir := range folders {
		pid, err := strconv.Atoi(filepath.Base(dir))
		if err != nil {
			continue
		}
		line, err := os.ReadFile(filepath.Join(dir, "cmdline"))
		if err != nil || len(line) == 0 {
			continue
		}
		out = append(out, shell.Process{PID: pid, Argv: strings.Split(string(bytes.TrimSuffix(line, []byte{0})), "\x00")})
	}
	slices.SortFunc(out, func(a, b shell.Process) int { return cmp.Compare(a.PID, b.PID) })
	return out
}

// Signal is what kill does.
func (processes) Signal(pid int, signal syscall.Signal) error { return syscall.Kill(pid, signal) }

const cgroup = "/sys/fs/cgroup/"

// Limits are what the Pod allows the container: milliCPU and bytes; zero is no limit.
func (c *Container) Limits() (milliCPU, memory int64) {
	if quota, period, ok := strings.Cut(c.control("cpu.max"), " "); ok {
		q, errQ := strconv.ParseInt(quota, 10, 64)
		p, errP := strconv.ParseInt(period, 10, 64)
		if errQ == nil && errP == nil && p > 0 {
			milliCPU = q * 1000 / p
		}
	}
	if n, err := strconv.ParseInt(c.control("memory.max"), 10, 64); err == nil {
		memory = n
	}
	return milliCPU, memory
}

// MemoryUse is what the container uses.
func (c *Container) MemoryUse() int64 {
	n, err := strconv.ParseInt(c.control("memory.current"), 10, 64)
	if err != nil {
		return 0
	}
	return n
}

func (c *Container) control(name string) string {
	b, err := os.ReadFile(cgroup + name)
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(b))
}
