package nginx

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"
)

const (
	// mostPassed is how much of an upstream's answer is passed on.
	mostPassed = 16 << 20
	// upstreamWaits is how long an upstream may take when the configuration does not say.
	upstreamWaits = 60 * time.Second
)

// hop are headers that concern one connection only.
var hop = []string{"Connection", "Keep-Alive", "Transfer-Encoding", "Upgrade", "Te", "Trailer", "Proxy-Connection", "Content-Length", "Expect"}

// pass passes a request on to an upstream.
func (x *exchange) pass(p *proxy) {
	one, problem := x.chosen(p)
	if problem != "" {
		x.note("error", problem)
		x.fail(http.StatusBadGateway)
		return
	}
	x.proxyHost = one.host
	to := x.upstreamURI(one, p.variables)
	began := time.Now()
	status, answered := http.StatusBadGateway, false
	var asked, answers []string
	for _, address := range one.group.order() {
		asked = append(asked, address)
		x.asked, x.answered = strings.Join(asked, ", "), ""
		answered, status = x.ask(one, address, to)
		x.waited = time.Since(began)
		answers = append(answers, strconv.Itoa(status))
		if answered {
			break
		}
	}
	x.answered = strings.Join(answers, ", ")
	switch {
	case len(asked) == 0:
		x.note("error", "no live upstreams while connecting to upstream")
		x.fail(http.StatusBadGateway)
	case !answered:
		x.fail(status)
	case status >= 300 && x.here().on("proxy_intercept_errors", false) && x.failed == 0 && x.errorPage(status):
	}
}

// upstreamURI is the path that the upstream is asked for.
func (x *exchange) upstreamURI(p *proxy, variables bool) string {
	switch {
	case p.hasPath && variables:
		return p.path
	case !p.hasPath && !x.rewritten:
		return x.in.URI
	}
	uri := escaped(x.path)
	if p.hasPath {
		uri = p.path + escaped(strings.TrimPrefix(x.path, x.location.path))
	}
	if x.args != "" {
		uri += "?" + x.args
	}
	return uri
}

// ask asks one upstream; false says that it gave no answer, with the status that this means.
func (x *exchange) ask(p *proxy, address, uri string) (bool, int) {
	scheme := "http://"
	if p.secure {
		scheme = "https://"
	}
	ctx, cancel := context.WithTimeout(x.ctx, x.wait("proxy_connect_timeout"))
	defer cancel()
	where := `, upstream: "` + scheme + address + uri + `"`
	problem := func(err error, doing string) (bool, int) {
		word, status := upstreamReason(err)
		if strings.HasPrefix(word, "upstream") {
			x.noteAt("error", word+" while "+doing+" upstream", where)
			return false, status
		}
		x.noteAt("error", "connect() failed ("+word+") while "+doing+" upstream", where)
		return false, status
	}
	conn, err := x.host.Dial(ctx, address)
	if err != nil {
		return problem(err, "connecting to")
	}
	defer func() { _ = conn.Close() }()
	if p.secure {
		x.noteAt("error", "kubedrill speaks no TLS to upstreams, while SSL handshaking to upstream", where)
		return false, http.StatusBadGateway
	}
	reading, stop := context.WithTimeout(x.ctx, x.wait("proxy_read_timeout"))
	defer stop()
	defer context.AfterFunc(reading, func() { _ = conn.Close() })()
	req := x.upstreamRequest(uri)
	if err := req.Write(conn); err == nil {
		var resp *http.Response
		if resp, err = http.ReadResponse(bufio.NewReader(conn), req); err == nil {
			return x.take(p, resp)
		}
	}
	switch {
	case reading.Err() != nil:
		return problem(context.DeadlineExceeded, "reading response header from")
	}
	x.noteAt("error", "upstream prematurely closed connection while reading response header from upstream", where)
	return false, http.StatusBadGateway
}

// take makes an upstream's answer the answer.
func (x *exchange) take(p *proxy, resp *http.Response) (bool, int) {
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(resp.Body, mostPassed))
	if err != nil {
		return false, http.StatusBadGateway
	}
	hidden := append([]string{"Date", "Server", "X-Pad"}, hop...)
	for _, d := range x.here().all("proxy_hide_header") {
		hidden = append(hidden, d.args[0])
	}
	x.out.Status, x.out.Body, x.out.Header = resp.StatusCode, body, resp.Header
	for _, name := range hidden {
		x.out.Header.Del(name)
	}
	if to := x.out.Header.Get("Location"); p.hasPath && x.location != nil && x.location.pattern == nil {
		if rest, ok := strings.CutPrefix(to, p.url); ok {
			x.out.Header.Set("Location", "http://"+x.in.Host+x.location.path+rest)
		}
	}
	return true, resp.StatusCode
}

func (x *exchange) upstreamRequest(uri string) *http.Request {
	header := x.in.Header.Clone()
	for _, name := range hop {
		header.Del(name)
	}
	if header.Get("User-Agent") == "" {
		header["User-Agent"] = []string{""} // Else Go would add its own.
	}
	host := x.proxyHost
	for _, d := range x.here().all("proxy_set_header") {
		value := x.expand(d.args[1])
		switch name := http.CanonicalHeaderKey(d.args[0]); {
		case name == "Host":
			host = value
		case name == "Connection" || name == "Upgrade":
		case value == "":
			header.Del(name)
		default:
			header[name] = []string{value}
		}
	}
	method := x.here().word("proxy_method", x.in.Method)
	req := (&http.Request{Method: method, Host: host, Header: header, Close: true, Body: io.NopCloser(bytes.NewReader(x.in.Body)), ContentLength: int64(len(x.in.Body))})
	if len(x.in.Body) == 0 {
		req.Body = http.NoBody
	}
	return withTarget(req, uri)
}

// wait is a directive's time.
func (x *exchange) wait(name string) time.Duration {
	word := x.here().word(name, "")
	if word == "" {
		return upstreamWaits
	}
	if n := number(word); n >= 0 {
		return time.Duration(n) * time.Second
	}
	if d, err := time.ParseDuration(word); err == nil {
		return d
	}
	return upstreamWaits
}

// upstreamReason is the kernel's word for why an upstream was not reached, and the status that this means.
func upstreamReason(err error) (string, int) {
	said := err.Error()
	var network net.Error
	switch {
	case strings.Contains(said, "refused"):
		return "111: Connection refused", http.StatusBadGateway
	case strings.Contains(said, "no route to host"):
		return "113: Host is unreachable", http.StatusBadGateway
	case strings.Contains(said, "network is unreachable"):
		return "101: Network is unreachable", http.StatusBadGateway
	case strings.Contains(said, "timeout"), strings.Contains(said, "deadline exceeded"), asTimeout(err, &network):
		return "upstream timed out (110: Connection timed out)", http.StatusGatewayTimeout
	}
	return fmt.Sprintf("104: %s", said), http.StatusBadGateway
}
