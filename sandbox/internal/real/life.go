//go:build linux

package real

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"slices"
	"strings"
	"time"

	"kubedrill.dev/sandbox/internal/app"
	"kubedrill.dev/sandbox/internal/redis"
	"kubedrill.dev/sandbox/internal/search"
)

// The container as its program lives in it: app.Life and app.Server.

// Print writes to the container's log.
func (c *Container) Print(stream, text string) {
	to := os.Stdout
	if stream == "stderr" {
		to = os.Stderr
	}
	// A log that nobody reads must not end the program.
	_, _ = to.WriteString(strings.TrimSuffix(text, "\n") + "\n")
}

// After calls f later.
func (c *Container) After(d time.Duration, f func()) { time.AfterFunc(d, f) }

// End ends the program.
func (c *Container) End(code int32) {
	select {
	case c.ended <- code:
	default: // It ends already.
	}
}

// Take sets the program's ports.
func (c *Container) Take(ports []int32) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ports = ports
}

// Ports are those of the program.
func (c *Container) Ports() []int32 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.ports
}

// Apart works, and goes on.
func (c *Container) Apart(work func() func()) { go func() { work()() }() }

// Site is what nginx runs with.
func (c *Container) Site() *app.Site { return &c.site }

// Ready listens on the program's ports; one that is taken ends it, as it would the real program.
func (c *Container) Ready() {
	ports := c.Ports()
	c.mu.Lock()
	c.opened = time.Now()
	open := c.listeners
	c.listeners = map[int32]net.Listener{}
	for port, l := range open {
		if slices.Contains(ports, port) {
			c.listeners[port] = l
		} else {
			_ = l.Close()
		}
	}
	c.mu.Unlock()
	for _, port := range ports {
		if open[port] != nil {
			continue
		}
		l, err := c.Listen(port)
		if err != nil {
			c.Print("stderr", fmt.Sprintf("listen on port %d: %v", port, err))
			c.End(1)
			return
		}
		c.mu.Lock()
		c.listeners[port] = l
		c.mu.Unlock()
		go c.accept(port, l)
	}
}

func (c *Container) accept(port int32, l net.Listener) {
	for {
		conn, err := l.Accept()
		switch {
		case errors.Is(err, net.ErrClosed):
			return
		case err != nil: // Too many files are open: one that is closed helps.
			time.Sleep(50 * time.Millisecond)
			continue
		}
		go func() {
			_ = app.Serve(c, port, conn)
			_ = conn.Close()
		}()
	}
}

// Age counts from when the ports were opened.
func (c *Container) Age() time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	return time.Since(c.opened)
}

// Store is the container's key-value store.
func (c *Container) Store() *redis.Store {
	password, _ := c.image.Argument(c.argv, "--requirepass")
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.store == nil {
		c.store = redis.NewStore(password)
	}
	return c.store
}

// Documents are the container's document store.
func (c *Container) Documents() *search.Store {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.documents == nil {
		c.documents = search.NewStore()
	}
	return c.documents
}

// Beside is the container itself.
func (c *Container) Beside() app.Collector { return c }

// Play runs the image's program for a script.
func (c *Container) Play(ctx context.Context, argv []string) int {
	app.Play(c, argv, c.End)
	select {
	case code := <-c.ended:
		return int(code)
	case <-ctx.Done():
		return 137
	}
}

// Become notes that process 1 has given its place to another program; own says that it is the image's.
func (c *Container) Become(_ []string, own bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ownFirst = own
}

// PlaysFirst tells whether this process is the image's own program.
func (c *Container) PlaysFirst() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.ownFirst || app.PlaysItself(c.image, c.argv)
}
