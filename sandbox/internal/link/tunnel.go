package link

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strconv"
	"strings"
	"time"
)

// nodeAnswers is how long a node has to accept a tunnel: one that is stopped takes the connection and says nothing.
const nodeAnswers = 3 * time.Second

// Listener finds what listens on a Pod's port and returns what serves a connection to it; nil when nothing does.
type Listener func(ip string, port int32) func(io.ReadWriter)

// Accept serves tunnels from the hub to the node's Pods until ctx ends.
func Accept(ctx context.Context, dir, node string, find Listener) error {
	socket := NodeSocket(dir, node)
	if err := os.Remove(socket); err != nil && !os.IsNotExist(err) {
		return fmt.Errorf("remove old socket: %w", err)
	}
	l, err := net.Listen("unix", socket)
	if err != nil {
		return fmt.Errorf("listen for the hub: %w", err)
	}
	context.AfterFunc(ctx, func() { _ = l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go serve(conn, find)
		}
	}()
	return nil
}

func serve(conn net.Conn, find Listener) {
	defer func() { _ = conn.Close() }()
	address, err := readAddress(conn)
	if err != nil {
		return
	}
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return
	}
	number, err := strconv.ParseInt(port, 10, 32)
	if err != nil {
		return
	}
	app := find(host, int32(number))
	if app == nil {
		_, _ = io.WriteString(conn, "no\n")
		return
	}
	if _, err := io.WriteString(conn, "ok\n"); err != nil {
		return
	}
	app(conn)
}

// readAddress reads the first line byte by byte: what follows belongs to the app.
func readAddress(conn net.Conn) (string, error) {
	var line strings.Builder
	for b := make([]byte, 1); line.Len() < 64; {
		if _, err := conn.Read(b); err != nil {
			return "", err
		}
		if b[0] == '\n' {
			return line.String(), nil
		}
		line.WriteByte(b[0])
	}
	return "", errors.New("address too long")
}

// Tunnel connects to a Pod's port through its node.
func Tunnel(dir, node, address string) (net.Conn, error) {
	timeout := fmt.Errorf("dial tcp %s: i/o timeout", address)
	conn, err := net.Dial("unix", NodeSocket(dir, node))
	if err != nil {
		return nil, timeout
	}
	_ = conn.SetDeadline(time.Now().Add(nodeAnswers))
	answer := make([]byte, 3)
	if _, err = fmt.Fprintln(conn, address); err == nil {
		_, err = io.ReadFull(conn, answer)
	}
	_ = conn.SetDeadline(time.Time{})
	switch {
	case errors.Is(err, os.ErrDeadlineExceeded):
		_ = conn.Close()
		return nil, timeout
	case err != nil || string(answer) != "ok\n":
		_ = conn.Close()
		return nil, fmt.Errorf("dial tcp %s: connect: connection refused", address)
	}
	return conn, nil
}
