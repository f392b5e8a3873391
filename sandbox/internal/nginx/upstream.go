package nginx

import (
	"net"
	"strconv"
	"strings"
	"sync/atomic"
)

// upstream is a group of addresses that requests are passed on to, each in its turn.
type upstream struct {
	name    string
	servers []string // Addresses, as often as their weight says.
	spare   []string // Those that are asked when no other answers.
	turn    *atomic.Uint32
}

// mostWeight bounds the turns of one server.
const mostWeight = 100

// order is whom to ask, the first one first.
func (u *upstream) order() []string {
	if len(u.servers) == 0 {
		return u.spare
	}
	from := int(u.turn.Add(1)-1) % len(u.servers)
	seen := map[string]bool{}
	var list []string
	for i := range u.servers {
		if s := u.servers[(from+i)%len(u.servers)]; !seen[s] {
			seen[s] = true
			list = append(list, s)
		}
	}
	return append(list, u.spare...)
}

func (b *builder) upstream(d *directive) error {
	u := &upstream{name: d.args[0], turn: &atomic.Uint32{}}
	if b.upstreams[u.name] != nil {
		return d.mistake(`duplicate upstream "%s"`, u.name)
	}
	any := false
	for _, s := range d.block {
		if s.name != "server" {
			continue
		}
		any = true
		weight, spare, down := 1, false, false
		for _, word := range s.args[1:] {
			name, value, _ := strings.Cut(word, "=")
			switch name {
			case "weight":
				if weight = number(value); weight < 1 {
					return s.mistake(`invalid parameter "%s"`, word)
				}
			case "backup":
				spare = true
			case "down":
				down = true
			case "max_fails", "fail_timeout", "max_conns", "slow_start", "resolve", "service", "route", "drain":
			default:
				return s.mistake(`invalid parameter "%s"`, word)
			}
		}
		addresses, err := b.addresses(s, s.args[0], s.args[0], "80")
		switch {
		case err != nil:
			return err
		case spare:
			u.spare = append(u.spare, addresses...)
		case !down:
			for range min(weight, mostWeight) {
				u.servers = append(u.servers, addresses...)
			}
		}
	}
	if !any {
		return d.mistake(`no servers are inside upstream`)
	}
	b.upstreams[u.name] = u
	return nil
}

// addresses are those of host:port; named is what the mistake calls it when there are none.
func (b *builder) addresses(at *directive, target, named, port string) ([]string, error) {
	if strings.HasPrefix(target, "unix:") {
		return []string{target}, nil
	}
	host, own := target, ""
	if i := strings.LastIndexByte(target, ':'); i >= 0 && !strings.HasSuffix(target, "]") {
		host, own = target[:i], target[i+1:]
	}
	if own != "" {
		if n := number(own); n < 1 || n > 65535 {
			return nil, at.mistake(`invalid port in upstream "%s"`, target)
		}
		port = own
	}
	if host == "" {
		return nil, at.mistake(`no host in upstream "%s"`, target)
	}
	found, err := b.from.Resolve(b.ctx, strings.Trim(host, "[]"))
	if err != nil || len(found) == 0 {
		return nil, at.mistake(`host not found in upstream "%s"`, named)
	}
	var out []string
	for _, address := range found {
		out = append(out, net.JoinHostPort(address, port))
	}
	return out, nil
}

// proxy is where a location passes its requests on to.
type proxy struct {
	at        *directive
	url       string // With variables in it, it is made for each request.
	variables bool
	secure    bool
	host      string // As written: host:port, or a group's name.
	path      string // Takes the place of what the location matched.
	hasPath   bool
	group     *upstream
}

func (b *builder) proxy(d *directive, in *location) (*proxy, error) {
	p := &proxy{at: d, url: d.args[0]}
	if strings.Contains(p.url, "$") {
		p.variables = true
		b.use(p.url)
		return p, nil
	}
	if !p.split(p.url) {
		return nil, d.mistake("invalid URL prefix")
	}
	if p.hasPath && (in.pattern != nil || in.kind == "@") {
		return nil, d.mistake(`"proxy_pass" cannot have URI part in location given by regular expression, or inside named location, or inside "if" statement, or inside "limit_except" block`)
	}
	b.late = append(b.late, func() error {
		if p.group = b.upstreams[p.host]; p.group != nil {
			return nil
		}
		name := p.host
		if i := strings.LastIndexByte(name, ':'); i >= 0 {
			name = name[:i]
		}
		addresses, err := b.addresses(d, p.host, name, p.port())
		p.group = &upstream{name: p.host, servers: addresses, turn: &atomic.Uint32{}}
		return err
	})
	return p, nil
}

func (p *proxy) port() string {
	if p.secure {
		return "443"
	}
	return "80"
}

// split takes a URL apart; false when it is none.
func (p *proxy) split(url string) bool {
	rest, plain := strings.CutPrefix(url, "http://")
	if !plain {
		rest, p.secure = strings.CutPrefix(url, "https://")
	}
	if !plain && !p.secure {
		return false
	}
	if at := strings.IndexAny(rest, "/?"); at >= 0 && !strings.HasPrefix(rest, "unix:") {
		p.host, p.path, p.hasPath = rest[:at], rest[at:], true
		return true
	}
	p.host = rest
	return true
}

// chosen is the proxy for one request, whose variables are known; a name that is no group is looked up as nginx's own resolver does.
func (x *exchange) chosen(p *proxy) (*proxy, string) {
	if !p.variables {
		return p, ""
	}
	url := x.expand(p.url)
	one := &proxy{at: p.at, url: url}
	if !one.split(url) {
		return nil, `invalid URL prefix in "` + url + `"`
	}
	if one.group = x.config.upstreams[one.host]; one.group != nil {
		return one, ""
	}
	host, port := one.host, one.port()
	if h, p, err := net.SplitHostPort(one.host); err == nil {
		host, port = h, p
	}
	one.group = &upstream{name: one.host, turn: &atomic.Uint32{}}
	if net.ParseIP(host) != nil {
		one.group.servers = []string{net.JoinHostPort(host, port)}
		return one, ""
	}
	if x.here().one("resolver") == nil {
		return nil, "no resolver defined to resolve " + host
	}
	found, err := x.host.Resolve(x.ctx, strings.TrimSuffix(host, ".")+".")
	if err != nil || len(found) == 0 {
		return nil, host + " could not be resolved (3: Host not found)"
	}
	for _, address := range found {
		one.group.servers = append(one.group.servers, net.JoinHostPort(address, port))
	}
	return one, ""
}

// portOf is the number of an address' port.
func portOf(address string) string {
	_, port, err := net.SplitHostPort(address)
	if err != nil {
		return ""
	}
	if _, err := strconv.Atoi(port); err != nil {
		return ""
	}
	return port
}
