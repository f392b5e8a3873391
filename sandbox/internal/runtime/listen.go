package runtime

import (
	"io"
	"net"
	"strconv"
	"sync"
	"syscall"
)

// commandListener is a port that a command of a container listens on, such as nc -l.
type commandListener struct {
	c        *container
	address  string
	conns    chan net.Conn
	stopped  chan struct{}
	stopOnce sync.Once
	port     int32
}

// Listen takes connections on a port of the Pod until it is closed or the container ends.
func (c *container) Listen(port int32) (net.Listener, error) {
	c.rt.mu.Lock()
	defer c.rt.mu.Unlock()
	if c.rt.listener(c.pod.ip, port) != nil {
		return nil, syscall.EADDRINUSE
	}
	l := &commandListener{c: c, address: net.JoinHostPort(c.pod.ip, strconv.Itoa(int(port))), conns: make(chan net.Conn), stopped: make(chan struct{}), port: port}
	c.listeners = append(c.listeners, l)
	return l, nil
}

// serve hands a connection to the command and returns when the command is done with it.
func (l *commandListener) serve(conn io.ReadWriter) {
	near, far := net.Pipe()
	select {
	case l.conns <- far:
	case <-l.stopped:
		return
	case <-l.c.done:
		return
	}
	go func() {
		_, _ = io.Copy(near, conn)
	}()
	_, _ = io.Copy(conn, near)
	_ = near.Close()
}

// Accept waits for a connection.
func (l *commandListener) Accept() (net.Conn, error) {
	select {
	case conn := <-l.conns:
		return conn, nil
	case <-l.stopped:
	case <-l.c.done:
	}
	return nil, net.ErrClosed
}

// Close frees the port.
func (l *commandListener) Close() error {
	l.stopOnce.Do(func() {
		close(l.stopped)
		l.c.rt.mu.Lock()
		defer l.c.rt.mu.Unlock()
		for i, other := range l.c.listeners {
			if other == l {
				l.c.listeners = append(l.c.listeners[:i], l.c.listeners[i+1:]...)
				return
			}
		}
	})
	return nil
}

// Addr is the Pod's address and the port.
func (l *commandListener) Addr() net.Addr { return podAddress(l.address) }

type podAddress string

func (podAddress) Network() string  { return "tcp" }
func (a podAddress) String() string { return string(a) }
