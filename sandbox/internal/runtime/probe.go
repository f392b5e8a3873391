package runtime

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	"kubedrill.dev/sandbox/internal/probe"
)

// probe returns what the real prober would print, or nothing when all is well.
func (r *Runtime) probe(ctx context.Context, c *container, p probe.Spec, timeout time.Duration) string {
	host := p.Host
	if host == "" {
		host = c.pod.ip
	}
	address := net.JoinHostPort(host, strconv.Itoa(p.Port))
	r.mu.Lock()
	to := r.listener(host, int32(p.Port))
	r.mu.Unlock()
	refused := "dial tcp " + address + ": connect: connection refused"
	switch p.Kind {
	case probe.HTTP:
		return probeHTTP(ctx, to, p, address, refused, timeout)
	case probe.TCP:
		if to == nil {
			return refused
		}
	case probe.GRPC:
		if to == nil {
			return fmt.Sprintf("timeout: failed to connect service %q within %v: context deadline exceeded", address, timeout)
		}
	}
	return ""
}

func probeHTTP(ctx context.Context, to *listener, p probe.Spec, address, refused string, timeout time.Duration) string {
	scheme, path := p.Scheme, p.Path
	if scheme == "" {
		scheme = "http"
	}
	if !strings.HasPrefix(path, "/") {
		path = "/" + path
	}
	url := scheme + "://" + address + path
	switch {
	case to == nil:
		return fmt.Sprintf("Get %q: %s", url, refused)
	case scheme == "https":
		return fmt.Sprintf("Get %q: http: server gave HTTP response to HTTPS client", url)
	}
	if timeout <= 0 {
		timeout = time.Second
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	code, err := to.get(ctx, path, p.Headers)
	switch {
	case ctx.Err() != nil:
		return fmt.Sprintf("Get %q: context deadline exceeded (Client.Timeout exceeded while awaiting headers)", url)
	case err != nil:
		return fmt.Sprintf("Get %q: %v", url, err)
	case code < http.StatusOK || code >= http.StatusBadRequest:
		return fmt.Sprintf("HTTP probe failed with statuscode: %d", code)
	}
	return ""
}

func wait(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}
