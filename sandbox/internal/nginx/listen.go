package nginx

import (
	"fmt"
	"net"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// listen is where a server takes requests.
type listen struct {
	address string // Empty for every address.
	port    int32
	first   bool // The default server.
	secure  bool
	at      *directive
}

func (l listen) String() string {
	address := l.address
	if address == "" {
		address = "0.0.0.0"
	}
	return net.JoinHostPort(address, strconv.Itoa(int(l.port)))
}

// parameters are the words that may follow an address.
var parameters = regexp.MustCompile(`^(default_server|default|ssl|http2|quic|proxy_protocol|deferred|bind|reuseport|(setfib|fastopen|backlog|rcvbuf|sndbuf|accept_filter|ipv6only|so_keepalive)=.+)$`)

func (b *builder) listen(d *directive) (listen, error) {
	l := listen{port: 80, at: d}
	word := d.args[0]
	host, port := word, ""
	switch at := strings.LastIndexByte(word, ':'); {
	case strings.HasPrefix(word, "unix:"):
		l.address, l.port = word, 0
		host = ""
	case strings.HasPrefix(word, "["):
		end := strings.IndexByte(word, ']')
		if end < 0 {
			return l, d.mistake(`invalid host in "%s" of the "listen" directive`, word)
		}
		host, port = word[1:end], strings.TrimPrefix(word[end+1:], ":")
		l.address = "[" + host + "]"
	case at >= 0:
		host, port = word[:at], word[at+1:]
		l.address = host
	case number(word) >= 0:
		host, port = "", word
	default:
		l.address = word
	}
	if port != "" {
		n := number(port)
		if n < 1 || n > 65535 {
			return l, d.mistake(`invalid port in "%s" of the "listen" directive`, word)
		}
		l.port = int32(n)
	}
	if l.address == "*" || l.address == "0.0.0.0" {
		l.address = ""
	} else if host != "" && net.ParseIP(host) == nil {
		if found, err := b.from.Resolve(b.ctx, host); err != nil || len(found) == 0 {
			return l, d.mistake(`host not found in "%s" of the "listen" directive`, word)
		}
	}
	for _, word := range d.args[1:] {
		if !parameters.MatchString(word) {
			return l, d.mistake(`invalid parameter "%s"`, word)
		}
		l.first = l.first || strings.HasPrefix(word, "default")
		l.secure = l.secure || word == "ssl"
	}
	return l, nil
}

// listening gathers the ports, and looks for servers that are in each other's way.
func (b *builder) listening() error {
	first, names := map[string]bool{}, map[string]bool{}
	for _, s := range b.servers {
		own := map[string]bool{}
		for _, l := range s.listens {
			where := l.String()
			switch {
			case own[where]:
				return l.at.mistake("a duplicate listen %s", where)
			case l.first && first[where]:
				return l.at.mistake("a duplicate default server for %s", where)
			}
			own[where], first[where] = true, first[where] || l.first
			if l.port > 0 && !slices.Contains(b.Ports, l.port) {
				b.Ports = append(b.Ports, l.port)
			}
			for _, name := range s.names {
				key := name + " on " + where
				if names[key] {
					b.Warnings = append(b.Warnings, &Mistake{Text: fmt.Sprintf(`conflicting server name "%s" on %s, ignored`, name, where)})
				}
				names[key] = true
			}
		}
	}
	return nil
}

// server is who answers a request on a port: by name, and else the default one of the port.
func (c *Config) server(port int32, host string) *server {
	var here []*server
	var fallback *server
	for _, s := range c.servers {
		for _, l := range s.listens {
			if l.port != port {
				continue
			}
			if !slices.Contains(here, s) {
				here = append(here, s)
			}
			if l.first && fallback == nil {
				fallback = s
			}
		}
	}
	if len(here) == 0 {
		return nil
	}
	if fallback == nil {
		fallback = here[0]
	}
	best, chosen := 0, fallback
	for _, s := range here {
		if n := s.answersTo(host); n > best {
			best, chosen = n, s
		}
	}
	return chosen
}

// answersTo is how well a name fits: exactly, by a beginning that is open, by an end that is, by a pattern; the longer the better.
func (s *server) answersTo(host string) (best int) {
	const exact, leading, trailing, pattern = 4 << 20, 3 << 20, 2 << 20, 1 << 20
	for _, name := range s.names {
		switch rest, open := strings.CutPrefix(name, "*"); {
		case name == host:
			return exact
		case open && strings.HasSuffix(host, rest) && len(host) > len(rest):
			best = max(best, leading+len(name))
		case strings.HasPrefix(name, ".") && (strings.HasSuffix(host, name) || host == name[1:]):
			best = max(best, leading+len(name))
		case strings.HasSuffix(name, ".*") && strings.HasPrefix(host, name[:len(name)-1]):
			best = max(best, trailing+len(name))
		}
	}
	for _, p := range s.patterns {
		if p.MatchString(host) {
			best = max(best, pattern)
		}
	}
	return best
}

// number is a decimal number that is not negative, or -1.
func number(text string) int {
	n, err := strconv.ParseUint(text, 10, 31)
	if err != nil {
		return -1
	}
	return int(n)
}
