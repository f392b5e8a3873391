package runtime

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"kubedrill.dev/sandbox/internal/probe"
)

const (
	// almostUp is how long before its port opens a program is about to take connections.
	almostUp = 400 * time.Millisecond
	// opening is the step in which a port that is due is looked for.
	opening = 5 * time.Millisecond
)

// probe returns what the real prober would print, or nothing when all is well.
func (r *Runtime) probe(ctx context.Context, c *container, p probe.Spec, timeout time.Duration) string {
	host := p.Host
	if host == "" {
		host = c.pod.ip
	}
	address := net.JoinHostPort(host, strconv.Itoa(p.Port))
	to := r.listenerSoon(ctx, host, int32(p.Port), timeout)
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

// listenerSoon finds what listens on an address. The kubelet's first probe comes right after the start and the second a period
// later: a program that opens its port a blink after the first is waited for, so that it is not a second late.
func (r *Runtime) listenerSoon(ctx context.Context, ip string, port int32, timeout time.Duration) *listener {
	for {
		r.mu.Lock()
		to, opens := r.listener(ip, port), r.opens(ip, port)
		r.mu.Unlock()
		left := time.Until(opens)
		if to != nil || left > almostUp || timeout > 0 && left >= timeout || left < -10*opening || ctx.Err() != nil {
			return to
		}
		wait(ctx, max(left, 0)+opening)
	}
}

// opens is when the program of a container on this address opens the port; long ago when none will.
func (r *Runtime) opens(ip string, port int32) time.Time {
	for _, c := range r.containers {
		if c.pod.ip == ip && c.pod.ready && c.running() && c.listening.IsZero() && slices.Contains(c.ports, port) {
			return c.started.Add(c.image.Startup.Duration)
		}
	}
	return time.Time{}
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
