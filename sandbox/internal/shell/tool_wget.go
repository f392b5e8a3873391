package shell

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"path"
	"strconv"
	"strings"
	"time"
)

// exchange sends one request and reads the head of the answer.
func (k *call) exchange(req *http.Request, limit time.Duration) (*http.Response, net.Conn, string, error) {
	host, port := req.URL.Hostname(), req.URL.Port()
	if port == "" {
		port = "80"
		if req.URL.Scheme == "https" {
			port = "443"
		}
	}
	conn, address, err := k.dial(host, port, limit)
	if err != nil {
		return nil, nil, address, err
	}
	if limit > 0 {
		_ = conn.SetDeadline(time.Now().Add(limit))
	}
	stop := make(chan struct{})
	go func() {
		select {
		case <-k.ctx.Done():
			_ = conn.Close()
		case <-stop:
		}
	}()
	closer := &closing{Conn: conn, stop: stop}
	if req.URL.Scheme == "https" {
		return nil, closer, address, errTLS
	}
	req.Close = true
	if err := req.Write(conn); err != nil {
		return nil, closer, address, err
	}
	resp, err := http.ReadResponse(bufio.NewReader(conn), req)
	return resp, closer, address, err
}

// errTLS: the simulated servers speak plain HTTP.
var errTLS = errors.New("the server does not speak TLS")

type closing struct {
	net.Conn
	stop chan struct{}
}

func (c *closing) Close() error {
	close(c.stop)
	return c.Conn.Close()
}

func isTimeout(err error) bool {
	var e net.Error
	return errors.Is(err, errTimeout) || errors.Is(err, os.ErrDeadlineExceeded) || errors.As(err, &e) && e.Timeout() || strings.Contains(err.Error(), "timeout")
}

func withScheme(target string) string {
	if strings.Contains(target, "://") {
		return target
	}
	return "http://" + target
}

func wget(k *call) int {
	o, ok := k.parse("qO:T:St:cP:U:", "spider=s", "quiet=q", "timeout=T:", "tries=t:", "output-document=O:", "header=H:", "no-check-certificate=k", "post-data=d:", "no-verbose=q", "server-response=S")
	if !ok {
		return 1
	}
	if len(o.rest) == 0 {
		k.printfErr("BusyBox v1.37.0 multi-call binary.\n\nUsage: wget [-cqS] [--spider] [-O FILE] [-o LOGFILE] [--header STR] [--post-data STR] [-T SEC] URL...\n")
		return 1
	}
	limit := time.Duration(0)
	if s, err := strconv.ParseFloat(o.get("T", ""), 64); err == nil {
		limit = time.Duration(s * float64(time.Second))
	}
	code := 0
	for _, target := range o.rest {
		if c := k.wgetOne(withScheme(target), o, limit, 0); c != 0 {
			code = c
		}
	}
	return code
}

func (k *call) wgetOne(target string, o *options, limit time.Duration, hops int) int {
	u, err := url.Parse(target)
	if err != nil || u.Host == "" {
		return k.fail("bad address '%s'", target)
	}
	method, body := http.MethodGet, io.Reader(nil)
	if d := o.value["d"]; len(d) > 0 {
		method, body = http.MethodPost, strings.NewReader(d[0])
	}
	if o.has("s") {
		method = http.MethodHead
	}
	req, err := http.NewRequestWithContext(k.ctx, method, target, body)
	if err != nil {
		return k.fail("bad address '%s'", u.Host)
	}
	req.Header.Set("User-Agent", "Wget")
	for _, h := range o.value["H"] {
		setHeader(req, h)
	}
	if method == http.MethodPost {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	resp, conn, address, err := k.exchange(req, limit)
	if conn != nil {
		defer conn.Close()
	}
	port := u.Port()
	if port == "" {
		port = "80"
	}
	var none unresolved
	if !o.has("q") && !errors.As(err, &none) {
		fmt.Fprintf(k.err, "Connecting to %s (%s:%s)\n", u.Host, address, port)
	}
	switch {
	case errors.As(err, &none):
		return k.fail("%v", none)
	case errors.Is(err, errTLS):
		return k.fail("note: TLS certificate validation not implemented\nwget: error getting response: %v", err)
	case err != nil && isTimeout(err):
		return k.fail("download timed out")
	case err != nil && resp == nil && conn == nil:
		return k.fail("can't connect to remote host (%s): %s", address, dialReason(err))
	case err != nil:
		return k.fail("error getting response: %s", dialReason(err))
	}
	if o.has("S") {
		k.printHead(k.err, resp, "  ", "\n")
	}
	if to := resp.Header.Get("Location"); resp.StatusCode >= 300 && resp.StatusCode < 400 && to != "" && hops < 5 {
		if next, err := u.Parse(to); err == nil {
			return k.wgetOne(next.String(), o, limit, hops+1)
		}
	}
	if resp.StatusCode >= 400 {
		return k.fail("server returned error: HTTP/1.1 %s", resp.Status)
	}
	if o.has("s") {
		if !o.has("q") {
			fmt.Fprintln(k.err, "remote file exists")
		}
		return 0
	}
	to := o.get("O", "")
	if to == "" {
		to = path.Base(u.Path)
		if to == "/" || to == "." {
			to = "index.html"
		}
		if _, err := k.c.Stat(k.abs(to)); err == nil {
			return k.fail("can't open '%s': File exists", to)
		}
	}
	out := k.out
	if to != "-" {
		f, err := k.create(to, os.O_TRUNC)
		if err != nil {
			return k.fail("can't open '%s': %s", to, reason(err))
		}
		defer f.Close()
		out = f
	}
	if !o.has("q") && to != "-" {
		fmt.Fprintf(k.err, "saving to '%s'\n", to)
	}
	if _, err := io.Copy(out, io.LimitReader(resp.Body, maxOutput)); err != nil {
		if isTimeout(err) {
			return k.fail("download timed out")
		}
		return k.fail("error getting response: %v", err)
	}
	if !o.has("q") {
		if to == "-" {
			fmt.Fprintln(k.err, "written to stdout")
		} else {
			fmt.Fprintf(k.err, "'%s' saved\n", to)
		}
	}
	return 0
}

func setHeader(req *http.Request, line string) {
	name, value, ok := strings.Cut(line, ":")
	if !ok {
		return
	}
	value = strings.TrimSpace(value)
	if strings.EqualFold(name, "Host") {
		req.Host = value
		return
	}
	req.Header.Set(strings.TrimSpace(name), value)
}

func (k *call) printHead(to io.Writer, resp *http.Response, indent, end string) {
	fmt.Fprintf(to, "%sHTTP/1.1 %s%s", indent, resp.Status, end)
	for _, name := range sortedHeader(resp.Header) {
		for _, v := range resp.Header[name] {
			fmt.Fprintf(to, "%s%s: %s%s", indent, name, v, end)
		}
	}
	if resp.Header.Get("Content-Length") == "" && resp.ContentLength >= 0 {
		fmt.Fprintf(to, "%sContent-Length: %d%s", indent, resp.ContentLength, end)
	}
}
