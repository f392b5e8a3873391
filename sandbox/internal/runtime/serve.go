package runtime

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	v1 "k8s.io/api/core/v1"

	"kubedrill.dev/sandbox/internal/app"
	"kubedrill.dev/sandbox/internal/redis"
	"kubedrill.dev/sandbox/internal/search"
)

// listener is what listens on a port of a Pod: the image's program, or a command that took the port.
type listener struct {
	c       *container
	command *commandListener
	port    int32
}

// Listener finds what listens on a Pod's port, for tunnels from the hub.
func (r *Runtime) Listener(ip string, port int32) func(io.ReadWriter) {
	r.mu.Lock()
	defer r.mu.Unlock()
	to := r.listener(ip, port)
	if to == nil {
		return nil
	}
	return to.serve
}

// dialLocal connects a Pod to itself.
func (r *Runtime) dialLocal(pod *sandbox, host string, port int32) (net.Conn, error) {
	app := r.Listener(pod.ip, port)
	if app == nil {
		return nil, fmt.Errorf("dial tcp %s: connect: connection refused", net.JoinHostPort(host, strconv.Itoa(int(port))))
	}
	return piped(app), nil
}

// piped is a connection to what serves its far end.
func piped(serve func(io.ReadWriter)) net.Conn {
	near, far := net.Pipe()
	go func() {
		serve(far)
		_ = far.Close()
	}()
	return near
}

// serve answers a connection that a tunnel brought, until it ends.
func (l *listener) serve(conn io.ReadWriter) {
	if l.command != nil {
		l.command.serve(conn)
		return
	}
	_ = app.Serve(l.c, l.port, conn)
}

// Store is the container's key-value store, made when it is first asked for.
func (c *container) Store() *redis.Store {
	password, _ := c.image.Argument(c.Argv(), "--requirepass")
	c.rt.mu.Lock()
	defer c.rt.mu.Unlock()
	if c.store == nil {
		c.store = redis.NewStore(password)
	}
	return c.store
}

// Documents are the container's document store, made when it is first asked for.
func (c *container) Documents() *search.Store {
	c.rt.mu.Lock()
	defer c.rt.mu.Unlock()
	if c.documents == nil {
		c.documents = search.NewStore()
	}
	return c.documents
}

// Site is what nginx runs with.
func (c *container) Site() *app.Site { return &c.site }

// Age counts from when the program's ports were opened.
func (c *container) Age() time.Duration {
	c.rt.mu.Lock()
	defer c.rt.mu.Unlock()
	return time.Since(c.listening)
}

// Ports are those of the program.
func (c *container) Ports() []int32 {
	c.rt.mu.Lock()
	defer c.rt.mu.Unlock()
	return c.ports
}

// Print writes to the container's log.
func (c *container) Print(stream, text string) {
	c.rt.mu.Lock()
	defer c.rt.mu.Unlock()
	c.print(stream, text)
}

// get asks for a path as the prober does.
func (l *listener) get(ctx context.Context, path string, headers []v1.HTTPHeader) (int, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+l.c.pod.ip+path, nil)
	if err != nil {
		return 0, err
	}
	req.Header.Set("User-Agent", "kube-probe/1.36")
	for _, h := range headers {
		req.Header.Set(h.Name, h.Value)
		if strings.EqualFold(h.Name, "Host") {
			req.Host = h.Value
		}
	}
	if l.command == nil && app.SpeaksHTTP(l.c) {
		r := app.Reply(ctx, probed{l.c}, l.port, req, app.Gateway)
		wait(ctx, r.Delay)
		return r.Status, nil
	}
	conn := piped(l.serve)
	defer func() { _ = conn.Close() }()
	defer context.AfterFunc(ctx, func() { _ = conn.Close() })()
	req.Close = true
	if err := req.Write(conn); err != nil {
		return 0, err
	}
	resp, err := http.ReadResponse(bufio.NewReader(conn), req)
	if err != nil {
		return 0, fmt.Errorf("net/http: HTTP/1.x transport connection broken: %w", err)
	}
	return resp.StatusCode, nil
}
