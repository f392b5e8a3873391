package nginx

import (
	"context"
	"net"
	"net/http"
	"net/url"
	"path"
	"strings"
	"time"
)

// Host is what a running nginx has of its container.
type Host interface {
	Files
	Hostname() string
	PodIP() string
	Dial(ctx context.Context, address string) (net.Conn, error)
	Resolve(ctx context.Context, name string) ([]string, error)
}

// Request is what a client asks.
type Request struct {
	Method, URI, Host, Remote, ID string
	Header                        http.Header
	Body                          []byte
	Port                          int32
}

// Response is the answer; a status of 444 is none at all.
type Response struct {
	Status int
	Header http.Header
	Body   []byte
	// Lines are what goes to the logs.
	Lines []Line
}

// Line is one of a log: of the file that the configuration names.
type Line struct{ File, Text string }

// most is how often a request may be sent on within the configuration.
const mostRounds = 10

// exchange is a request on its way to its answer.
type exchange struct {
	ctx    context.Context
	config *Config
	host   Host
	stats  *Stats
	in     Request
	out    Response
	began  time.Time
	number uint64

	server    *server
	location  *location
	path      string // Decoded, and as scripts have changed it.
	args      string
	rewritten bool
	inside    bool // The configuration itself sent the request here.
	rounds    int
	failed    int // The status that an error page is for.
	captures  []string
	set       map[string]string
	mapping   int

	proxyHost       string
	asked, answered string // The upstream and its status.
	waited          time.Duration
}

// Answer answers a request.
func (c *Config) Answer(ctx context.Context, host Host, stats *Stats, in Request) Response {
	x := &exchange{
		ctx: ctx, config: c, host: host, stats: stats, in: in, began: time.Now(), number: stats.begin(), set: map[string]string{},
		server: c.server(in.Port, ""), out: Response{Header: http.Header{}},
	}
	defer stats.end()
	x.server = c.server(in.Port, x.hostName())
	x.path, x.args, _ = strings.Cut(in.URI, "?")
	decoded, err := url.PathUnescape(x.path)
	switch {
	case stats.active.Load() > mostActive:
		x.note("alert", "1024 worker_connections are not enough")
		x.fail(http.StatusInternalServerError)
	case x.server == nil || err != nil || !strings.HasPrefix(decoded, "/"):
		x.fail(http.StatusBadRequest)
	default:
		x.path = clean(decoded)
		x.serve()
	}
	x.finish()
	return x.out
}

// clean takes dots and doubled slashes out of a path, and keeps the last slash.
func clean(decoded string) string {
	cleaned := path.Clean(decoded)
	if cleaned != "/" && (strings.HasSuffix(decoded, "/") || strings.HasSuffix(decoded, "/.") || strings.HasSuffix(decoded, "/..")) {
		cleaned += "/"
	}
	return cleaned
}

// here is the level whose directives hold.
func (x *exchange) here() *scope {
	switch {
	case x.location != nil:
		return x.location.scope
	case x.server != nil:
		return x.server.scope
	}
	return x.config.http
}

func (x *exchange) serve() {
	if x.run(x.server.script) == completed {
		return
	}
	x.locate()
}

// locate finds the location of the path, and answers as it says.
func (x *exchange) locate() {
	for {
		if x.rounds++; x.rounds > mostRounds {
			x.note("error", "rewrite or internal redirection cycle while processing \""+x.path+"\"")
			x.fail(http.StatusInternalServerError)
			return
		}
		found, captures, _ := find(x.server.locations, x.path)
		if found != nil && found.pattern != nil {
			x.capture(found.pattern, captures)
		}
		if found == nil || found.path != x.path {
			if slash := withSlash(x.server.locations, x.path); slash != nil {
				x.location = slash
				x.redirect(http.StatusMovedPermanently, escaped(x.path+"/"))
				return
			}
		}
		x.location = found
		if found != nil && found.internal && !x.inside {
			x.fail(http.StatusNotFound)
			return
		}
		if x.enter() {
			return
		}
	}
}

// withSlash is the location that passes on what is below the path: who asks without the last slash is sent there.
func withSlash(list []*location, path string) *location {
	for _, l := range list {
		if l.proxy != nil && l.pattern == nil && l.path == path+"/" {
			return l
		}
	}
	return nil
}

// enter answers as the location says; false when another location has to be looked for.
func (x *exchange) enter() bool {
	if x.location != nil {
		switch x.run(x.location.script) {
		case completed:
			return true
		case again:
			return false
		}
	}
	switch {
	case !x.admitted():
		x.note("error", "access forbidden by rule")
		x.fail(http.StatusForbidden)
	case x.tooLarge():
		x.note("error", "client intended to send too large body: "+x.in.Header.Get("Content-Length")+" bytes")
		x.fail(http.StatusRequestEntityTooLarge)
	default:
		return x.content()
	}
	return true
}

// content makes the answer; false when another location has to be looked for.
func (x *exchange) content() bool {
	own := x.here().own
	if tries := own["try_files"]; len(tries) > 0 {
		if done, final := x.try(tries[0]); done {
			return final
		}
	}
	switch {
	case len(own["stub_status"]) > 0:
		x.status()
	case x.location != nil && x.location.proxy != nil:
		x.pass(x.location.proxy)
	case len(own["fastcgi_pass"])+len(own["uwsgi_pass"])+len(own["scgi_pass"])+len(own["grpc_pass"])+len(own["memcached_pass"]) > 0:
		x.note("error", "kubedrill plays no upstreams but those of proxy_pass")
		x.fail(http.StatusBadGateway)
	default:
		return x.static()
	}
	return true
}

// inward sends the request on to another path or a named location; false says to look for the location.
func (x *exchange) inward(to string) bool {
	x.inside = true
	if !strings.HasPrefix(to, "@") {
		path, args, own := strings.Cut(to, "?")
		if x.path, x.rewritten = path, true; own {
			x.args = args
		}
		return false
	}
	for _, l := range x.server.locations {
		if l.kind != "@" || l.path != to {
			continue
		}
		if x.rounds++; x.rounds > mostRounds {
			x.fail(http.StatusInternalServerError)
			return true
		}
		x.location = l
		return x.enter()
	}
	x.note("error", "could not find named location \""+to+"\"")
	x.fail(http.StatusInternalServerError)
	return true
}
