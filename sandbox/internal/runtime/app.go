package runtime

import (
	"path"
	"slices"
	"time"

	"kubedrill.dev/sandbox/internal/app"
	"kubedrill.dev/sandbox/internal/shell"
)

// life is the container as its program lives in it; its methods are called with rt.mu held.
type life struct{ *container }

// Print writes to the container's log.
func (l life) Print(stream, text string) { l.print(stream, text) }

// Ports are those of the program.
func (l life) Ports() []int32 { return l.ports }

// After waits.
func (l life) After(d time.Duration, f func()) { l.after(d, f) }

// Take sets the ports.
func (l life) Take(ports []int32) { l.ports = ports }

// Apart works without rt.mu, and goes on with it.
func (l life) Apart(work func() func()) {
	go func() {
		then := work()
		l.rt.mu.Lock()
		defer l.rt.mu.Unlock()
		if l.running() {
			then()
		}
	}()
}

// Ready opens them.
func (l life) Ready() { l.listening = time.Now() }

// Idle needs nothing: use is computed when it is asked for.
func (l life) Idle(int64) {}

// Beside is the container itself, whose methods take rt.mu when they need it.
func (l life) Beside() app.Collector { return l.container }

// End ends the container, as its program does that found out by itself that it cannot go on.
func (c *container) End(code int32) {
	c.rt.mu.Lock()
	defer c.rt.mu.Unlock()
	c.exit(code, "")
}

// Occupy ends the container when its limit is passed.
func (l life) Occupy(memory, leak int64, startup time.Duration) bool {
	limit := l.limit()
	killed := func() { l.exit(exitKilled, oomKilled) }
	switch {
	case limit > 0 && memory > limit:
		l.after(startup, killed)
		return false
	case limit > 0 && leak > 0:
		l.after(time.Duration(float64(limit-memory)/float64(leak)*float64(time.Second)), killed)
	}
	return true
}

// play is the image's own program, run with argv: it calls end when the program ends by itself.
func (c *container) play(argv []string, end func(code int32)) { app.Play(life{c}, argv, end) }

// Argv is what the container runs.
func (c *container) Argv() []string { return c.image.Argv(c.config.Command, c.config.Args) }

// playsItself tells whether the container's command is the image's own program rather than one of the shell's.
func (c *container) playsItself() bool {
	argv := c.Argv()
	if len(argv) == 0 {
		return false
	}
	if c.image.Unlisted { // What else it may have is not known.
		return len(c.config.Command) == 0 || !shell.IsTool(path.Base(argv[0]))
	}
	return app.PlaysItself(c.image, argv)
}

// listener finds what listens on an address.
func (r *Runtime) listener(ip string, port int32) *listener {
	for _, c := range r.containers {
		if c.pod.ip != ip || !c.pod.ready || !c.running() {
			continue
		}
		for _, l := range c.listeners {
			if l.port == port {
				return &listener{c: c, command: l, port: port}
			}
		}
		if !c.listening.IsZero() && slices.Contains(c.ports, port) {
			return &listener{c: c, port: port}
		}
	}
	return nil
}
