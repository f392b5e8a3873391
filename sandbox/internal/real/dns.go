//go:build linux

package real

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"strconv"
	"strings"
	"time"

	"golang.org/x/net/dns/dnsmessage"

	"kubedrill.dev/sandbox/internal/shell"
)

const resolvConf = "/etc/resolv.conf"

// resolver asks the name servers of resolv.conf by the rules of the C library.
type resolver struct {
	servers, search []string // Servers with their port.
	ndots, attempts int
	timeout         time.Duration
}

func readResolver(text string) resolver {
	r := resolver{ndots: 1, attempts: 2, timeout: 5 * time.Second}
	for line := range strings.SplitSeq(text, "\n") {
		f := strings.Fields(line)
		if len(f) < 2 {
			continue
		}
		switch f[0] {
		case "nameserver":
			r.servers = append(r.servers, net.JoinHostPort(f[1], "53"))
		case "search":
			r.search = f[1:]
		case "options":
			for _, o := range f[1:] {
				name, value, _ := strings.Cut(o, ":")
				n, err := strconv.Atoi(value)
				switch {
				case err != nil:
				case name == "ndots":
					r.ndots = n
				case name == "attempts":
					r.attempts = n
				case name == "timeout":
					r.timeout = time.Duration(n) * time.Second
				}
			}
		}
	}
	return r
}

// candidates are the full names that a name may mean, in the order in which they are asked for.
func (r resolver) candidates(name string) []string {
	if full, absolute := strings.CutSuffix(name, "."); absolute {
		return []string{full}
	}
	var out []string
	for _, domain := range r.search {
		out = append(out, name+"."+strings.TrimSuffix(domain, "."))
	}
	if strings.Count(name, ".") >= r.ndots {
		return append([]string{name}, out...)
	}
	return append(out, name)
}

// Resolve asks DNS.
func (c *Container) Resolve(ctx context.Context, name string) (shell.Answer, error) {
	if strings.TrimSuffix(name, ".") == "localhost" {
		return shell.Answer{Name: "localhost", Addresses: []string{"127.0.0.1"}}, nil
	}
	text, err := os.ReadFile(resolvConf)
	if err != nil {
		return shell.Answer{}, fmt.Errorf("lookup %s: %w", name, err)
	}
	return readResolver(string(text)).resolve(ctx, name)
}

func (r resolver) resolve(ctx context.Context, name string) (shell.Answer, error) {
	var empty shell.Answer // A name that exists without an address.
	for _, full := range r.candidates(name) {
		answer, err := r.ask(ctx, full)
		var none shell.NoSuchName
		switch {
		case errors.As(err, &none):
		case err != nil:
			return shell.Answer{}, err
		case len(answer.Addresses) > 0:
			return answer, nil
		case empty.Name == "":
			empty = answer
		}
	}
	if empty.Name != "" {
		return empty, nil
	}
	return shell.Answer{}, shell.NoSuchName{Name: name}
}

// ask puts one full name to the servers in turn.
func (r resolver) ask(ctx context.Context, full string) (shell.Answer, error) {
	last := fmt.Errorf("lookup %s: no name server", full)
	for range max(r.attempts, 1) {
		for _, server := range r.servers {
			answer, err := r.exchange(ctx, server, full)
			var none shell.NoSuchName
			if err == nil || errors.As(err, &none) || ctx.Err() != nil {
				return answer, err
			}
			last = fmt.Errorf("lookup %s on %s: %w", full, server, err)
		}
	}
	return shell.Answer{}, last
}

func (r resolver) exchange(ctx context.Context, server, full string) (shell.Answer, error) {
	ctx, cancel := context.WithTimeout(ctx, r.timeout)
	defer cancel()
	name, err := dnsmessage.NewName(full + ".")
	if err != nil {
		return shell.Answer{}, shell.NoSuchName{Name: full}
	}
	question := dnsmessage.Message{
		Header:    dnsmessage.Header{ID: uint16(rand.Uint32()), RecursionDesired: true},
		Questions: []dnsmessage.Question{{Name: name, Type: dnsmessage.TypeA, Class: dnsmessage.ClassINET}},
	}
	packed, err := question.Pack()
	if err != nil {
		return shell.Answer{}, shell.NoSuchName{Name: full}
	}
	conn, err := (&net.Dialer{}).DialContext(ctx, "udp", server)
	if err != nil {
		return shell.Answer{}, err
	}
	defer conn.Close()
	if deadline, ok := ctx.Deadline(); ok {
		_ = conn.SetDeadline(deadline) // A connection that cannot be set fails when it is used.
	}
	if _, err := conn.Write(packed); err != nil {
		return shell.Answer{}, err
	}
	buffer := make([]byte, 4096)
	for {
		n, err := conn.Read(buffer)
		if err != nil {
			return shell.Answer{}, err
		}
		var m dnsmessage.Message
		if m.Unpack(buffer[:n]) == nil && m.ID == question.ID {
			return read(m, full)
		}
	}
}

func read(m dnsmessage.Message, full string) (shell.Answer, error) {
	switch m.RCode {
	case dnsmessage.RCodeSuccess:
	case dnsmessage.RCodeNameError:
		return shell.Answer{}, shell.NoSuchName{Name: full}
	default:
		return shell.Answer{}, fmt.Errorf("server misbehaving: %s", m.RCode)
	}
	a := shell.Answer{Name: full}
	for _, record := range m.Answers {
		switch body := record.Body.(type) {
		case *dnsmessage.CNAMEResource:
			a.CNAME = strings.TrimSuffix(body.CNAME.String(), ".")
		case *dnsmessage.AResource:
			a.Addresses = append(a.Addresses, net.IP(body.A[:]).String())
		}
	}
	return a, nil
}
