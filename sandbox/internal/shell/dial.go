package shell

import (
	"context"
	"errors"
	"net"
	"strings"
	"time"
)

// unresolved is a name that has no address.
type unresolved struct{ name string }

func (e unresolved) Error() string { return "bad address '" + e.name + "'" }

// dial connects to a host by name or address, as a program of the container would. An address that came by name is
// kept as the name: the cluster's side knows which endpoint it means.
func (k *call) dial(host, port string, limit time.Duration) (net.Conn, string, error) {
	ctx := k.ctx
	if limit > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, limit)
		defer cancel()
	}
	if host == "localhost" || host == "::1" || host == "0.0.0.0" {
		host = "127.0.0.1"
	}
	a, err := k.resolve(host)
	if err != nil || len(a.Addresses) == 0 {
		return nil, "", unresolved{host}
	}
	conn, err := k.c.Dial(ctx, net.JoinHostPort(a.Addresses[0], port))
	if err != nil && ctx.Err() != nil && k.ctx.Err() == nil {
		err = errTimeout
	}
	return conn, a.Addresses[0], err
}

var errTimeout = errors.New("i/o timeout")

// dialReason is the C library's word for why a connection was not made.
func dialReason(err error) string {
	text := err.Error()
	switch {
	case strings.Contains(text, "connection refused"):
		return "Connection refused"
	case strings.Contains(text, "no route to host"):
		return "No route to host"
	case strings.Contains(text, "timeout"), strings.Contains(text, "deadline exceeded"):
		return "Connection timed out"
	case strings.Contains(text, "network is unreachable"):
		return "Network is unreachable"
	}
	if i := strings.LastIndex(text, ": "); i >= 0 {
		text = text[i+2:]
	}
	return capital(text)
}
