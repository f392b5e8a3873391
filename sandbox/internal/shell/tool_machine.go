package shell

import (
	"strconv"
	"strings"
	"time"
)

// simulated is what the kernel of a simulated container says.
var simulated = Uname{Release: "6.8.0-49-generic", Version: "#49-Ubuntu SMP PREEMPT_DYNAMIC", Machine: "x86_64"}

func uname(k *call) int {
	o, ok := k.parse("asnrvmpio")
	if !ok {
		return 1
	}
	u := simulated
	if real, ok := kernel(k.c); ok {
		u = real.Uname()
	}
	var out []string
	for _, f := range [][2]string{{"s", "Linux"}, {"n", k.c.Hostname()}, {"r", u.Release}, {"v", u.Version}, {"m", u.Machine}, {"o", "GNU/Linux"}} {
		if o.has(f[0], "a") || f[0] == "s" && len(o.flags) == 0 {
			out = append(out, f[1])
		}
	}
	k.println(strings.Join(out, " "))
	return 0
}

// memory is what the container uses and may use.
func (k *call) memory() (use, limit int64) {
	use, limit = 8<<20, 8<<30
	if r, ok := k.c.(Resources); ok {
		use = r.MemoryUse()
	}
	return use, limit
}

func free(k *call) int {
	o, ok := k.parse("mhgkb")
	if !ok {
		return 1
	}
	use, total := k.memory()
	show := func(n int64) string {
		switch {
		case o.has("h"):
			return human(n)
		case o.has("m"):
			return strconv.FormatInt(n>>20, 10)
		case o.has("g"):
			return strconv.FormatInt(n>>30, 10)
		case o.has("b"):
			return strconv.FormatInt(n, 10)
		}
		return strconv.FormatInt(n>>10, 10)
	}
	k.println("               total        used        free      shared  buff/cache   available")
	k.printf("Mem:    %12s%12s%12s%12s%12s%12s\n", show(total), show(use), show(total-use), show(0), show(0), show(total-use))
	k.printf("Swap:   %12s%12s%12s\n", show(0), show(0), show(0))
	return 0
}

func uptime(k *call) int {
	k.printf(" %s up 1 day,  2:03,  0 users,  load average: 0.08, 0.06, 0.01\n", time.Now().UTC().Format("15:04:05"))
	return 0
}

func nproc(k *call) int {
	if real, ok := kernel(k.c); ok {
		k.println(real.CPUs())
		return 0
	}
	k.println(4)
	return 0
}

func tty(k *call) int {
	if k.session.terminal == nil {
		k.println("not a tty")
		return 1
	}
	k.println("/dev/pts/0")
	return 0
}

func ulimit(k *call) int {
	if len(k.args) > 1 && k.args[1] == "-n" {
		k.println(1048576)
		return 0
	}
	k.println("unlimited")
	return 0
}

func umask(k *call) int {
	if len(k.args) < 2 {
		k.println("0022")
	}
	return 0
}
