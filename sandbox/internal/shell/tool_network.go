package shell

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"

	"mvdan.cc/sh/v3/interp"
)

// wget is also curl: -q, -O-, -s and -T are understood, and ignored.
func wget(ctx context.Context, c Container, hc interp.HandlerContext, args []string) uint8 {
	ops := operands(args)
	if len(ops) == 0 {
		return 1
	}
	target := ops[len(ops)-1]
	if !strings.Contains(target, "://") {
		target = "http://" + target
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, target, nil)
	if err != nil {
		return 1
	}
	host, port := req.URL.Hostname(), req.URL.Port()
	if port == "" {
		port = "80"
	}
	fail := func(err error) uint8 {
		msg := err.Error()
		if i := strings.LastIndex(msg, ": connect: "); i >= 0 {
			msg = fmt.Sprintf("can't connect to remote host (%s): %s", host, strings.ToUpper(msg[i+11:i+12])+msg[i+12:])
		}
		fmt.Fprintf(hc.Stderr, "%s: %s\n", args[0], msg)
		return 1
	}
	conn, err := c.Dial(ctx, net.JoinHostPort(host, port))
	if err != nil {
		return fail(err)
	}
	defer func() { _ = conn.Close() }()
	req.Close = true
	if err := req.Write(conn); err != nil {
		return fail(err)
	}
	resp, err := http.ReadResponse(bufio.NewReader(conn), req)
	if err != nil {
		return fail(err)
	}
	b, _ := io.ReadAll(resp.Body)
	if resp.StatusCode >= 400 && args[0] == "wget" {
		fmt.Fprintf(hc.Stderr, "wget: server returned error: HTTP/1.1 %s\n", resp.Status)
		return 1
	}
	_, _ = hc.Stdout.Write(b)
	return 0
}

func nslookup(ctx context.Context, c Container, hc interp.HandlerContext, args []string) uint8 {
	fmt.Fprint(hc.Stdout, "Server:\t\t10.96.0.10\nAddress:\t10.96.0.10:53\n\n")
	for _, n := range operands(args) {
		answer, err := c.Resolve(ctx, n)
		if err != nil {
			fmt.Fprintf(hc.Stdout, "** server can't find %s: NXDOMAIN\n\n", n)
			return 1
		}
		for _, a := range answer.Addresses {
			fmt.Fprintf(hc.Stdout, "Name:\t%s\nAddress: %s\n", answer.Name, a)
		}
		fmt.Fprintln(hc.Stdout)
	}
	return 0
}
