package shell

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"
)

const defaultServer = "10.96.0.10"

// nameserver is the one in /etc/resolv.conf.
func (k *call) nameserver() string {
	text, err := readSmall(k.c, "/etc/resolv.conf")
	if err != nil {
		return defaultServer
	}
	for l := range strings.SplitSeq(text, "\n") {
		if f := strings.Fields(l); len(f) > 1 && f[0] == "nameserver" {
			return f[1]
		}
	}
	return defaultServer
}

// Lookup asks /etc/hosts and then DNS.
func Lookup(ctx context.Context, c Container, name string) (Answer, error) {
	if net.ParseIP(name) != nil {
		return Answer{Name: name, Addresses: []string{name}}, nil
	}
	if text, err := readSmall(c, "/etc/hosts"); err == nil {
		for line := range strings.SplitSeq(text, "\n") {
			line, _, _ = strings.Cut(line, "#")
			if f := strings.Fields(line); len(f) > 1 && slices.Contains(f[1:], name) && !strings.Contains(f[0], ":") {
				return Answer{Name: name, Addresses: []string{f[0]}}, nil
			}
		}
	}
	return c.Resolve(ctx, name)
}

func (k *call) resolve(name string) (Answer, error) { return Lookup(k.ctx, k.c, name) }

func nslookup(k *call) int {
	o, ok := k.parse("", "timeout=t:")
	words := []string{}
	if ok {
		words = o.rest
	} else {
		return 1
	}
	if len(words) == 0 {
		k.printfErr("Usage: nslookup [-type=QUERY_TYPE] [-debug] HOST [DNS_SERVER]\n")
		return 1
	}
	server := k.nameserver()
	if len(words) > 1 {
		server = words[1]
	}
	k.printf("Server:\t\t%s\nAddress:\t%s:53\n\n", server, server)
	name := words[0]
	answer, err := k.c.Resolve(k.ctx, name)
	if net.ParseIP(name) != nil {
		k.printf("** server can't find %s: NXDOMAIN\n\n", name)
		return 1
	}
	if err != nil {
		return k.dnsFailed(name, err)
	}
	if answer.CNAME != "" {
		k.printf("%s\tcanonical name = %s\n", answer.Name, answer.CNAME)
	}
	full := answer.Name
	if answer.CNAME != "" {
		full = answer.CNAME
	}
	for _, a := range answer.Addresses {
		k.printf("Name:\t%s\nAddress: %s\n", full, a)
	}
	k.println()
	if len(answer.Addresses) == 0 && answer.CNAME == "" {
		k.printf("*** Can't find %s: No answer\n\n", name)
		return 1
	}
	return 0
}

func (k *call) dnsFailed(name string, err error) int {
	var none NoSuchName
	if errors.As(err, &none) {
		k.printf("** server can't find %s: NXDOMAIN\n\n", name)
		return 1
	}
	k.printf(";; connection timed out; no servers could be reached\n\n")
	return 1
}

func getent(k *call) int {
	if len(k.args) < 3 {
		return 1
	}
	code := 0
	for _, n := range k.args[2:] {
		switch k.args[1] {
		case "hosts", "ahosts", "ahostsv4":
			a, err := k.resolve(n)
			if err != nil || len(a.Addresses) == 0 {
				code = 2
				continue
			}
			for _, ip := range a.Addresses {
				k.printf("%-15s %s\n", ip, a.Name)
			}
		case "passwd", "group":
			text, err := readSmall(k.c, "/etc/"+k.args[1])
			found := false
			for l := range strings.SplitSeq(text, "\n") {
				if f := strings.Split(l, ":"); err == nil && len(f) > 2 && (f[0] == n || f[2] == n) {
					k.println(l)
					found = true
				}
			}
			if !found {
				code = 2
			}
		default:
			fmt.Fprintf(k.err, "Unknown database: %s\n", k.args[1])
			return 1
		}
	}
	return code
}

func dig(k *call) int {
	short, name := false, ""
	for _, w := range k.args[1:] {
		switch {
		case w == "+short":
			short = true
		case w[0] != '@' && w[0] != '+' && w[0] != '-' && w != "A" && name == "":
			name = w
		}
	}
	a, err := k.c.Resolve(k.ctx, name)
	if short {
		for _, ip := range a.Addresses {
			k.println(ip)
		}
		return 0
	}
	status := "NOERROR"
	if err != nil {
		status = "NXDOMAIN"
	}
	k.printf("; <<>> DiG 9.18 <<>> %s\n;; ->>HEADER<<- opcode: QUERY, status: %s, id: 4711\n\n;; QUESTION SECTION:\n;%s.\t\tIN\tA\n\n", strings.Join(k.args[1:], " "), status, name)
	if len(a.Addresses) > 0 {
		k.println(";; ANSWER SECTION:")
		for _, ip := range a.Addresses {
			k.printf("%s.\t30\tIN\tA\t%s\n", a.Name, ip)
		}
		k.println()
	}
	k.printf(";; SERVER: %s#53(%s) (UDP)\n", k.nameserver(), k.nameserver())
	return 0
}

func host(k *call) int {
	if len(k.args) < 2 {
		return 1
	}
	a, err := k.c.Resolve(k.ctx, k.args[1])
	if err != nil {
		k.printf("Host %s not found: 3(NXDOMAIN)\n", k.args[1])
		return 1
	}
	for _, ip := range a.Addresses {
		k.printf("%s has address %s\n", a.Name, ip)
	}
	return 0
}

func ip(k *call) int {
	k.printf("1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue qlen 1000\n    inet 127.0.0.1/8 scope host lo\n2: eth0@if7: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue\n    inet %s/24 scope global eth0\n", k.c.PodIP())
	return 0
}

func sockets(k *call) int {
	k.println("Active Internet connections (only servers)")
	k.println("Proto Recv-Q Send-Q Local Address           Foreign Address         State")
	if im := k.c.Image(); im != nil {
		for _, p := range im.Ports {
			conn, err := k.c.Dial(k.ctx, net.JoinHostPort(k.c.PodIP(), fmt.Sprint(p)))
			if err != nil {
				continue
			}
			_ = conn.Close()
			k.printf("tcp        0      0 0.0.0.0:%-15d 0.0.0.0:*               LISTEN\n", p)
		}
	}
	return 0
}
