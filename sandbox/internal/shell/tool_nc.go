package shell

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"time"
)

func nc(k *call) int {
	o, ok := k.parse("zvw:lp:nkuq:46i:e:N")
	if !ok {
		return 1
	}
	if o.has("l") {
		port := o.get("p", "")
		if port == "" && len(o.rest) > 0 {
			port = o.rest[len(o.rest)-1]
		}
		return k.ncListen(port, o.has("k"))
	}
	if len(o.rest) < 2 {
		k.printfErr("Usage: nc [-iN] [-wN] [-l] [-p PORT] [-f FILE|IPADDR PORT] [-e PROG]\n")
		return 1
	}
	name, port := o.rest[0], o.rest[1]
	limit := time.Duration(0)
	if s, err := strconv.ParseFloat(o.get("w", ""), 64); err == nil {
		limit = time.Duration(s * float64(time.Second))
	}
	first, last, ok := portRange(port)
	if !ok {
		return k.fail("bad port '%s'", port)
	}
	code := 1
	for p := first; p <= last; p++ {
		conn, address, err := k.dial(name, strconv.Itoa(p), limit)
		var none unresolved
		switch {
		case errors.As(err, &none):
			return k.fail("bad address '%s'", name)
		case err != nil:
			if o.has("v") || !o.has("z") {
				fmt.Fprintf(k.err, "nc: %s (%s:%d): %s\n", name, address, p, dialReason(err))
			}
			continue
		}
		code = 0
		if o.has("v") {
			fmt.Fprintf(k.err, "%s (%s:%d) open\n", name, address, p)
		}
		if !o.has("z") {
			k.relay(conn)
		}
		_ = conn.Close()
	}
	return code
}

func portRange(s string) (first, last int, ok bool) {
	a, b, ranged := strings.Cut(s, "-")
	first, err := strconv.Atoi(a)
	if err != nil {
		return 0, 0, false
	}
	last = first
	if ranged {
		if last, err = strconv.Atoi(b); err != nil {
			return 0, 0, false
		}
	}
	return first, min(last, first+1000), first > 0 && last < 65536
}

// relay joins the command's streams and a connection until the far side closes.
func (k *call) relay(conn net.Conn) {
	stop := make(chan struct{})
	defer close(stop)
	go func() {
		select {
		case <-k.ctx.Done():
			_ = conn.Close()
		case <-stop:
		}
	}()
	go func() {
		_, _ = io.Copy(conn, k.stdin())
		if w, ok := conn.(interface{ CloseWrite() error }); ok {
			_ = w.CloseWrite()
		}
	}()
	_, _ = io.Copy(k.out, conn)
}

// listen takes a port of the Pod.
func (k *call) listen(port string) (net.Listener, error) {
	n, err := strconv.ParseInt(port, 10, 32)
	l, ok := k.c.(Listener)
	if err != nil || !ok || n < 1 || n > 65535 {
		return nil, fmt.Errorf("bad port '%s'", port)
	}
	if uid, _ := k.c.User(); uid != 0 && n < 0 {
		return nil, errors.New("bind: Permission denied")
	}
	return l.Listen(int32(n))
}

func (k *call) ncListen(port string, again bool) int {
	l, err := k.listen(port)
	if err != nil {
		return k.fail("%v", err)
	}
	defer l.Close()
	stop := make(chan struct{})
	defer close(stop)
	go func() {
		select {
		case <-k.ctx.Done():
			_ = l.Close()
		case <-stop:
		}
	}()
	for {
		conn, err := l.Accept()
		if err != nil {
			return 143
		}
		k.relay(conn)
		_ = conn.Close()
		if !again {
			return 0
		}
	}
}

func telnet(k *call) int {
	o, ok := k.parse("l:ae:")
	if !ok || len(o.rest) == 0 {
		return 1
	}
	port := "23"
	if len(o.rest) > 1 {
		port = o.rest[1]
	}
	conn, address, err := k.dial(o.rest[0], port, 0)
	var none unresolved
	switch {
	case errors.As(err, &none):
		return k.fail("bad address '%s'", o.rest[0])
	case err != nil:
		return k.fail("can't connect to remote host (%s): %s", address, dialReason(err))
	}
	defer conn.Close()
	k.printf("Connected to %s\n", o.rest[0])
	k.relay(bufferedConn{conn, bufio.NewReader(conn)})
	return 0
}

type bufferedConn struct {
	net.Conn
	r *bufio.Reader
}

func (b bufferedConn) Read(p []byte) (int, error) { return b.r.Read(p) }
