// Package live takes one look at the network from inside a container and tells what it saw as one line of JSON. A check execs it in a
// Pod, on any provider: at the same path, in simulated and in real containers. It knows nothing of checks.
package live

import (
	"bufio"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"kubedrill.dev/sandbox/internal/shell"
)

// Program is where every container has the program that takes the look.
const Program = "/.kubedrill/app"

// Usage says how it is called, after the program's path.
const Usage = "probe (http URL | tcp HOST:PORT | dns NAME) [TIMEOUT]"

// Schema is the version of Seen.
const Schema = 1

const (
	patience  = 3 * time.Second
	bodyLimit = 4 << 10
)

// Seen is what a look came to.
type Seen struct {
	Schema       int      `json:"schema"`
	Kind         string   `json:"kind"` // http, tcp or dns.
	Target       string   `json:"target"`
	OK           bool     `json:"ok"`                  // There was an answer, whatever it said.
	Error        string   `json:"error,omitempty"`     // refused, timeout, no-such-host, no-address, unreachable, reset or other.
	Message      string   `json:"message,omitempty"`   // The error in full.
	Address      string   `json:"address,omitempty"`   // What was dialled.
	Name         string   `json:"name,omitempty"`      // The full name that DNS knew.
	Addresses    []string `json:"addresses,omitempty"` // What DNS said.
	Status       int      `json:"status,omitempty"`
	Location     string   `json:"location,omitempty"`
	Body         string   `json:"body,omitempty"` // Its beginning.
	Milliseconds int64    `json:"milliseconds"`
}

// Asked tells whether a command is a look.
func Asked(argv []string) bool { return len(argv) > 1 && argv[0] == Program && argv[1] == "probe" }

// Run takes the look that the words after "probe" ask for and writes what it saw; it ends with 0 whatever that is.
func Run(ctx context.Context, c shell.Container, words []string, out, errOut io.Writer) int {
	limit := patience
	if len(words) == 3 {
		d, err := time.ParseDuration(words[2])
		if err != nil || d <= 0 {
			fmt.Fprintf(errOut, "probe: %q is not a time such as 2s\n", words[2])
			return 2
		}
		limit, words = d, words[:2]
	}
	if len(words) != 2 {
		fmt.Fprintf(errOut, "usage: %s\n", Usage)
		return 2
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	look, known := looks[words[0]]
	if !known {
		fmt.Fprintf(errOut, "usage: %s\n", Usage)
		return 2
	}
	seen := Seen{Schema: Schema, Kind: words[0], Target: words[1]}
	began := time.Now()
	if err := look(ctx, c, &seen); err != nil {
		seen.Error, seen.Message = kind(err), err.Error()
	} else {
		seen.OK = true
	}
	seen.Milliseconds = time.Since(began).Milliseconds()
	line, err := json.Marshal(seen)
	if err != nil {
		fmt.Fprintf(errOut, "probe: %v\n", err)
		return 1
	}
	fmt.Fprintf(out, "%s\n", line)
	return 0
}

var looks = map[string]func(context.Context, shell.Container, *Seen) error{"http": get, "tcp": connect, "dns": resolve}

// noAddress is the error for a name that exists without one.
type noAddress struct{ name string }

func (e noAddress) Error() string { return "lookup " + e.name + ": no address" }

// kind is what a check tells errors apart by.
func kind(err error) string {
	var none shell.NoSuchName
	var empty noAddress
	text := err.Error()
	has := func(signs ...string) bool {
		for _, s := range signs {
			if strings.Contains(text, s) {
				return true
			}
		}
		return false
	}
	switch {
	case errors.As(err, &none):
		return "no-such-host"
	case errors.As(err, &empty):
		return "no-address"
	case has("connection refused"):
		return "refused"
	case has("timeout", "deadline exceeded"):
		return "timeout"
	case has("no route to host", "network is unreachable"):
		return "unreachable"
	case has("connection reset", "broken pipe", "EOF"):
		return "reset"
	}
	return "other"
}

func resolve(ctx context.Context, c shell.Container, seen *Seen) error {
	a, err := shell.Lookup(ctx, c, seen.Target)
	if err != nil {
		return err
	}
	seen.Name, seen.Addresses = a.Name, a.Addresses
	if len(a.Addresses) == 0 {
		return noAddress{seen.Target}
	}
	return nil
}

func dial(ctx context.Context, c shell.Container, seen *Seen, host, port string) (net.Conn, error) {
	a, err := shell.Lookup(ctx, c, host)
	if err != nil {
		return nil, err
	}
	if len(a.Addresses) == 0 {
		return nil, noAddress{host}
	}
	seen.Name, seen.Address = a.Name, net.JoinHostPort(a.Addresses[0], port)
	return c.Dial(ctx, seen.Address)
}

func connect(ctx context.Context, c shell.Container, seen *Seen) error {
	host, port, err := net.SplitHostPort(seen.Target)
	if err != nil {
		return err
	}
	conn, err := dial(ctx, c, seen, host, port)
	if err != nil {
		return err
	}
	return conn.Close()
}

func get(ctx context.Context, c shell.Container, seen *Seen) error {
	u, err := url.Parse(seen.Target)
	if err != nil {
		return err
	}
	port := u.Port()
	switch {
	case u.Scheme != "http" && u.Scheme != "https" || u.Host == "":
		return fmt.Errorf("%q is not a URL of http or https", seen.Target)
	case port == "" && u.Scheme == "https":
		port = "443"
	case port == "":
		port = "80"
	}
	conn, err := dial(ctx, c, seen, u.Hostname(), port)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }()
	// An error after that is the deadline's.
	defer context.AfterFunc(ctx, func() { _ = conn.Close() })()
	if u.Scheme == "https" {
		// What is asked is whether it answers, not who it is.
		conn = tls.Client(conn, &tls.Config{InsecureSkipVerify: true, ServerName: u.Hostname()})
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, seen.Target, nil)
	if err != nil {
		return err
	}
	req.Close = true
	req.Header.Set("User-Agent", "kubedrill-probe")
	if err := exchange(conn, req, seen); err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return err
	}
	return nil
}

func exchange(conn net.Conn, req *http.Request, seen *Seen) error {
	if err := req.Write(conn); err != nil {
		return err
	}
	resp, err := http.ReadResponse(bufio.NewReader(conn), req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, bodyLimit))
	if err != nil {
		return err
	}
	seen.Status, seen.Location, seen.Body = resp.StatusCode, resp.Header.Get("Location"), string(body)
	return nil
}
