package shell

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"mvdan.cc/sh/v3/expand"
)

// duration reads busybox's and GNU's 5, 1.5, 2m, 1h, infinity.
func duration(s string) (time.Duration, bool) {
	if strings.HasPrefix("infinity", s) && len(s) >= 3 {
		return 365 * 24 * time.Hour, true
	}
	unit := time.Second
	for suffix, u := range map[string]time.Duration{"s": time.Second, "m": time.Minute, "h": time.Hour, "d": 24 * time.Hour} {
		if t, ok := strings.CutSuffix(s, suffix); ok {
			s, unit = t, u
			break
		}
	}
	n, err := strconv.ParseFloat(s, 64)
	if err != nil || n < 0 || n*float64(unit) > float64(1<<62) {
		return 0, false
	}
	return time.Duration(n * float64(unit)), true
}

func sleep(k *call) int {
	if len(k.args) < 2 {
		if k.gnu() {
			k.fail("missing operand")
			fmt.Fprintln(k.err, "Try 'sleep --help' for more information.")
			return 1
		}
		fmt.Fprintln(k.err, "Usage: sleep [N]...")
		return 1
	}
	total := time.Duration(0)
	for _, a := range k.args[1:] {
		d, ok := duration(a)
		switch {
		case !ok && k.gnu():
			return k.fail("invalid time interval '%s'", a)
		case !ok:
			return k.fail("invalid number '%s'", a)
		}
		total += d
	}
	if !sleepFor(k.ctx, total) {
		return k.cut()
	}
	return 0
}

// cut is the exit code of a command that was ended.
func (k *call) cut() int {
	var end ended
	if errors.As(context.Cause(k.ctx), &end) {
		return int(end)
	}
	return int(errTerminated)
}

func usleep(k *call) int {
	n, err := strconv.Atoi(strings.Join(k.args[1:], ""))
	if err != nil || !sleepFor(k.ctx, time.Duration(n)*time.Microsecond) {
		return 1
	}
	return 0
}

func date(k *call) int {
	o, ok := k.parse("uRId:r:I", "utc=u", "iso-8601=I", "date=d:", "rfc-email=R")
	if !ok {
		return 1
	}
	now := time.Now().UTC()
	if d := o.get("d", ""); d != "" {
		t, err := parseDate(d, now)
		if err != nil {
			return k.fail("invalid date '%s'", d)
		}
		now = t
	}
	switch {
	case len(o.rest) > 0 && strings.HasPrefix(o.rest[0], "+"):
		k.println(strftime(o.rest[0][1:], now))
	case o.has("I"):
		k.println(now.Format("2006-01-02"))
	case o.has("R"):
		k.println(now.Format(time.RFC1123Z))
	default:
		k.println(now.Format("Mon Jan _2 15:04:05 UTC 2006"))
	}
	return 0
}

func parseDate(s string, now time.Time) (time.Time, error) {
	if n, ok := strings.CutPrefix(s, "@"); ok {
		sec, err := strconv.ParseInt(n, 10, 64)
		return time.Unix(sec, 0).UTC(), err
	}
	if s == "now" {
		return now, nil
	}
	for _, layout := range []string{time.RFC3339, "2006-01-02 15:04:05", "2006-01-02 15:04", "2006-01-02", "15:04:05", "15:04"} {
		if t, err := time.Parse(layout, s); err == nil {
			if t.Year() == 0 {
				t = time.Date(now.Year(), now.Month(), now.Day(), t.Hour(), t.Minute(), t.Second(), 0, time.UTC)
			}
			return t, nil
		}
	}
	return now, errors.New("invalid date")
}

func strftime(format string, t time.Time) string {
	layouts := map[byte]string{'Y': "2006", 'm': "01", 'd': "02", 'H': "15", 'M': "04", 'S': "05", 'y': "06", 'a': "Mon", 'A': "Monday", 'b': "Jan", 'B': "January", 'h': "Jan",
		'F': "2006-01-02", 'T': "15:04:05", 'R': "15:04", 'D': "01/02/06", 'Z': "MST", 'z': "-0700", 'p': "PM", 'I': "03", 'e': "_2", 'c': "Mon Jan _2 15:04:05 2006", 'x': "01/02/06", 'X': "15:04:05"}
	var out strings.Builder
	for i := 0; i < len(format); i++ {
		if format[i] != '%' || i+1 >= len(format) {
			out.WriteByte(format[i])
			continue
		}
		i++
		switch c := format[i]; c {
		case '%':
			out.WriteByte('%')
		case 'n':
			out.WriteByte('\n')
		case 't':
			out.WriteByte('\t')
		case 's':
			out.WriteString(strconv.FormatInt(t.Unix(), 10))
		case 'N':
			fmt.Fprintf(&out, "%09d", t.Nanosecond())
		case 'j':
			fmt.Fprintf(&out, "%03d", t.YearDay())
		case 'u':
			out.WriteString(strconv.Itoa((int(t.Weekday())+6)%7 + 1))
		case 'w':
			out.WriteString(strconv.Itoa(int(t.Weekday())))
		default:
			if l, ok := layouts[c]; ok {
				out.WriteString(t.Format(l))
			} else {
				out.WriteString(format[i-1 : i+1])
			}
		}
	}
	return out.String()
}

// userName is the name of a user in /etc/passwd, or nothing.
func userName(c Container, uid int64) string {
	if b, err := readSmall(c, "/etc/passwd"); err == nil {
		for l := range strings.SplitSeq(b, "\n") {
			if f := strings.Split(l, ":"); len(f) > 2 && f[2] == strconv.FormatInt(uid, 10) {
				return f[0]
			}
		}
	}
	if uid == 0 {
		return "root"
	}
	return ""
}

func readSmall(c Container, name string) (string, error) {
	f, err := c.Open(name, 0, 0)
	if err != nil {
		return "", err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, 1<<20))
	return string(b), err
}

func id(k *call) int {
	o, ok := k.parse("unggGr")
	if !ok {
		return 1
	}
	uid, gid := k.c.User()
	show := func(n int64) string {
		if name := userName(k.c, n); name != "" {
			return fmt.Sprintf("%d(%s)", n, name)
		}
		return strconv.FormatInt(n, 10)
	}
	n := uid
	if o.has("g", "G") {
		n = gid
	}
	switch {
	case o.has("u", "g", "G") && o.has("n"):
		name := userName(k.c, n)
		if name == "" {
			name = strconv.FormatInt(n, 10)
		}
		k.println(name)
	case o.has("u", "g", "G"):
		k.println(n)
	default:
		groups := ""
		if uid == 0 && gid == 0 {
			groups = " groups=0(root)"
			if !k.gnu() {
				groups += ",10(wheel)"
			}
		} else {
			groups = " groups=" + show(gid)
		}
		k.printf("uid=%s gid=%s%s\n", show(uid), show(gid), groups)
	}
	return 0
}

func whoami(k *call) int {
	uid, _ := k.c.User()
	name := userName(k.c, uid)
	if name == "" {
		if k.gnu() {
			return k.fail("cannot find name for user ID %d", uid)
		}
		return k.fail("unknown uid %d", uid)
	}
	k.println(name)
	return 0
}

func hostname(k *call) int {
	o, ok := k.parse("fisdI")
	if !ok {
		return 1
	}
	switch {
	case o.has("i", "I"):
		k.println(k.c.PodIP())
	case o.has("f"):
		name := k.c.Hostname()
		if hosts, err := readSmall(k.c, "/etc/hosts"); err == nil {
			for l := range strings.SplitSeq(hosts, "\n") {
				if f := strings.Fields(l); len(f) > 1 && f[0] == k.c.PodIP() {
					name = f[1]
				}
			}
		}
		k.println(name)
	case len(o.rest) > 0:
		return k.fail("sethostname: Operation not permitted")
	default:
		k.println(k.c.Hostname())
	}
	return 0
}

const kernel = "6.8.0-49-generic"

func uname(k *call) int {
	o, ok := k.parse("asnrvmpio")
	if !ok {
		return 1
	}
	var out []string
	for _, f := range [][2]string{{"s", "Linux"}, {"n", k.c.Hostname()}, {"r", kernel}, {"v", "#49-Ubuntu SMP PREEMPT_DYNAMIC"}, {"m", "x86_64"}, {"o", "GNU/Linux"}} {
		if o.has(f[0], "a") || f[0] == "s" && len(o.flags) == 0 {
			out = append(out, f[1])
		}
	}
	k.println(strings.Join(out, " "))
	return 0
}

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

func printenv(k *call) int {
	code := 0
	if len(k.args) == 1 {
		k.printEnvironment(k.env)
	}
	for _, n := range k.args[1:] {
		v := k.env.Get(n)
		if !v.IsSet() || !v.Exported {
			code = 1
			continue
		}
		k.println(v.String())
	}
	return code
}

func (k *call) printEnvironment(env expand.Environ) {
	values := map[string]string{}
	for name, v := range env.Each {
		if v.Exported && v.IsSet() {
			values[name] = v.String()
		} else {
			delete(values, name)
		}
	}
	names := make([]string, 0, len(values))
	for n := range values {
		names = append(names, n)
	}
	slices.Sort(names)
	for _, n := range names {
		k.println(n + "=" + values[n])
	}
}

func env(k *call) int {
	o, ok := k.parse("+iu:", "ignore-environment=i", "unset=u:")
	if !ok {
		return 125
	}
	var pairs []string
	if !o.has("i") {
		for name, v := range k.env.Each {
			if v.Exported && v.IsSet() && !slices.Contains(o.value["u"], name) {
				pairs = append(pairs, name+"="+v.String())
			}
		}
	}
	rest := o.rest
	for len(rest) > 0 && strings.Contains(rest[0], "=") {
		pairs, rest = append(pairs, rest[0]), rest[1:]
	}
	next := k.with(k.args)
	next.env = expand.ListEnviron(pairs...)
	if len(rest) == 0 {
		next.printEnvironment(next.env)
		return 0
	}
	if !Runs(k.c, rest[0]) {
		if k.gnu() {
			k.fail("'%s': No such file or directory", rest[0])
		} else {
			k.fail("can't execute '%s': No such file or directory", rest[0])
		}
		return 127
	}
	return next.run(rest)
}

func timeout(k *call) int {
	o, ok := k.parse("+s:k:", "signal=s:", "kill-after=k:", "preserve-status=s", "foreground=k")
	if !ok || len(o.rest) < 2 {
		return 125
	}
	words := o.rest
	if o.has("t") {
		words = words[1:]
	}
	d, ok := duration(words[0])
	if !ok {
		k.fail("invalid time interval '%s'", words[0])
		return 125
	}
	ctx, cancel := context.WithTimeout(k.ctx, d)
	defer cancel()
	next := k.with(k.args)
	next.ctx = ctx
	code := next.run(words[1:])
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		if k.gnu() {
			return 124
		}
		return 143
	}
	return code
}

func nohup(k *call) int {
	if len(k.args) < 2 {
		return 125
	}
	return k.run(k.args[1:])
}

func timeTool(k *call) int {
	start := time.Now()
	code := 0
	if len(k.args) > 1 {
		code = k.run(k.args[1:])
	}
	fmt.Fprintf(k.err, "real\t%dm %.2fs\nuser\t0m 0.00s\nsys\t0m 0.00s\n", int(time.Since(start).Minutes()), time.Since(start).Seconds())
	return code
}

func xargs(k *call) int {
	o, ok := k.parse("+n:I:rt0L:P:d:", "no-run-if-empty=r", "null=0", "max-args=n:", "replace=I:")
	if !ok {
		return 1
	}
	cmd := o.rest
	if len(cmd) == 0 {
		cmd = []string{"echo"}
	}
	b, err := io.ReadAll(io.LimitReader(k.stdin(), maxScript*4))
	if err != nil {
		return 1
	}
	var words []string
	switch {
	case o.has("0"):
		words = strings.Split(strings.TrimSuffix(string(b), "\x00"), "\x00")
	case o.has("I"):
		words = strings.Split(strings.TrimSpace(string(b)), "\n")
	default:
		words = strings.Fields(string(b))
	}
	code := 0
	run := func(argv []string) {
		if k.ctx.Err() != nil {
			return
		}
		if c := k.run(argv); c != 0 {
			code = 123
			if c == 127 {
				code = 127
			}
		}
	}
	if hole := o.get("I", ""); hole != "" {
		for _, w := range words {
			argv := slices.Clone(cmd)
			for i := range argv {
				argv[i] = strings.ReplaceAll(argv[i], hole, w)
			}
			run(argv)
		}
		return code
	}
	if len(words) == 0 && o.has("r") {
		return 0
	}
	per := len(words)
	if n, err := strconv.Atoi(o.get("n", "")); err == nil && n > 0 {
		per = n
	}
	if len(words) == 0 {
		run(cmd)
	}
	for len(words) > 0 {
		n := min(max(per, 1), len(words))
		run(append(slices.Clone(cmd), words[:n]...))
		words = words[n:]
	}
	return code
}
