package runtime

import (
	"fmt"
	"strings"
	"time"

	"kubedrill.dev/sandbox/internal/files"
	"kubedrill.dev/sandbox/internal/shell"
)

// furnish puts into a container what its image and the kernel bring: programs, the working folder, a little of /proc and /sys.
func (c *container) furnish(tree *files.Tree) {
	uid, _ := c.User()
	for _, name := range shell.Programs(c.image) {
		tree.File(name, 0o755, nil)
	}
	for _, dir := range []string{c.image.WorkingDir, c.config.WorkingDir} {
		if dir != "" {
			tree.Folder(dir, 0o755)
			tree.Own(dir, uid)
		}
	}
	c.proc(tree)
}

func (c *container) proc(tree *files.Tree) {
	text := func(name string, f func() string) { tree.Computed(name, func() []byte { return []byte(f()) }) }
	text("/proc/1/cmdline", func() string {
		for _, p := range c.List() {
			if p.PID == 1 {
				return strings.Join(p.Argv, "\x00") + "\x00"
			}
		}
		return ""
	})
	text("/proc/1/environ", func() string {
		var out strings.Builder
		for name, value := range c.Env() {
			out.WriteString(name + "=" + value + "\x00")
		}
		return out.String()
	})
	text("/proc/version", func() string {
		return "Linux version 6.8.0-49-generic (buildd@lcy02-amd64-103) (x86_64-linux-gnu-gcc-13) #49-Ubuntu SMP PREEMPT_DYNAMIC\n"
	})
	text("/proc/loadavg", func() string { return "0.08 0.06 0.01 1/128 42\n" })
	text("/proc/uptime", func() string { return fmt.Sprintf("%.2f %.2f\n", time.Since(c.created).Seconds()+93600, 370000.0) })
	text("/proc/meminfo", func() string {
		use := c.MemoryUse() >> 10
		return fmt.Sprintf("MemTotal:        8388608 kB\nMemFree:        %8d kB\nMemAvailable:   %8d kB\n", 8388608-use, 8388608-use)
	})
	limit := c.config.GetLinux().GetResources().GetMemoryLimitInBytes()
	text("/sys/fs/cgroup/memory.max", func() string {
		if limit > 0 {
			return fmt.Sprintln(limit)
		}
		return "max\n"
	})
	text("/sys/fs/cgroup/memory.current", func() string { return fmt.Sprintln(c.MemoryUse()) })
	text("/sys/fs/cgroup/cpu.max", func() string {
		r := c.config.GetLinux().GetResources()
		if r.GetCpuQuota() > 0 {
			return fmt.Sprintf("%d %d\n", r.GetCpuQuota(), r.GetCpuPeriod())
		}
		return "max 100000\n"
	})
}
