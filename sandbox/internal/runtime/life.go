package runtime

import (
	"context"
	"io"
	"os"
	"syscall"
	"time"

	cri "k8s.io/cri-api/pkg/apis/runtime/v1"

	"kubedrill.dev/sandbox/internal/app"
	"kubedrill.dev/sandbox/internal/catalogue"
	"kubedrill.dev/sandbox/internal/files"
	"kubedrill.dev/sandbox/internal/redis"
	"kubedrill.dev/sandbox/internal/search"
)

const (
	exitKilled   = 137
	firstProcess = 1
	oomKilled    = "OOMKilled"
)

// container is one that the kubelet made. Its methods in this file and in app.go are called with rt.mu held.
type container struct {
	*files.Tree
	rt      *Runtime
	id      string
	pod     *sandbox
	config  *cri.ContainerConfig
	image   *catalogue.Image
	imageID string
	done    chan struct{}

	state                      cri.ContainerState
	created, started, finished time.Time
	code                       int32
	reason                     string
	log                        *os.File
	timers                     []*time.Timer
	cancel                     context.CancelFunc
	listening                  time.Time
	stdin                      *io.PipeWriter
	attached                   io.Writer
	processes                  processes
	listeners                  []*commandListener
	ports                      []int32 // Of the image's program.
	appIsFirst                 bool    // A shell gave its place as process 1 to the image's program.
	store                      *redis.Store
	documents                  *search.Store
	site                       app.Site
	cpu                        uint64 // Nanoseconds up to cpuAt.
	cpuAt                      time.Time
	cpuRate                    int64 // MilliCPU since cpuAt.
	traffic                    traffic
}

func (c *container) running() bool { return c.state == cri.ContainerState_CONTAINER_RUNNING }

// start decides what the container does and sets timers for it: a running container costs no CPU of this machine.
func (c *container) start() {
	ctx, cancel := context.WithCancel(context.Background())
	c.cancel = cancel
	first := c.processes.start(c.Argv())
	if c.playsItself() {
		c.play(c.Argv(), func(code int32) { c.exit(code, "") })
		return
	}
	var in io.Reader = noInput{}
	if c.config.Stdin {
		r, w := io.Pipe()
		in, c.stdin = r, w
	}
	go c.runCommand(ctx, in, first.signals)
}

// terminate is SIGTERM for process 1: the app stops its own way, and a script runs its trap if it has one.
func (c *container) terminate() {
	if !c.playsItself() && !c.appIsFirst {
		c.processes.signal(firstProcess, syscall.SIGTERM)
		return
	}
	app.Stop(life{c}, func(code int32) { c.exit(code, "") })
}

func (c *container) exit(code int32, reason string) {
	if c.state == cri.ContainerState_CONTAINER_CREATED {
		c.state = cri.ContainerState_CONTAINER_EXITED
		return
	}
	if !c.running() {
		return
	}
	now := time.Now()
	c.cpu, c.cpuAt, c.cpuRate = c.cpuNow(now), now, 0
	c.state, c.finished, c.code, c.reason = cri.ContainerState_CONTAINER_EXITED, now, code, reason
	if reason == "" {
		c.reason = "Completed"
		if code != 0 {
			c.reason = "Error"
		}
	}
	for _, t := range c.timers {
		t.Stop()
	}
	c.timers = nil
	c.cancel()
	if c.log != nil {
		_ = c.log.Close()
		c.log = nil
	}
	close(c.done)
}

// after calls f, with rt.mu held, unless the container has ended by then.
func (c *container) after(d time.Duration, f func()) {
	c.timers = append(c.timers, time.AfterFunc(d, func() {
		c.rt.mu.Lock()
		defer c.rt.mu.Unlock()
		if c.running() {
			f()
		}
	}))
}

func (c *container) limit() int64 { return c.config.GetLinux().GetResources().GetMemoryLimitInBytes() }
