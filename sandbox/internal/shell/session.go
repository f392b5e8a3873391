package shell

import (
	"context"
	"strconv"
	"strings"
	"sync"
	"syscall"
)

const maxJobs = 64

// session is one shell process: its traps and its background jobs.
type session struct {
	c        Container
	name     string
	first    bool // It is the container's process 1, or was started in its place.
	replaced bool // What it runs next takes its place.
	terminal *terminal
	kill     func(error)
	pace     *throttle

	mu      sync.Mutex
	parent  *session
	kids    map[*session]bool
	traps   map[syscall.Signal]string
	pending []syscall.Signal
	arrived chan struct{} // Closed and made anew when a signal is pending.
	jobs    map[string]*job
}

type job struct {
	ctx    context.Context
	cancel func(error)
	done   chan struct{}
	once   sync.Once
}

func (j *job) finish() { j.once.Do(func() { close(j.done) }) }

func newSession(c Container, name string, t *terminal) *session {
	return &session{c: c, name: name, terminal: t, pace: &throttle{}, kids: map[*session]bool{}, traps: map[syscall.Signal]string{}, arrived: make(chan struct{}), jobs: map[string]*job{}}
}

// child is a shell that a command of this one starts; signals for the first process go on to the innermost that has a trap.
func (x *session) child(name string) *session {
	y := newSession(x.c, name, x.terminal)
	y.pace, y.first, y.parent = x.pace, x.first && x.replaced, x
	y.kill = x.kill
	x.mu.Lock()
	x.kids[y] = true
	x.mu.Unlock()
	return y
}

func (x *session) end() {
	if x.parent != nil {
		x.parent.mu.Lock()
		delete(x.parent.kids, x)
		x.parent.mu.Unlock()
	}
}

// listen takes signals until the command ends.
func (x *session) listen(ctx context.Context, signals <-chan syscall.Signal) {
	for {
		select {
		case s, ok := <-signals:
			if !ok {
				return
			}
			x.signal(s)
		case <-ctx.Done():
			return
		}
	}
}

func (x *session) signal(s syscall.Signal) {
	if s == syscall.SIGKILL {
		x.kill(errKilled)
		return
	}
	if s == 0 || x.deliver(s) || x.first {
		return
	}
	switch s {
	case syscall.SIGCHLD, syscall.SIGCONT, syscall.SIGURG, syscall.SIGWINCH:
	default:
		x.kill(ended(128 + int(s)))
	}
}

// deliver hands the signal to the shell that has a trap for it.
func (x *session) deliver(s syscall.Signal) bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	if code, ok := x.traps[s]; ok {
		if code != "" {
			x.pending = append(x.pending, s)
			close(x.arrived)
			x.arrived = make(chan struct{})
		}
		return true
	}
	for y := range x.kids {
		if y.deliver(s) {
			return true
		}
	}
	return false
}

// take is the code of traps whose signals came.
func (x *session) take() string {
	x.mu.Lock()
	defer x.mu.Unlock()
	var code []string
	for _, s := range x.pending {
		if c := x.traps[s]; c != "" {
			code = append(code, c)
		}
	}
	x.pending = nil
	return strings.Join(code, "\n")
}

// trap notes the signals of a trap command and gives back the words that the interpreter itself understands.
func (x *session) trap(args []string) []string {
	words := args[1:]
	if len(words) > 0 && words[0] == "--" {
		words = words[1:]
	}
	if len(words) < 2 {
		return args
	}
	code, rest := words[0], []string{}
	x.mu.Lock()
	defer x.mu.Unlock()
	for _, w := range words[1:] {
		s, ok := signalByName(w)
		if !ok {
			rest = append(rest, w)
			continue
		}
		if code == "-" {
			delete(x.traps, s)
		} else {
			x.traps[s] = code
		}
	}
	if len(rest) == 0 {
		return []string{"true"}
	}
	for i, w := range rest {
		if w == "0" {
			rest[i] = "EXIT"
		}
	}
	return append([]string{"trap", code}, rest...)
}

// job is the background job that a command belongs to, made when it is first seen.
func (x *session) job(ctx context.Context, number string) *job {
	x.mu.Lock()
	defer x.mu.Unlock()
	j := x.jobs[number]
	if j == nil {
		if len(x.jobs) >= maxJobs {
			for n, old := range x.jobs {
				select {
				case <-old.done:
					delete(x.jobs, n)
				default:
				}
			}
		}
		j = &job{done: make(chan struct{})}
		j.ctx, j.cancel = context.WithCancelCause(ctx)
		if len(x.jobs) >= maxJobs {
			j.cancel(ended(2))
		}
		x.jobs[number] = j
	}
	return j
}

// wait waits for background jobs, all of them or those named; a signal with a trap cuts it short.
func (x *session) wait(ctx context.Context, args []string, started int) {
	var jobs []*job
	for i := 1; i <= started; i++ {
		n := strconv.Itoa(i)
		named := len(args) == 1
		for _, a := range args[1:] {
			named = named || a == "g"+n || a == "%"+n
		}
		if named {
			jobs = append(jobs, x.job(ctx, n))
		}
	}
	for _, j := range jobs {
		x.mu.Lock()
		arrived, pending := x.arrived, len(x.pending) > 0
		x.mu.Unlock()
		if pending {
			return
		}
		select {
		case <-j.done:
		case <-j.ctx.Done():
		case <-arrived:
			return
		case <-ctx.Done():
			return
		}
	}
}

// signalByName reads TERM, SIGTERM or 15.
func signalByName(w string) (syscall.Signal, bool) {
	if n, err := strconv.Atoi(w); err == nil {
		return syscall.Signal(n), n > 0 && n < 32
	}
	s, ok := signals[strings.TrimPrefix(strings.ToUpper(w), "SIG")]
	return s, ok
}

var signals = map[string]syscall.Signal{
	"HUP": syscall.SIGHUP, "INT": syscall.SIGINT, "QUIT": syscall.SIGQUIT, "KILL": syscall.SIGKILL, "TERM": syscall.SIGTERM,
	"USR1": syscall.SIGUSR1, "USR2": syscall.SIGUSR2, "ALRM": syscall.SIGALRM, "PIPE": syscall.SIGPIPE, "CHLD": syscall.SIGCHLD,
	"CONT": syscall.SIGCONT, "WINCH": syscall.SIGWINCH, "STOP": syscall.SIGSTOP, "TSTP": syscall.SIGTSTP,
}
