package nginx

import (
	"net/url"
	"strconv"
	"strings"
	"time"
)

// own is the value of a variable that nginx has for every request.
func (x *exchange) own(name string) string {
	now := time.Now().UTC()
	switch name {
	case "args", "query_string":
		return x.args
	case "is_args":
		if x.args != "" {
			return "?"
		}
	case "uri", "document_uri":
		return x.path
	case "request_uri":
		return x.in.URI
	case "request":
		return x.in.Method + " " + x.in.URI + " HTTP/1.1"
	case "request_method":
		return x.in.Method
	case "request_filename":
		return x.file(x.path)
	case "document_root", "realpath_root":
		return x.root()
	case "request_time":
		return seconds(time.Since(x.began))
	case "request_id":
		return x.in.ID
	case "request_length":
		return strconv.Itoa(len(x.in.Body) + len(x.in.URI) + 80)
	case "request_body":
		return string(x.in.Body)
	case "host":
		return x.hostName()
	case "hostname":
		return x.host.Hostname()
	case "http_host":
		return x.in.Host
	case "scheme":
		return "http"
	case "server_protocol":
		return "HTTP/1.1"
	case "server_name":
		return x.serverName()
	case "server_port":
		return strconv.Itoa(int(x.in.Port))
	case "server_addr":
		return x.host.PodIP()
	case "remote_addr", "binary_remote_addr", "realip_remote_addr":
		return x.in.Remote
	case "remote_port":
		return "40218"
	case "content_type", "content_length":
		return x.in.Header.Get(strings.ReplaceAll(name, "_", "-"))
	case "proxy_add_x_forwarded_for":
		if before := x.in.Header.Get("X-Forwarded-For"); before != "" {
			return before + ", " + x.in.Remote
		}
		return x.in.Remote
	case "proxy_host":
		return x.proxyHost
	case "proxy_port":
		return portOf(x.asked)
	case "status":
		return strconv.Itoa(x.out.Status)
	case "body_bytes_sent", "bytes_sent", "upstream_response_length":
		return strconv.Itoa(len(x.out.Body))
	case "upstream_addr":
		return x.asked
	case "upstream_status":
		return x.answered
	case "upstream_response_time", "upstream_connect_time", "upstream_header_time":
		if x.asked != "" {
			return seconds(x.waited)
		}
	case "connection", "connection_requests":
		return strconv.FormatUint(x.number, 10)
	case "time_local":
		return now.Format(timeLocal)
	case "time_iso8601":
		return now.Format("2006-01-02T15:04:05-07:00")
	case "date_gmt", "date_local":
		return now.Format("Monday, 02-Jan-2006 15:04:05 GMT")
	case "msec":
		return seconds(time.Duration(now.UnixNano()))
	case "nginx_version":
		return x.config.Version
	case "pid":
		return "29"
	case "pipe":
		return "."
	case "fastcgi_script_name":
		return x.path
	}
	return x.named(name)
}

// named are the variables that have a name of the request's or the answer's own in them.
func (x *exchange) named(name string) string {
	header := func(prefix string) string { return strings.ReplaceAll(name[len(prefix):], "_", "-") }
	switch {
	case strings.HasPrefix(name, "arg_"):
		for pair := range strings.SplitSeq(x.args, "&") {
			if key, value, _ := strings.Cut(pair, "="); strings.EqualFold(key, name[len("arg_"):]) {
				return value
			}
		}
	case strings.HasPrefix(name, "http_"):
		return x.in.Header.Get(header("http_"))
	case strings.HasPrefix(name, "sent_http_"):
		return x.out.Header.Get(header("sent_http_"))
	case strings.HasPrefix(name, "upstream_http_"):
		return x.out.Header.Get(header("upstream_http_"))
	case strings.HasPrefix(name, "cookie_"):
		for part := range strings.SplitSeq(x.in.Header.Get("Cookie"), ";") {
			if key, value, _ := strings.Cut(strings.TrimSpace(part), "="); key == name[len("cookie_"):] {
				return value
			}
		}
	}
	return ""
}

// hostName is the request's host without its port.
func (x *exchange) hostName() string {
	host := strings.ToLower(x.in.Host)
	if at := strings.LastIndexByte(host, ':'); at >= 0 && !strings.HasSuffix(host, "]") {
		host = host[:at]
	}
	if host == "" {
		return x.serverName()
	}
	return strings.TrimSuffix(host, ".")
}

func (x *exchange) serverName() string {
	if x.server != nil && len(x.server.names) > 0 {
		return x.server.names[0]
	}
	return ""
}

// root is the folder that the location's files are in.
func (x *exchange) root() string {
	folder := "html"
	if d := x.here().one("alias", "root"); d != nil {
		folder = x.expand(d.args[0])
	}
	return below(folder)
}

// file is the file of a path.
func (x *exchange) file(of string) string {
	folder := x.root()
	if d := x.here().one("alias", "root"); d != nil && d.name == "alias" && x.location != nil {
		if x.location.pattern != nil {
			return folder
		}
		return folder + strings.TrimPrefix(of, x.location.path)
	}
	return strings.TrimSuffix(folder, "/") + of
}

// escaped is a path as it stands in a URL.
func escaped(path string) string { return (&url.URL{Path: path}).EscapedPath() }
