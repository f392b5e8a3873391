package shell

import (
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"
)

func sortedHeader(h http.Header) []string { return slices.Sorted(maps.Keys(h)) }

var curlLong = []string{"silent=s", "show-error=S", "fail=f", "output=o:", "write-out=w:", "head=I", "include=i", "verbose=v", "max-time=m:", "connect-timeout=Z:", "request=X:", "data=d:", "data-raw=d:", "data-binary=d:", "json=j:", "header=H:", "insecure=k", "location=L", "user=u:", "user-agent=A:", "retry=Y:", "retry-delay=W:", "retry-connrefused=V", "remote-name=O", "get=G", "version=B", "http1.1=b", "compressed=b", "no-progress-meter=b", "fail-with-body=f", "url=U:", "cacert=b", "resolve=r:"}

func curl(k *call) int {
	o, ok := k.parse("sSfo:w:IivkLm:X:d:H:u:A:OGNa0146", curlLong...)
	if !ok {
		return 2
	}
	if o.has("B") {
		k.println("curl 8.11.0 (x86_64-pc-linux-gnu) libcurl/8.11.0")
		return 0
	}
	targets := append(o.value["U"], o.rest...)
	if len(targets) == 0 {
		k.printfErr("curl: (2) no URL specified\ncurl: try 'curl --help' or 'curl --manual' for more information\n")
		return 2
	}
	retries, _ := strconv.Atoi(o.get("Y", "0"))
	code := 0
	for _, t := range targets {
		for try := 0; ; try++ {
			code = k.curlOne(withScheme(t), o, 0)
			if code == 0 || try >= retries || code == 7 && !o.has("V") && code != 28 {
				break
			}
			pause := time.Second << min(try, 5)
			if s, err := strconv.ParseFloat(o.get("W", ""), 64); err == nil {
				pause = time.Duration(s * float64(time.Second))
			}
			if !sleepFor(k.ctx, pause) {
				return 143
			}
		}
	}
	return code
}

// curlFail says what went wrong with curl's own number.
func (k *call) curlFail(o *options, code int, format string, a ...any) int {
	if !o.has("s") || o.has("S") {
		fmt.Fprintf(k.err, "curl: (%d) %s\n", code, fmt.Sprintf(format, a...))
	}
	return code
}

func (k *call) curlRequest(target string, o *options) (*http.Request, error) {
	method, body := http.MethodGet, ""
	data := slices.Concat(o.value["d"], o.value["j"])
	if len(data) > 0 {
		for i, d := range data {
			if name, ok := strings.CutPrefix(d, "@"); ok {
				b, err := k.readAll(k.abs(name))
				if err != nil {
					return nil, err
				}
				data[i] = string(b)
			}
		}
		body = strings.Join(data, "&")
		method = http.MethodPost
	}
	if o.has("G") {
		method = http.MethodGet
		sep := "?"
		if strings.Contains(target, "?") {
			sep = "&"
		}
		if body != "" {
			target += sep + body
		}
		body = ""
	}
	if o.has("I") {
		method = http.MethodHead
	}
	method = o.get("X", method)
	req, err := http.NewRequestWithContext(k.ctx, method, target, strings.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("User-Agent", o.get("A", "curl/8.11.0"))
	req.Header.Set("Accept", "*/*")
	if body != "" {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		if o.has("j") {
			req.Header.Set("Content-Type", "application/json")
		}
	} else {
		req.Body, req.ContentLength = nil, 0
	}
	if u := o.get("u", ""); u != "" {
		req.Header.Set("Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte(u)))
	}
	for _, h := range o.value["H"] {
		setHeader(req, h)
	}
	return req, nil
}

func (k *call) curlOne(target string, o *options, hops int) int {
	u, err := url.Parse(target)
	if err != nil || u.Host == "" {
		return k.curlFail(o, 3, "URL rejected: Malformed input to a URL function")
	}
	if u.Scheme != "http" && u.Scheme != "https" && u.Scheme != "telnet" {
		return k.curlFail(o, 1, "Protocol \"%s\" not supported", u.Scheme)
	}
	req, err := k.curlRequest(target, o)
	if err != nil {
		return k.curlFail(o, 26, "Failed to open/read local data from file/application")
	}
	limit := time.Duration(0)
	for _, name := range []string{"Z", "m"} {
		if s, err := strconv.ParseFloat(o.get(name, ""), 64); err == nil {
			limit = time.Duration(s * float64(time.Second))
		}
	}
	start := time.Now()
	if o.has("v") {
		fmt.Fprintf(k.err, "* Host %s was resolved.\n", u.Host)
	}
	resp, conn, address, err := k.exchange(req, limit)
	if conn != nil {
		defer conn.Close()
	}
	port := u.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[u.Scheme]
	}
	status := 0
	if resp != nil {
		status = resp.StatusCode
	}
	size := int64(0)
	writeOut := func() {
		if f := o.get("w", ""); f != "" {
			took := fmt.Sprintf("%.6f", time.Since(start).Seconds())
			text, _ := unescape(strings.NewReplacer("%{http_code}", fmt.Sprintf("%03d", status), "%{response_code}", fmt.Sprintf("%03d", status), "%{time_total}", took,
				"%{remote_ip}", address, "%{size_download}", strconv.FormatInt(size, 10), "%{url_effective}", target, "%{content_type}", headerOf(resp, "Content-Type"), "%%", "%").Replace(f))
			_, _ = io.WriteString(k.out, text)
		}
	}
	ms := time.Since(start).Milliseconds()
	var none unresolved
	switch {
	case err == nil:
	case errors.As(err, &none):
		writeOut()
		return k.curlFail(o, 6, "Could not resolve host: %s", u.Hostname())
	case errors.Is(err, errTLS):
		writeOut()
		return k.curlFail(o, 35, "TLS connect error: %v", err)
	case isTimeout(err) && conn == nil:
		writeOut()
		return k.curlFail(o, 28, "Failed to connect to %s port %s after %d ms: Timeout was reached", u.Hostname(), port, ms)
	case isTimeout(err):
		writeOut()
		return k.curlFail(o, 28, "Operation timed out after %d milliseconds with 0 bytes received", ms)
	case conn == nil:
		writeOut()
		return k.curlFail(o, 7, "Failed to connect to %s port %s after %d ms: Could not connect to server", u.Hostname(), port, ms)
	default:
		writeOut()
		return k.curlFail(o, 52, "Empty reply from server")
	}
	if o.has("v") {
		fmt.Fprintf(k.err, "*   Trying %s:%s...\n* Connected to %s (%s) port %s\n> %s %s HTTP/1.1\n> Host: %s\n", address, port, u.Hostname(), address, port, req.Method, u.RequestURI(), u.Host)
		for _, n := range sortedHeader(req.Header) {
			fmt.Fprintf(k.err, "> %s: %s\n", n, req.Header.Get(n))
		}
		fmt.Fprintln(k.err, ">")
		k.printHead(k.err, resp, "< ", "\n")
		fmt.Fprintln(k.err, "<")
	}
	if to := resp.Header.Get("Location"); o.has("L") && resp.StatusCode >= 300 && resp.StatusCode < 400 && to != "" {
		if next, err := u.Parse(to); err == nil && hops < 50 {
			return k.curlOne(next.String(), o, hops+1)
		}
	}
	if o.has("f") && resp.StatusCode >= 400 {
		writeOut()
		return k.curlFail(o, 22, "The requested URL returned error: %d", resp.StatusCode)
	}
	out := k.out
	to := o.get("o", "")
	if o.has("O") {
		to = path.Base(u.Path)
	}
	if to != "" && to != "-" {
		f, err := k.create(to, os.O_TRUNC)
		if err != nil {
			return k.curlFail(o, 23, "client returned ERROR on write, %s", reason(err))
		}
		defer f.Close()
		out = f
	}
	if o.has("I", "i") {
		k.printHead(out, resp, "", "\r\n")
		_, _ = io.WriteString(out, "\r\n")
	}
	if !o.has("I") {
		size, err = io.Copy(out, io.LimitReader(resp.Body, maxOutput))
	}
	writeOut()
	if err != nil {
		if isTimeout(err) {
			return k.curlFail(o, 28, "Operation timed out after %d milliseconds with %d bytes received", time.Since(start).Milliseconds(), size)
		}
		return k.curlFail(o, 56, "Recv failure: Connection reset by peer")
	}
	return 0
}

func headerOf(resp *http.Response, name string) string {
	if resp == nil {
		return ""
	}
	return resp.Header.Get(name)
}
