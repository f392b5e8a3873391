package runtime

import (
	"path"
	"slices"
	"strings"
	"time"

	"kubedrill.dev/sandbox/internal/catalogue"
	"kubedrill.dev/sandbox/internal/shell"
)

// missingAfter is how long an app takes to find out that something it needs is not there.
const missingAfter = 200 * time.Millisecond

// play is the image's own program, run with argv: it calls end when the program ends by itself.
func (c *container) play(argv []string, end func(code int32)) {
	im := c.image
	c.ports = im.Listens(argv, c.Env())
	if missing := c.missing(); missing != "" {
		text := strings.ReplaceAll(c.expand(im.Missing.Log), "%s", missing)
		c.after(missingAfter, func() { c.print("stderr", text); end(im.Missing.Code) })
		return
	}
	for _, line := range im.Log {
		c.print("stdout", c.expand(line))
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
	if len(c.ports) > 0 {
		c.after(im.Startup.Duration, func() {
			c.listening = time.Now()
			for _, line := range im.Listening {
				c.print("stdout", c.expand(line))
			}
		})
	}
	for _, r := range im.Every {
		c.repeat(r.After.Duration, r.Log)
	}
	if e := im.EndsByItself(argv); e != nil {
		c.after(e.After.Duration, func() {
			if e.Log != "" {
				c.print("stdout", c.expand(e.Log))
			}
			end(e.Code)
		})
	}
}

func (c *container) repeat(d time.Duration, line string) {
	c.after(d, func() {
		c.print("stdout", c.expand(line))
		c.repeat(d, line)
	})
}

// values are what placeholders in the image's texts stand for.
func (c *container) values() catalogue.Values {
	return catalogue.Values{Argv: c.argv(), Env: c.Env(), Hostname: c.Hostname(), IP: c.pod.ip, Ports: c.ports, Now: time.Now()}
}

func (c *container) expand(text string) string { return c.image.Expand(text, c.values()) }

// missing is the first thing that the app needs and does not have.
func (c *container) missing() string {
	if name := c.image.MissingEnv(c.Env()); name != "" {
		return name
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
	if len(argv) == 0 {
		return false
	}
	if c.image.Unlisted { // What else it may have is not known.
		return len(c.config.Command) == 0 || !shell.IsTool(path.Base(argv[0]))
	}
	return c.image.Plays(argv[0]) && !shell.IsTool(path.Base(argv[0]))
}

// listener finds what listens on an address.
func (r *Runtime) listener(ip string, port int32) *listener {
	for _, c := range r.containers {
		if c.pod.ip != ip || !c.pod.ready || !c.running() {
			continue
		}
		for _, l := range c.listeners {
			if l.port == port {
				return &listener{c: c, command: l}
			}
		}
		if !c.listening.IsZero() && slices.Contains(c.ports, port) {
			return &listener{c: c}
		}
	}
	return nil
}
