package runtime

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"path"
	"strconv"
	"strings"
	"time"

	v1 "k8s.io/api/core/v1"

	"kubedrill.dev/sandbox/internal/catalogue"
	"kubedrill.dev/sandbox/internal/redis"
)

// upstreamWaits is how long an app waits for the one it asks.
const upstreamWaits = 2 * time.Second

// listener is what listens on a port of a Pod: the image's program, or a command that took the port.
type listener struct {
	c       *container
	command *commandListener
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
	switch {
	case l.command != nil:
		l.command.serve(conn)
	case l.c.image.Speaks == "redis":
		_ = l.c.redis().Serve(conn)
	case l.c.image.Speaks == "tcp":
		_, _ = io.Copy(io.Discard, conn)
	default:
		_ = l.c.serveHTTP(conn)
	}
}

// redis is the container's key-value store, made when it is first asked for.
func (c *container) redis() *redis.Store {
	password, _ := c.image.Argument(c.argv(), "--requirepass")
	c.rt.mu.Lock()
	defer c.rt.mu.Unlock()
	if c.store == nil {
		c.store = redis.NewStore(password)
	}
	return c.store
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
	if l.command == nil && (l.c.image.Speaks == "" || l.c.image.Speaks == "http") {
		r := l.c.reply(ctx, req)
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

// reply is the app's answer to a request, and its line in the log.
func (c *container) reply(ctx context.Context, req *http.Request) catalogue.Reply {
	c.rt.mu.Lock()
	since := c.listening
	c.cpu += uint64(c.image.PerCall.Nanoseconds())
	v := c.values()
	c.rt.mu.Unlock()
	v.More = map[string]string{"method": req.Method, "path": req.URL.RequestURI(), "host": req.Host, "agent": req.UserAgent(), "remote": "10.244.0.1"}
	r := c.image.Reply(req.URL.Path, time.Since(since), v, c.ReadFile)
	if r.File != "" {
		r = c.fileReply(r.File, v)
	}
	if r.Upstream != "" {
		r = c.passOn(ctx, r)
	}
	if c.image.AccessLog != "" {
		v.More["status"], v.More["size"] = strconv.Itoa(r.Status), strconv.Itoa(len(r.Body))
		line := c.image.Expand(c.image.AccessLog, v)
		c.rt.mu.Lock()
		c.print("stdout", line)
		c.rt.mu.Unlock()
	}
	return r
}

// fileReply is a file of the document root.
func (c *container) fileReply(name string, v catalogue.Values) catalogue.Reply {
	name = path.Clean(name)
	if st, err := c.Stat(name); err == nil && st.IsDir() {
		name = path.Join(name, "index.html")
		if _, err := c.Stat(name); err != nil {
			return catalogue.Reply{Status: http.StatusForbidden, Body: "403 Forbidden\n", Type: "text/plain"}
		}
	}
	b, err := c.ReadFile(name)
	if err != nil {
		return c.image.Missed(v)
	}
	kind := map[string]string{".html": "text/html", ".css": "text/css", ".js": "application/javascript", ".json": "application/json", ".txt": "text/plain", ".svg": "image/svg+xml"}[path.Ext(name)]
	if kind == "" {
		kind = "application/octet-stream"
	}
	return catalogue.Reply{Status: http.StatusOK, Body: string(b), Type: kind}
}

// passOn asks another service and gives its answer, or says that it could not be reached.
func (c *container) passOn(ctx context.Context, r catalogue.Reply) catalogue.Reply {
	ctx, cancel := context.WithTimeout(ctx, upstreamWaits)
	defer cancel()
	status, body, err := c.fetch(ctx, r.Upstream)
	if err != nil {
		line := c.expand("{time:2006-01-02T15:04:05Z} ERROR GET " + r.Upstream + ": " + err.Error())
		c.rt.mu.Lock()
		c.print("stderr", line)
		c.rt.mu.Unlock()
		return catalogue.Reply{Status: http.StatusBadGateway, Body: "502 bad gateway: " + err.Error() + "\n", Type: r.Type, Delay: r.Delay}
	}
	return catalogue.Reply{Status: status, Body: body, Type: r.Type, Delay: r.Delay}
}

func (c *container) fetch(ctx context.Context, target string) (int, string, error) {
	u, err := url.Parse(target)
	if err != nil || u.Host == "" {
		return 0, "", fmt.Errorf("bad address %q", target)
	}
	port := u.Port()
	if port == "" {
		port = "80"
	}
	host := u.Hostname()
	if net.ParseIP(host) == nil {
		a, err := c.Resolve(ctx, host)
		if err != nil || len(a.Addresses) == 0 {
			return 0, "", fmt.Errorf("lookup %s: no such host", host)
		}
		host = a.Addresses[0]
	}
	conn, err := c.Dial(ctx, net.JoinHostPort(host, port))
	if err != nil {
		return 0, "", err
	}
	defer func() { _ = conn.Close() }()
	defer context.AfterFunc(ctx, func() { _ = conn.Close() })()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, target, nil)
	if err != nil {
		return 0, "", err
	}
	req.Close = true
	if err := req.Write(conn); err != nil {
		return 0, "", err
	}
	resp, err := http.ReadResponse(bufio.NewReader(conn), req)
	if err != nil {
		return 0, "", err
	}
	b, err := io.ReadAll(io.LimitReader(resp.Body, 1<<20))
	return resp.StatusCode, string(b), err
}

// serveHTTP answers requests on a connection that a tunnel brought.
func (c *container) serveHTTP(conn io.ReadWriter) error {
	in := bufio.NewReader(conn)
	for {
		req, err := http.ReadRequest(in)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		_, _ = io.Copy(io.Discard, req.Body)
		r := c.reply(context.Background(), req)
		time.Sleep(r.Delay)
		header := http.Header{"Content-Type": {r.Type}, "Date": {time.Now().UTC().Format(http.TimeFormat)}}
		for name, value := range c.image.Headers {
			header.Set(name, c.expand(value))
		}
		if r.Location != "" {
			header.Set("Location", r.Location)
		}
		body := r.Body
		resp := &http.Response{
			StatusCode: r.Status, ProtoMajor: 1, ProtoMinor: 1, Request: req, Close: req.Close,
			ContentLength: int64(len(body)), Body: io.NopCloser(strings.NewReader(body)), Header: header,
		}
		if err := resp.Write(conn); err != nil || req.Close {
			return err
		}
	}
}
