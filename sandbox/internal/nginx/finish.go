package nginx

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"time"
)

// combined is the format of the access log when the configuration names none.
const combined = `$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent"`

const (
	accessFile = "/var/log/nginx/access.log"
	errorFile  = "/var/log/nginx/error.log"
)

// mostActive is how many requests are answered at a time: a configuration that passes requests on to itself ends here.
const mostActive = 256

// Stats count requests, for stub_status.
type Stats struct{ began, active atomic.Uint64 }

func (s *Stats) begin() uint64 {
	s.active.Add(1)
	return s.began.Add(1)
}

func (s *Stats) end() { s.active.Add(^uint64(0)) }

func (x *exchange) status() {
	all, active := x.stats.began.Load(), x.stats.active.Load()
	x.out.Status = http.StatusOK
	x.out.Body = fmt.Appendf(nil, "Active connections: %d \nserver accepts handled requests\n %d %d %d \nReading: 0 Writing: %d Waiting: 0 \n", active, all, all, all, active)
	x.out.Header.Set("Content-Type", "text/plain")
}

// withHeaders are the statuses to which add_header adds without "always".
var withHeaders = []int{200, 201, 204, 206, 301, 302, 303, 304, 307, 308}

// finish adds what every answer has, and writes the access log.
func (x *exchange) finish() {
	if s := x.out.Status; s < 200 || s == http.StatusNoContent || s == http.StatusNotModified {
		x.out.Body = nil
	}
	x.out.Header.Set("Server", x.product())
	x.out.Header.Set("Date", time.Now().UTC().Format(http.TimeFormat))
	for _, d := range x.here().all("add_header") {
		if len(d.args) < 2 || len(d.args) < 3 && !slices.Contains(withHeaders, x.out.Status) {
			continue
		}
		if value := x.expand(d.args[1]); value != "" {
			x.out.Header.Add(d.args[0], value)
		}
	}
	if x.config.http == nil {
		return
	}
	list := x.here().all("access_log")
	if len(list) == 0 {
		x.out.Lines = append(x.out.Lines, Line{accessFile, x.logged("combined")})
	}
	for _, d := range list {
		if d.args[0] == "off" {
			return
		}
		format := "combined"
		if len(d.args) > 1 && !strings.Contains(d.args[1], "=") {
			format = d.args[1]
		}
		if x.wanted(d) {
			x.out.Lines = append(x.out.Lines, Line{x.expand(d.args[0]), x.logged(format)})
		}
	}
}

// wanted asks the condition of an access log.
func (x *exchange) wanted(d *directive) bool {
	for _, word := range d.args {
		if condition, ok := strings.CutPrefix(word, "if="); ok {
			value := x.expand(condition)
			return value != "" && value != "0"
		}
	}
	return true
}

// logged is a line of the access log: a variable without a value is a dash.
func (x *exchange) logged(format string) string {
	return reference.ReplaceAllStringFunc(x.config.formats[format], func(word string) string {
		value := x.variable(strings.Trim(word, "${}"))
		if value == "" {
			return "-"
		}
		return strings.NewReplacer(`"`, `\x22`, "\n", `\x0A`, "\r", `\x0D`, `\`, `\x5C`).Replace(value)
	})
}

// note writes to the error log.
func (x *exchange) note(level, text string) { x.noteAt(level, text, "") }

func (x *exchange) noteAt(level, text, upstream string) {
	file := x.config.ErrorFile()
	if d := x.here().one("error_log"); d != nil {
		if file = d.args[0]; len(d.args) > 1 && severity(level) > severity(d.args[1]) {
			return
		}
	}
	text = fmt.Sprintf(`*%d %s, client: %s, server: %s, request: "%s"%s, host: "%s"`, x.number, text, x.in.Remote, x.serverName(), x.own("request"), upstream, x.in.Host)
	x.out.Lines = append(x.out.Lines, Line{file, Stamp(level, 29, text)})
}

// severity of a level: the lower, the worse.
func severity(level string) int {
	return slices.Index([]string{"emerg", "alert", "crit", "error", "warn", "notice", "info", "debug"}, level)
}

// ErrorFile is where the error log of the main process goes.
func (c *Config) ErrorFile() string { return c.main.word("error_log", errorFile) }

// Logs tells whether the main process writes lines of a level.
func (c *Config) Logs(level string) bool {
	least := "error"
	if d := c.main.one("error_log"); d != nil && len(d.args) > 1 {
		least = d.args[1]
	}
	return severity(level) <= severity(least)
}

// Stamp is a line of the error log by the process with that number.
func Stamp(level string, pid int, text string) string {
	return fmt.Sprintf("%s [%s] %d#%d: %s", time.Now().UTC().Format("2006/01/02 15:04:05"), level, pid, pid, text)
}

// withTarget gives a request its address as it is to be sent.
func withTarget(req *http.Request, uri string) *http.Request {
	path, query, asked := strings.Cut(uri, "?")
	req.URL = &url.URL{Scheme: "http", Host: req.Host, Opaque: path, RawQuery: query, ForceQuery: asked && query == ""}
	if strings.HasPrefix(path, "//") { // It would be taken for a host.
		req.URL.Opaque = "http://" + req.Host + path
	}
	return req
}

func asTimeout(err error, as *net.Error) bool { return errors.As(err, as) && (*as).Timeout() }
