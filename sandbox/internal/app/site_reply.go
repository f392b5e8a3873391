package app

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"io"
	"net/http"
	"os"
	"path"
	"strings"

	"kubedrill.dev/sandbox/internal/catalogue"
	"kubedrill.dev/sandbox/internal/cost"
	"kubedrill.dev/sandbox/internal/nginx"
)

// closed is the status of a request that gets no answer: the connection is closed.
const closed = 444

// siteReply answers as nginx' configuration says.
func siteReply(ctx context.Context, s Server, config *nginx.Config, port int32, req *http.Request, remote string) catalogue.Reply {
	price := cost.Of(s.Image().PerCall.Duration, req)
	if !s.Spend(ctx, price) {
		return catalogue.Reply{Status: http.StatusServiceUnavailable, Body: Overloaded, Type: "text/plain"}
	}
	var body []byte
	if req.Body != nil {
		var err error
		if body, err = io.ReadAll(io.LimitReader(req.Body, mostBody)); err != nil {
			return catalogue.Reply{Status: closed}
		}
	}
	id := make([]byte, 16)
	_, _ = rand.Read(id)
	answer := config.Answer(ctx, host{s}, &s.Site().stats, nginx.Request{
		Method: req.Method, URI: requestURI(req), Host: req.Host, Remote: remote, ID: hex.EncodeToString(id), Header: req.Header, Body: body, Port: port,
	})
	if !price.Quiet {
		for _, line := range answer.Lines {
			write(s, line)
		}
	}
	return catalogue.Reply{Status: answer.Status, Body: string(answer.Body), Header: answer.Header}
}

// requestURI is what the client asked for; a probe's request was not sent.
func requestURI(req *http.Request) string {
	if uri := req.RequestURI; strings.HasPrefix(uri, "/") {
		return uri
	}
	return req.URL.RequestURI()
}

// write writes a line of a log to where the configuration wants it.
func write(s Stage, line nginx.Line) {
	name := line.File
	switch {
	case name == "/dev/stdout" || name == "/proc/self/fd/1":
		s.Print("stdout", line.Text)
		return
	case name == "stderr" || name == "/dev/stderr" || name == "/proc/self/fd/2":
		s.Print("stderr", line.Text)
		return
	case name == "/dev/null" || strings.HasPrefix(name, "syslog:") || strings.HasPrefix(name, "memory:"):
		return
	case !path.IsAbs(name):
		name = path.Join("/etc/nginx", name)
	}
	if _, err := s.Stat(logFolder); err != nil && path.Dir(name) == logFolder {
		stream := map[string]string{"access.log": "stdout", "error.log": "stderr"}[path.Base(name)]
		if stream != "" {
			s.Print(stream, line.Text)
			return
		}
	}
	f, err := s.Open(name, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o644)
	if err != nil {
		return
	}
	_, _ = io.WriteString(f, line.Text+"\n")
	_ = f.Close()
}
