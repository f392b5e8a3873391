package runtime

import (
	"io"
	"slices"
	"syscall"

	"kubedrill.dev/sandbox/internal/app"
	"kubedrill.dev/sandbox/internal/shell"
)

// signalsWaiting is how many signals a process can have that it has not looked at.
const signalsWaiting = 8

// processes are those of a container: number 1 and what exec started.
type processes struct {
	last int
	list []process
}

type process struct {
	shell.Process
	signals chan syscall.Signal
}

func (p *processes) start(argv []string) process {
	p.last++
	started := process{shell.Process{PID: p.last, Argv: argv}, make(chan syscall.Signal, signalsWaiting)}
	p.list = append(p.list, started)
	return started
}

func (p *processes) end(pid int) {
	p.list = slices.DeleteFunc(p.list, func(q process) bool { return q.PID == pid })
}

// signal is what kill does; false when there is no such process.
func (p *processes) signal(pid int, signal syscall.Signal) bool {
	i := slices.IndexFunc(p.list, func(q process) bool { return q.PID == pid })
	if i < 0 {
		return false
	}
	select {
	case p.list[i].signals <- signal:
	default: // As the kernel does: one more of a kind that waits already changes nothing.
	}
	return true
}

// List is what ps shows.
func (c *container) List() []shell.Process {
	c.rt.mu.Lock()
	defer c.rt.mu.Unlock()
	var out []shell.Process
	for _, p := range c.processes.list {
		out = append(out, p.Process)
	}
	return out
}

// Signal is what kill does.
func (c *container) Signal(pid int, signal syscall.Signal) error {
	c.rt.mu.Lock()
	defer c.rt.mu.Unlock()
	switch {
	case pid == firstProcess && signal == 0:
		return nil
	case pid == firstProcess && signal == syscall.SIGHUP && c.site.Runs():
		app.Reload(life{c})
		return nil
	case pid == firstProcess && (c.playsItself() || c.appIsFirst):
		if signal == syscall.SIGTERM || signal == syscall.SIGINT || signal == syscall.SIGQUIT {
			c.terminate()
		}
		return nil
	case pid == firstProcess && signal == syscall.SIGKILL:
		return nil // Nobody in the container can kill process 1.
	}
	if !c.processes.signal(pid, signal) {
		return syscall.ESRCH
	}
	return nil
}

// noInput is the standard input of a command that has none.
type noInput struct{}

func (noInput) Read([]byte) (int, error) { return 0, io.EOF }
