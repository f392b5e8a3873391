package runtime

import (
	"fmt"
	"strings"
	"time"

	cri "k8s.io/cri-api/pkg/apis/runtime/v1"
)

// missingAfter is how long an app takes to find out that something it needs is not there.
const missingAfter = 200 * time.Millisecond

// play is the image's own program: it calls end when the program ends by itself.
func (c *container) play(end func(code int32)) {
	im := c.image
	for _, line := range im.Log {
		c.print("stdout", line)
	}
	if missing := c.missing(); missing != "" {
		text := im.Missing.Log
		if strings.Contains(text, "%s") {
			text = strings.ReplaceAll(text, "%s", missing)
		}
		c.after(missingAfter, func() { c.print("stderr", text); end(im.Missing.Code) })
		return
	}
	need, leak, limit := im.Memory.Value(), im.Leak.Value(), c.limit()
	if limit > 0 {
		switch {
		case need > limit:
			c.after(im.Startup.Duration, func() { c.exit(exitKilled, oomKilled) })
			return
		case leak > 0:
			c.after(time.Duration(float64(limit-need)/float64(leak)*float64(time.Second)), func() { c.exit(exitKilled, oomKilled) })
		}
	}
	if len(im.Ports) > 0 {
		c.after(im.Startup.Duration, func() {
			c.listening = time.Now()
			if len(im.Log) > 0 {
				c.print("stdout", fmt.Sprintf("listening on :%d", im.Ports[0]))
			}
		})
	}
	if e := im.EndsByItself(c.argv()); e != nil {
		c.after(e.After.Duration, func() {
			if e.Log != "" {
				c.print("stdout", e.Log)
			}
			end(e.Code)
		})
	}
}

// missing is the first thing that the app needs and does not have.
func (c *container) missing() string {
	env := c.Env()
	for _, name := range c.image.NeedsEnv {
		if env[name] == "" {
			return name
		}
	}
	for _, path := range c.image.NeedsFile {
		if _, err := c.ReadFile(path); err != nil {
			return path
		}
	}
	return ""
}

// argv is what the container runs.
func (c *container) argv() []string { return c.image.Argv(c.config.Command, c.config.Args) }

// playsItself tells whether the container's command is the image's own program rather than one of the shell's.
func (c *container) playsItself() bool {
	argv := c.argv()
	return len(argv) > 0 && (c.image.Plays(argv[0]) || c.image.Unlisted && len(c.config.Command) == 0)
}

// listener finds the container behind an address.
func (r *Runtime) listener(ip string, port int32) *container {
	for _, c := range r.containers {
		if c.pod.ip != ip || !c.pod.ready || c.listening.IsZero() || c.state != cri.ContainerState_CONTAINER_RUNNING {
			continue
		}
		for _, p := range c.image.Ports {
			if p == port {
				return c
			}
		}
	}
	return nil
}
