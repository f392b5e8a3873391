package runtime

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Listener finds what listens on a Pod's port, for tunnels from the hub.
func (r *Runtime) Listener(ip string, port int32) func(io.ReadWriter) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if c := r.listener(ip, port); c != nil {
		return func(conn io.ReadWriter) { _ = c.serveHTTP(conn) }
	}
	if l := r.commandListener(ip, port); l != nil {
		return l.serve
	}
	return nil
}

// dialLocal connects a Pod to itself.
func (r *Runtime) dialLocal(pod *sandbox, host string, port int32) (net.Conn, error) {
	app := r.Listener(pod.ip, port)
	if app == nil {
		return nil, fmt.Errorf("dial tcp %s: connect: connection refused", net.JoinHostPort(host, strconv.Itoa(int(port))))
	}
	near, far := net.Pipe()
	go func() {
		app(far)
		_ = far.Close()
	}()
	return near, nil
}

func (c *container) answer(path string) (status int, body string, delay time.Duration) {
	c.rt.mu.Lock()
	since := c.listening
	c.rt.mu.Unlock()
	return c.image.Answer(path, time.Since(since), c.ReadFile)
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
		code, body, delay := c.answer(req.URL.Path)
		time.Sleep(delay)
		resp := &http.Response{
			StatusCode: code, ProtoMajor: 1, ProtoMinor: 1, Request: req, Close: req.Close,
			ContentLength: int64(len(body)), Body: io.NopCloser(strings.NewReader(body)),
			Header: http.Header{"Content-Type": {"text/plain; charset=utf-8"}, "Server": {c.Hostname()}},
		}
		if err := resp.Write(conn); err != nil || req.Close {
			return err
		}
	}
}
