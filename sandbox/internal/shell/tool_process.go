package shell

import (
	"context"
	"path"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

func ps(k *call) int {
	uid, _ := k.c.User()
	name := userName(k.c, uid)
	if name == "" {
		name = strconv.FormatInt(uid, 10)
	}
	list := k.processes()
	aux := strings.Contains(strings.Join(k.args[1:], ""), "u")
	full := strings.Contains(strings.Join(k.args[1:], ""), "f")
	now := time.Now().UTC().Format("15:04")
	switch {
	case !k.gnu():
		k.println("PID   USER     TIME  COMMAND")
		for _, p := range list {
			k.printf("%5d %-8s  0:00 %s\n", p.PID, name, strings.Join(p.Argv, " "))
		}
	case aux:
		k.println("USER         PID %CPU %MEM    VSZ   RSS TTY      STAT START   TIME COMMAND")
		for _, p := range list {
			k.printf("%-8s %7d  0.0  0.0   4500  3200 ?        Ss   %s   0:00 %s\n", name, p.PID, now, strings.Join(p.Argv, " "))
		}
	case full:
		k.println("UID          PID    PPID  C STIME TTY          TIME CMD")
		for _, p := range list {
			k.printf("%-8s %7d       0  0 %s ?        00:00:00 %s\n", name, p.PID, now, strings.Join(p.Argv, " "))
		}
	default:
		k.println("    PID TTY          TIME CMD")
		for _, p := range list {
			k.printf("%7d ?        00:00:00 %s\n", p.PID, path.Base(p.Argv[0]))
		}
	}
	return 0
}

// processes are the container's and, last, this command.
func (k *call) processes() []Process {
	list := slices.DeleteFunc(slices.Clone(k.c.List()), func(p Process) bool { return len(p.Argv) == 0 })
	next := 2
	for _, p := range list {
		next = max(next, p.PID+1)
	}
	if len(list) > 0 && slices.Equal(list[len(list)-1].Argv, k.args) {
		return list
	}
	return append(list, Process{PID: next + 6, Argv: k.args})
}

func top(k *call) int {
	mem, limit := k.memory()
	k.printf("Mem: %dK used, %dK free, 0K shrd, 0K buff, 0K cached\n", mem>>10, (limit-mem)>>10)
	k.println("CPU:   1% usr   0% sys   0% nic  98% idle   0% io   0% irq   0% sirq")
	return ps(k.with([]string{"ps"}))
}

func kill(k *call) int {
	words := k.args[1:]
	sig := syscall.SIGTERM
	if len(words) > 0 && words[0] == "-l" {
		k.println("HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM STKFLT CHLD CONT STOP TSTP TTIN TTOU URG XCPU XFSZ VTALRM PROF WINCH POLL PWR SYS")
		return 0
	}
	if len(words) > 1 && words[0] == "-s" {
		words = append([]string{"-" + words[1]}, words[2:]...)
	}
	if len(words) > 0 && len(words[0]) > 1 && words[0][0] == '-' {
		w := words[0][1:]
		s, ok := signalByName(w)
		if !ok && w != "0" {
			return k.fail("invalid signal name '%s'", w)
		}
		sig, words = s, words[1:]
		if w == "0" {
			sig = 0
		}
	}
	if len(words) == 0 {
		k.printfErr("kill: you need to specify whom to kill\n")
		return 1
	}
	code := 0
	for _, w := range words {
		if n, ok := strings.CutPrefix(strings.TrimPrefix(w, "%"), "g"); ok || strings.HasPrefix(w, "%") {
			if !k.session.killJob(n, sig) {
				code = k.fail("can't kill pid %s: No such process", w)
			}
			continue
		}
		pid, err := strconv.Atoi(w)
		if err != nil {
			code = k.fail("invalid number '%s'", w)
			continue
		}
		if err := k.c.Signal(pid, sig); err != nil {
			code = k.fail("can't kill pid %d: %s", pid, reason(err))
		}
	}
	return code
}

// killJob ends a background job, or with signal 0 tells whether it runs.
func (x *session) killJob(number string, sig syscall.Signal) bool {
	x.mu.Lock()
	j := x.jobs[number]
	x.mu.Unlock()
	if j == nil {
		j = x.job(context.Background(), number)
	}
	select {
	case <-j.done:
		return false
	default:
	}
	if sig != 0 {
		j.cancel(ended(128 + int(sig)))
	}
	return true
}

func (k *call) matching(name string) (pids []int) {
	for _, p := range k.c.List() {
		if len(p.Argv) > 0 && path.Base(p.Argv[0]) == name {
			pids = append(pids, p.PID)
		}
	}
	return pids
}

func killall(k *call) int {
	o, ok := k.parse("q9s:")
	if !ok || len(o.rest) == 0 {
		return 1
	}
	pids := k.matching(o.rest[0])
	for _, p := range pids {
		_ = k.c.Signal(p, syscall.SIGTERM)
	}
	if len(pids) == 0 {
		return k.fail("%s: no process killed", o.rest[0])
	}
	return 0
}

func pidof(k *call) int {
	var out []string
	for _, n := range k.args[1:] {
		for _, p := range k.matching(n) {
			out = append(out, strconv.Itoa(p))
		}
	}
	if len(out) == 0 {
		return 1
	}
	k.println(strings.Join(out, " "))
	return 0
}

func pgrep(k *call) int {
	o, ok := k.parse("flxu:a")
	if !ok || len(o.rest) == 0 {
		return 2
	}
	code := 1
	for _, p := range k.c.List() {
		if len(p.Argv) == 0 {
			continue
		}
		text := path.Base(p.Argv[0])
		if o.has("f") {
			text = strings.Join(p.Argv, " ")
		}
		if o.has("x") && text == o.rest[0] || !o.has("x") && strings.Contains(text, o.rest[0]) {
			code = 0
			k.println(p.PID)
		}
	}
	return code
}

func nohup(k *call) int {
	if len(k.args) < 2 {
		return 125
	}
	return k.run(k.args[1:])
}
