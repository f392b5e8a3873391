package nginx

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// reference is a variable in a text: $name, ${name} or $1.
var reference = regexp.MustCompile(`\$(?:\{(\w+)\}|(\w+))`)

// builtIn are the variables that every request has, and prefixes those that have any name after them.
var (
	builtIn = strings.Fields(`args arg_ binary_remote_addr body_bytes_sent bytes_sent connection connection_requests connection_time content_length
content_type date_gmt date_local document_root document_uri host hostname https is_args limit_rate msec nginx_version pid pipe proxy_add_x_forwarded_for
proxy_host proxy_port query_string realpath_root remote_addr remote_port remote_user request request_body request_body_file request_completion request_filename
request_id request_length request_method request_time request_uri scheme server_addr server_name server_port server_protocol status time_iso8601 time_local
upstream_addr upstream_bytes_received upstream_bytes_sent upstream_cache_status upstream_connect_time upstream_header_time upstream_response_length
upstream_response_time upstream_status uri gzip_ratio geo invalid_referer secure_link secure_link_expires slice_range connections_active connections_reading
connections_writing connections_waiting ssl_protocol ssl_cipher ssl_server_name ssl_client_verify ssl_client_s_dn ssl_client_cert ssl_client_escaped_cert
ssl_session_id ssl_session_reused http2 http3 proxy_protocol_addr proxy_protocol_port realip_remote_addr realip_remote_port fastcgi_script_name
fastcgi_path_info limit_req_status limit_conn_status uid_got uid_set uid_reset modern_browser ancient_browser msie date_gmt tcpinfo_rtt`)
	prefixes = []string{"arg_", "http_", "cookie_", "sent_http_", "sent_trailer_", "upstream_http_", "upstream_trailer_", "upstream_cookie_", "proxy_protocol_"}
)

// mapping is a variable that follows another.
type mapping struct {
	of       string
	cases    map[string]string
	patterns []struct {
		pattern *regexp.Regexp
		value   string
	}
	fallback string
}

func (b *builder) mapping(d *directive) error {
	m := &mapping{of: d.args[0], cases: map[string]string{}}
	name, ok := strings.CutPrefix(d.args[1], "$")
	if !ok {
		return d.mistake(`invalid variable name "%s"`, d.args[1])
	}
	b.use(m.of)
	for _, one := range d.block {
		switch {
		case one.name == "hostnames" || one.name == "volatile":
			continue
		case len(one.args) != 1:
			return one.mistake("invalid number of the map parameters")
		}
		value := one.args[0]
		b.use(value)
		switch pattern, regex := strings.CutPrefix(one.name, "~"); {
		case one.name == "default":
			m.fallback = value
		case regex:
			pattern, caseless := strings.CutPrefix(pattern, "*")
			compiled, err := b.regex(one, pattern, caseless)
			if err != nil {
				return err
			}
			m.patterns = append(m.patterns, struct {
				pattern *regexp.Regexp
				value   string
			}{compiled, value})
		default:
			m.cases[strings.ToLower(strings.TrimPrefix(one.name, `\`))] = value
		}
	}
	b.maps[name], b.known[name] = m, true
	return nil
}

// use notes the variables in a text.
func (c *Config) use(text string) {
	for _, m := range reference.FindAllStringSubmatch(text, -1) {
		if name := m[1] + m[2]; !slices.Contains(c.used, name) {
			c.used = append(c.used, name)
		}
	}
}

func (c *Config) checkVariables() error {
	for _, name := range c.used {
		_, err := strconv.Atoi(name)
		if err == nil || c.known[name] || slices.Contains(builtIn, name) || slices.ContainsFunc(prefixes, func(p string) bool { return strings.HasPrefix(name, p) }) {
			continue
		}
		return &Mistake{Text: fmt.Sprintf(`unknown "%s" variable`, name)}
	}
	return nil
}

// mostExpanded bounds what variables are made into.
const mostExpanded = 64 << 10

// expand puts the values of variables into a text.
func (x *exchange) expand(text string) string {
	if !strings.Contains(text, "$") {
		return text
	}
	left := mostExpanded
	return reference.ReplaceAllStringFunc(text, func(word string) string {
		value := x.variable(strings.Trim(word, "${}"))
		value = value[:min(len(value), left)]
		left -= len(value)
		return value
	})
}

// variable is the value of a variable; empty when it has none.
func (x *exchange) variable(name string) string {
	if n, err := strconv.Atoi(name); err == nil {
		if n < len(x.captures) {
			return x.captures[n]
		}
		return ""
	}
	if value, ok := x.set[name]; ok {
		return value
	}
	if m := x.config.maps[name]; m != nil {
		return x.mapped(m)
	}
	return x.own(name)
}

func (x *exchange) mapped(m *mapping) string {
	const deepest = 8
	if x.mapping >= deepest {
		return ""
	}
	x.mapping++
	defer func() { x.mapping-- }()
	value := x.expand(m.of)
	if found, ok := m.cases[strings.ToLower(value)]; ok {
		return x.expand(found)
	}
	for _, p := range m.patterns {
		if match := p.pattern.FindStringSubmatch(value); match != nil {
			x.capture(p.pattern, match)
			return x.expand(p.value)
		}
	}
	return x.expand(m.fallback)
}

// capture keeps what a pattern found.
func (x *exchange) capture(pattern *regexp.Regexp, match []string) {
	x.captures = match
	for i, name := range pattern.SubexpNames() {
		if name != "" && i < len(match) {
			x.set[name] = match[i]
		}
	}
}

// timeLocal is how nginx writes the time.
const timeLocal = "02/Jan/2006:15:04:05 -0700"

func seconds(d time.Duration) string { return fmt.Sprintf("%.3f", d.Seconds()) }
