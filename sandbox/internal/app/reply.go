package app

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"path"
	"strconv"
	"time"

	"kubedrill.dev/sandbox/internal/catalogue"
	"kubedrill.dev/sandbox/internal/cost"
	"kubedrill.dev/sandbox/internal/shell"
)

// upstreamWaits is how long a program waits for the one it asks.
const upstreamWaits = 2 * time.Second

// Overloaded is the body of an answer to a request for which there is no time.
const Overloaded = "503 service unavailable: overloaded\n"

// Reply is the program's answer to a request, and its line in the log.
func Reply(ctx context.Context, s Server, port int32, req *http.Request, remote string) catalogue.Reply {
	im := s.Image()
	if config := s.Site().config.Load(); config != nil {
		return siteReply(ctx, s, config, port, req, remote)
	}
	v := values(s)
	v.More = map[string]string{"method": req.Method, "path": req.URL.RequestURI(), "host": req.Host, "agent": req.UserAgent(), "remote": remote}
	served, refused := s.Answered()
	v.More["served"], v.More["refused"] = strconv.FormatInt(served, 10), strconv.FormatInt(refused, 10)
	began, price := time.Now(), cost.Of(im.PerCall.Duration, req)
	r := im.Reply(req.URL.Path, s.Age(), v, s.ReadFile)
	switch {
	case !s.Spend(ctx, price):
		r = catalogue.Reply{Status: http.StatusServiceUnavailable, Body: Overloaded, Type: "text/plain"}
	case r.File != "":
		r = fileReply(s, r.File, v)
	case r.Upstream != "":
		r = passOn(ctx, s, r)
	}
	if im.AccessLog != "" && !price.Quiet {
		v.More["status"], v.More["size"] = strconv.Itoa(r.Status), strconv.Itoa(len(r.Body))
		v.More["millis"] = strconv.FormatInt(time.Since(began).Milliseconds(), 10)
		s.Print("stdout", im.Expand(im.AccessLog, v))
	}
	return r
}

var kinds = map[string]string{".html": "text/html", ".css": "text/css", ".js": "application/javascript", ".json": "application/json", ".txt": "text/plain", ".svg": "image/svg+xml"}

// fileReply is a file of the document root.
func fileReply(s Stage, name string, v catalogue.Values) catalogue.Reply {
	name = path.Clean(name)
	if st, err := s.Stat(name); err == nil && st.IsDir() {
		name = path.Join(name, "index.html")
		if _, err := s.Stat(name); err != nil {
			return catalogue.Reply{Status: http.StatusForbidden, Body: "403 Forbidden\n", Type: "text/plain"}
		}
	}
	b, err := s.ReadFile(name)
	if err != nil {
		return s.Image().Missed(v)
	}
	kind := kinds[path.Ext(name)]
	if kind == "" {
		kind = "application/octet-stream"
	}
	return catalogue.Reply{Status: http.StatusOK, Body: string(b), Type: kind}
}

// passOn asks another service and gives its answer, or says that it could not be reached.
func passOn(ctx context.Context, s Stage, r catalogue.Reply) catalogue.Reply {
	ctx, cancel := context.WithTimeout(ctx, upstreamWaits)
	defer cancel()
	status, body, err := fetch(ctx, s, r.Upstream)
	if err != nil {
		s.Print("stderr", expand(s, "{time:2006-01-02T15:04:05Z} ERROR GET "+r.Upstream+": "+err.Error()))
		return catalogue.Reply{Status: http.StatusBadGateway, Body: "502 bad gateway: " + err.Error() + "\n", Type: r.Type, Delay: r.Delay}
	}
	return catalogue.Reply{Status: status, Body: body, Type: r.Type, Delay: r.Delay}
}

func fetch(ctx context.Context, s Stage, target string) (int, string, error) {
	u, err := url.Parse(target)
	if err != nil || u.Host == "" {
		return 0, "", fmt.Errorf("bad address %q", target)
	}
	port := u.Port()
	if port == "" {
		port = "80"
	}
	host := u.Hostname()
	a, err := shell.Lookup(ctx, s, host)
	if err != nil || len(a.Addresses) == 0 {
		return 0, "", fmt.Errorf("lookup %s: no such host", host)
	}
	conn, err := s.Dial(ctx, net.JoinHostPort(a.Addresses[0], port))
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
