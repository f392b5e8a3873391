package app

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"time"

	"kubedrill.dev/sandbox/internal/catalogue"
)

// Serve answers a connection to a port of the program until it ends.
func Serve(s Server, port int32, conn io.ReadWriter) error {
	switch s.Image().Speaks {
	case "redis":
		return s.Store().Serve(conn)
	case "tcp":
		_, err := io.Copy(io.Discard, conn)
		return err
	}
	if s.Image().Certificate != "" {
		return overTLS(s, port, conn)
	}
	return serveHTTP(s, port, conn)
}

// mostBody is how much a request may bring.
const mostBody = 4 << 20

// documentReply is what a document store answers to a request that is about its documents.
func documentReply(s Server, req *http.Request) (catalogue.Reply, bool) {
	if s.Image().Speaks != catalogue.Elasticsearch {
		return catalogue.Reply{}, false
	}
	body, err := io.ReadAll(io.LimitReader(req.Body, mostBody))
	if err != nil {
		return catalogue.Reply{}, false
	}
	status, text, ok := s.Documents().Reply(req.Method, req.URL, body)
	return catalogue.Reply{Status: status, Body: text, Type: "application/json"}, ok
}

// SpeaksHTTP tells whether the stage's program answers HTTP.
func SpeaksHTTP(s Stage) bool { return s.Image().Speaks == "" || s.Image().Speaks == "http" }

// Gateway is who a request seems to come from when the connection does not tell.
const Gateway = "10.244.0.1"

func remote(conn io.ReadWriter) string {
	if c, ok := conn.(net.Conn); ok {
		if host, _, err := net.SplitHostPort(c.RemoteAddr().String()); err == nil {
			return host
		}
	}
	return Gateway
}

func serveHTTP(s Server, port int32, conn io.ReadWriter) error {
	in, from := bufio.NewReader(conn), remote(conn)
	for {
		req, err := http.ReadRequest(in)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		r, ok := documentReply(s, req)
		if !ok {
			r, ok = admissionReply(s, req)
		}
		if !ok {
			r = Reply(context.Background(), s, port, req, from)
		}
		_, _ = io.Copy(io.Discard, req.Body)
		time.Sleep(r.Delay)
		if r.Status == closed {
			return nil
		}
		header := http.Header{"Content-Type": {r.Type}, "Date": {time.Now().UTC().Format(http.TimeFormat)}}
		for name, value := range s.Image().Headers {
			header.Set(name, expand(s, value))
		}
		// Whoever keeps a secured connection would go on asking a program that has ended since.
		last := req.Close || s.Image().Certificate != ""
		if r.Location != "" {
			header.Set("Location", r.Location)
		}
		if r.Header != nil {
			header = r.Header
		}
		resp := &http.Response{
			StatusCode: r.Status, ProtoMajor: 1, ProtoMinor: 1, Request: req, Close: last,
			ContentLength: int64(len(r.Body)), Body: io.NopCloser(strings.NewReader(r.Body)), Header: header,
		}
		if err := resp.Write(conn); err != nil || last {
			return err
		}
	}
}
