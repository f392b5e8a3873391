package nginx

import (
	"regexp"
	"slices"
	"strings"
)

// step is a directive of nginx's rewrite module: what happens to a request before it is answered.
type step struct {
	at       *directive
	pattern  *regexp.Regexp // Of a rewrite, or of a condition.
	negative bool
	inner    []step // Of an if.
}

// script takes the steps out of a block.
func (b *builder) script(block []*directive) ([]step, error) {
	var steps []step
	for _, d := range block {
		s := step{at: d}
		var err error
		switch d.name {
		case "break":
		case "return":
			err = b.checkReturn(d)
		case "set":
			name, ok := strings.CutPrefix(d.args[0], "$")
			if !ok {
				return nil, d.mistake(`invalid variable name "%s"`, d.args[0])
			}
			b.known[name] = true
			b.use(d.args[1])
		case "rewrite":
			b.use(d.args[1])
			if len(d.args) > 2 && !strings.Contains(" last break redirect permanent ", " "+d.args[2]+" ") {
				return nil, d.mistake(`invalid parameter "%s"`, d.args[2])
			}
			s.pattern, err = b.regex(d, d.args[0], false)
		case "if":
			if err = b.condition(&s); err == nil {
				s.inner, err = b.script(d.block)
			}
		default:
			continue
		}
		if err != nil {
			return nil, err
		}
		steps = append(steps, s)
	}
	return steps, nil
}

func (b *builder) checkReturn(d *directive) error {
	code := number(d.args[0])
	isURL := strings.HasPrefix(d.args[0], "http://") || strings.HasPrefix(d.args[0], "https://") || strings.HasPrefix(d.args[0], "$")
	if code < 0 && (len(d.args) > 1 || !isURL) || code > 999 {
		return d.mistake(`invalid return code "%s"`, d.args[0])
	}
	for _, word := range d.args {
		b.use(word)
	}
	return nil
}

// condition reads what is in the parentheses of an if.
func (b *builder) condition(s *step) error {
	d := s.at
	words := slices.Clone(d.args)
	last := len(words) - 1
	if !strings.HasPrefix(words[0], "(") || !strings.HasSuffix(words[last], ")") {
		return d.mistake(`invalid condition "%s"`, strings.Join(words, " "))
	}
	words[0] = words[0][1:]
	words[last] = strings.TrimSuffix(words[last], ")")
	if words[last] == "" { // The parenthesis stood by itself.
		words = words[:last]
	}
	if len(words) > 0 && words[0] == "" {
		words = words[1:]
	}
	if len(words) == 0 || len(words) > 3 {
		return d.mistake(`invalid condition "%s"`, strings.Join(d.args, " "))
	}
	b.use(strings.Join(words, " "))
	if len(words) == 3 && strings.Contains(words[1], "~") {
		var err error
		s.negative = words[1][0] == '!'
		s.pattern, err = b.regex(d, words[2], strings.HasSuffix(words[1], "*"))
		s.at = &directive{name: "if", args: words, file: d.file, line: d.line}
		return err
	}
	if len(words) == 3 && words[1] != "=" && words[1] != "!=" {
		return d.mistake(`unexpected "%s" in condition`, words[1])
	}
	s.at = &directive{name: "if", args: words, file: d.file, line: d.line}
	return nil
}

// holds tells whether a condition is true.
func (x *exchange) holds(s step) bool {
	words := s.at.args
	value := x.expand(words[0])
	switch {
	case len(words) == 1:
		return value != "" && value != "0"
	case len(words) == 2:
		return x.isFile(words[0], x.expand(words[1]))
	case s.pattern != nil:
		match := s.pattern.FindStringSubmatch(value)
		if match != nil && !s.negative {
			x.capture(s.pattern, match)
		}
		return (match != nil) != s.negative
	}
	return (value == x.expand(words[2])) == (words[1] == "=")
}

func (x *exchange) isFile(test, name string) bool {
	st, err := x.host.Stat(name)
	test, negative := strings.CutPrefix(test, "!")
	found := err == nil
	switch test {
	case "-f":
		found = found && st.Mode().IsRegular()
	case "-d":
		found = found && st.IsDir()
	case "-x":
		found = found && st.Mode()&0o111 != 0
	}
	return found != negative
}

// after is how a script ended.
type after int

const (
	goOn      after = iota
	stopped         // With break: what follows in this script does not count.
	again           // With a new path, for which the location is looked up anew.
	completed       // The answer is there.
)

// run runs a script.
func (x *exchange) run(steps []step) after {
	changed := false
	for _, s := range steps {
		switch s.at.name {
		case "set":
			x.set[s.at.args[0][1:]] = x.expand(s.at.args[1])
		case "break":
			return stopped
		case "return":
			x.giveBack(s.at)
			return completed
		case "if":
			if x.holds(s) {
				if end := x.run(s.inner); end != goOn {
					return end
				}
			}
		case "rewrite":
			match := s.pattern.FindStringSubmatch(x.path)
			if match == nil {
				continue
			}
			x.capture(s.pattern, match)
			switch how := x.rewrite(s.at); how {
			case goOn:
				changed = true
			default:
				return how
			}
		}
	}
	if changed {
		return again
	}
	return goOn
}

// rewrite gives the request another path, or the client another address.
func (x *exchange) rewrite(d *directive) after {
	to := x.expand(d.args[1])
	flag := ""
	if len(d.args) > 2 {
		flag = d.args[2]
	}
	absolute := strings.HasPrefix(to, "http://") || strings.HasPrefix(to, "https://") || strings.HasPrefix(d.args[1], "$scheme")
	path, args, own := strings.Cut(to, "?")
	if !own {
		args = x.args
	} else if x.args != "" && !strings.HasSuffix(d.args[1], "?") {
		args += "&" + x.args
	}
	if absolute || flag == "redirect" || flag == "permanent" {
		if args != "" {
			path += "?" + args
		}
		status := 302
		if flag == "permanent" {
			status = 301
		}
		x.redirect(status, path)
		return completed
	}
	x.path, x.args, x.rewritten = path, args, true
	switch flag {
	case "last":
		return again
	case "break":
		return stopped
	}
	return goOn
}
