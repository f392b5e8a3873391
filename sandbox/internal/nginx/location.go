package nginx

import (
	"regexp"
	"slices"
	"strings"
)

// kinds are the ways to match, the longer ones first: they may stand right before the path.
var kinds = []string{"^~", "~*", "=", "~"}

func (b *builder) location(above *scope, d *directive, in *location) (*location, error) {
	l := &location{scope: newScope(above, d.block), at: d, path: d.args[0]}
	switch {
	case len(d.args) == 2 && !slices.Contains(kinds, d.args[0]):
		return nil, d.mistake(`invalid location modifier "%s"`, d.args[0])
	case len(d.args) == 2:
		l.kind, l.path = d.args[0], d.args[1]
	default:
		for _, kind := range kinds {
			if rest, ok := strings.CutPrefix(l.path, kind); ok {
				l.kind, l.path = kind, rest
				break
			}
		}
		if strings.HasPrefix(l.path, "@") && l.kind == "" {
			l.kind = "@"
		}
	}
	if strings.HasPrefix(l.kind, "~") {
		var err error
		if l.pattern, err = b.regex(d, l.path, l.kind == "~*"); err != nil {
			return nil, err
		}
	}
	switch {
	case in != nil && in.kind == "=":
		return nil, d.mistake(`location "%s" cannot be inside the exact location "%s"`, l.path, in.path)
	case in != nil && in.kind == "@":
		return nil, d.mistake(`location "%s" cannot be inside the named location "%s"`, l.path, in.path)
	case in != nil && l.kind == "@":
		return nil, d.mistake(`named location "%s" can be on the server level only`, l.path)
	case in != nil && in.pattern == nil && l.pattern == nil && !strings.HasPrefix(l.path, in.path):
		return nil, d.mistake(`location "%s" is outside location "%s"`, l.path, in.path)
	}
	l.internal = len(l.own["internal"]) > 0
	if err := b.level(l.scope); err != nil {
		return nil, err
	}
	for _, one := range l.own["alias"] {
		if len(l.own["root"]) > 0 {
			return nil, one.mistake(`"alias" directive is duplicate, "root" directive was specified earlier`)
		}
	}
	for _, one := range l.own["proxy_pass"] {
		var err error
		if l.proxy, err = b.proxy(one, l); err != nil {
			return nil, err
		}
	}
	b.otherUpstreams(l)
	var err error
	if l.script, err = b.script(d.block); err != nil {
		return nil, err
	}
	l.inner, err = b.locations(l.scope, d.block, l)
	return l, err
}

// otherUpstreams looks at upstreams of other protocols: their names must be known, too.
func (b *builder) otherUpstreams(l *location) {
	for _, name := range []string{"fastcgi_pass", "uwsgi_pass", "scgi_pass", "grpc_pass", "memcached_pass"} {
		for _, d := range l.own[name] {
			_, target, schemed := strings.Cut(d.args[0], "://")
			if !schemed {
				target = d.args[0]
			}
			host := target[:max(0, strings.LastIndexByte(target, ':'))]
			if host == "" {
				host = target
			}
			if strings.Contains(target, "$") {
				continue
			}
			b.late = append(b.late, func() error {
				if b.upstreams[target] != nil {
					return nil
				}
				_, err := b.addresses(d, target, host, "80")
				return err
			})
		}
	}
}

// regex compiles a pattern as nginx's library does, as far as Go's can.
func (b *builder) regex(at *directive, pattern string, caseless bool) (*regexp.Regexp, error) {
	if caseless {
		pattern = "(?i)" + pattern
	}
	compiled, err := regexp.Compile(pattern)
	switch {
	case err != nil && (strings.Contains(pattern, "(?!") || strings.Contains(pattern, "(?=") || strings.Contains(pattern, "(?<")):
		return nil, at.mistake(`kubedrill plays no regular expressions that look around: "%s"`, pattern)
	case err != nil:
		return nil, at.mistake(`pcre2_compile() failed: %s in "%s"`, strings.TrimPrefix(err.Error(), "error parsing regexp: "), strings.TrimPrefix(pattern, "(?i)"))
	}
	for _, name := range compiled.SubexpNames() {
		if name != "" {
			b.known[name] = true
		}
	}
	return compiled, nil
}

// level checks what may stand at any level.
func (b *builder) level(s *scope) error {
	for _, name := range []string{"error_log", "access_log", "root", "alias", "add_header", "proxy_set_header", "default_type", "try_files", "index"} {
		for i, d := range s.own[name] {
			if i > 0 && slices.Contains([]string{"root", "alias", "default_type", "try_files"}, name) {
				return d.mistake(`"%s" directive is duplicate`, name)
			}
			for _, word := range d.args {
				b.use(word)
			}
		}
	}
	for _, d := range s.own["access_log"] {
		if len(d.args) > 1 && !strings.Contains(d.args[1], "=") && b.formats[d.args[1]] == "" {
			return d.mistake(`unknown log format "%s"`, d.args[1])
		}
	}
	for _, d := range s.own["error_page"] {
		for _, code := range d.args[:len(d.args)-1] {
			if n := number(code); !strings.HasPrefix(code, "=") && (n < 300 || n > 599) {
				if n < 0 {
					return d.mistake(`invalid value "%s"`, code)
				}
				return d.mistake(`value "%s" must be between 300 and 599`, code)
			}
		}
	}
	return nil
}

// find chooses the location of a path as nginx does: an exact one; else the longest prefix and what is in it; unless that says otherwise,
// the first pattern that matches.
func find(list []*location, path string) (best *location, captures []string, final bool) {
	for _, l := range list {
		switch {
		case l.kind == "=" && l.path == path:
			return l, nil, true
		case (l.kind == "" || l.kind == "^~") && strings.HasPrefix(path, l.path) && (best == nil || len(l.path) > len(best.path)):
			best = l
		}
	}
	noRegex := best != nil && best.kind == "^~"
	if best != nil {
		inner, found, final := find(best.inner, path)
		if final {
			return inner, found, true
		}
		if inner != nil {
			best = inner
		}
	}
	if noRegex {
		return best, nil, false
	}
	for _, l := range list {
		if l.pattern == nil {
			continue
		}
		if match := l.pattern.FindStringSubmatch(path); match != nil {
			if inner, found, _ := find(l.inner, path); inner != nil {
				if found == nil {
					found = match
				}
				return inner, found, true
			}
			return l, match, true
		}
	}
	return best, nil, false
}
