package shell

import (
	"errors"
	"io"
	"os"
	"regexp"
	"strconv"
	"strings"
)

// sedCommand is one of a sed script: where it applies and what it does.
type sedCommand struct {
	from, to *sedAddress
	not      bool
	verb     byte
	re       *regexp.Regexp
	with     string
	global   bool
	nth      int
	print    bool
	active   bool
}

type sedAddress struct {
	line int // -1 is the last one.
	re   *regexp.Regexp
}

func sed(k *call) int {
	o, ok := k.parse("nEre:i", "quiet=n", "silent=n", "expression=e:", "in-place=i", "regexp-extended=E")
	if !ok {
		return 1
	}
	scripts := o.value["e"]
	if len(scripts) == 0 {
		if len(o.rest) == 0 {
			k.printfErr("Usage: sed [-i] [-nrE] [-e CMD]... [FILE]...\n")
			return 1
		}
		scripts, o.rest = o.rest[:1], o.rest[1:]
	}
	program, err := parseSed(strings.Join(scripts, "\n"), o.has("E", "r"))
	if err != nil {
		return k.fail("%v", err)
	}
	if !o.has("i") {
		return k.each(o.rest, func(_ string, r io.Reader) error { return k.sedOne(program, r, k.out, o.has("n")) })
	}
	code := 0
	for _, name := range o.rest {
		b, err := k.readAll(k.abs(name))
		if err != nil {
			code = k.fail("%s: %s", name, reason(err))
			continue
		}
		var out strings.Builder
		if err := k.sedOne(program, strings.NewReader(string(b)), &out, o.has("n")); err != nil {
			return 1
		}
		f, err := k.create(name, os.O_TRUNC)
		if err != nil {
			code = k.fail("%s: %s", name, reason(err))
			continue
		}
		_, _ = io.WriteString(f, out.String())
		_ = f.Close()
	}
	return code
}

func (k *call) sedOne(program []*sedCommand, r io.Reader, out io.Writer, quiet bool) error {
	n := 0
	var waiting *string
	ended := false
	run := func(line string, last bool) {
		n++
		after := ""
		for _, c := range program {
			if !c.applies(line, n, last) {
				continue
			}
			switch c.verb {
			case 'd':
				return
			case 'p':
				_, _ = io.WriteString(out, line+"\n")
			case '=':
				_, _ = io.WriteString(out, strconv.Itoa(n)+"\n")
			case 'q':
				ended = true
			case 'i':
				_, _ = io.WriteString(out, c.with+"\n")
			case 'a':
				after += c.with + "\n"
			case 'c':
				_, _ = io.WriteString(out, c.with+"\n")
				return
			case 's':
				changed := c.substitute(line)
				if changed != line && c.print {
					_, _ = io.WriteString(out, changed+"\n")
				}
				line = changed
			}
			if ended {
				break
			}
		}
		if !quiet {
			_, _ = io.WriteString(out, line+"\n")
		}
		_, _ = io.WriteString(out, after)
	}
	err := k.lines(r, func(l string) bool {
		if waiting != nil {
			run(*waiting, false)
		}
		waiting = &l
		return !ended
	})
	if waiting != nil && !ended {
		run(*waiting, true)
	}
	return err
}

func (a *sedAddress) match(line string, n int, last bool) bool {
	switch {
	case a.re != nil:
		return a.re.MatchString(line)
	case a.line < 0:
		return last
	}
	return a.line == n
}

func (c *sedCommand) applies(line string, n int, last bool) bool {
	in := false
	switch {
	case c.from == nil:
		in = true
	case c.to == nil:
		in = c.from.match(line, n, last)
	case c.active:
		in = true
		c.active = !c.to.match(line, n, last) && (c.to.re != nil || c.to.line < 0 || n < c.to.line)
	default:
		if in = c.from.match(line, n, last); in {
			c.active = c.to.re != nil || c.to.line < 0 || n < c.to.line
		}
	}
	return in != c.not
}

func (c *sedCommand) substitute(line string) string {
	count := 0
	var out strings.Builder
	at := 0
	for _, m := range c.re.FindAllStringSubmatchIndex(line, -1) {
		count++
		if c.nth > count || !c.global && count > max(c.nth, 1) {
			continue
		}
		out.WriteString(line[at:m[0]])
		out.Write(c.re.ExpandString(nil, c.with, line, m))
		at = m[1]
	}
	return out.String() + line[at:]
}

var errSed = errors.New("unsupported command")

func parseSed(script string, extended bool) ([]*sedCommand, error) {
	var program []*sedCommand
	s := script
	for {
		s = strings.TrimLeft(s, " \t\n;")
		if s == "" {
			return program, nil
		}
		c := &sedCommand{}
		var err error
		if c.from, s, err = sedAddr(s, extended); err != nil {
			return nil, err
		}
		if c.from != nil && strings.HasPrefix(s, ",") {
			if c.to, s, err = sedAddr(s[1:], extended); err != nil {
				return nil, err
			}
		}
		s = strings.TrimLeft(s, " ")
		if strings.HasPrefix(s, "!") {
			c.not, s = true, s[1:]
		}
		if s == "" {
			return nil, errors.New("missing command")
		}
		c.verb, s = s[0], s[1:]
		switch c.verb {
		case 'd', 'p', 'q', '=':
		case 'a', 'i', 'c':
			text, rest, _ := strings.Cut(strings.TrimLeft(strings.TrimPrefix(strings.TrimLeft(s, " "), "\\"), " \n"), "\n")
			c.with, s = text, rest
		case 's':
			if s, err = c.parseS(s, extended); err != nil {
				return nil, err
			}
		default:
			return nil, errSed
		}
		program = append(program, c)
	}
}

func sedAddr(s string, extended bool) (*sedAddress, string, error) {
	switch {
	case s == "":
		return nil, s, nil
	case s[0] == '$':
		return &sedAddress{line: -1}, s[1:], nil
	case s[0] >= '0' && s[0] <= '9':
		end := 0
		for end < len(s) && s[end] >= '0' && s[end] <= '9' {
			end++
		}
		n, err := strconv.Atoi(s[:end])
		return &sedAddress{line: n}, s[end:], err
	case s[0] == '/':
		text, rest, ok := sedUntil(s[1:], '/')
		if !ok {
			return nil, s, errors.New("unmatched '/'")
		}
		re, err := sedRegexp(text, extended, "")
		return &sedAddress{re: re}, rest, err
	}
	return nil, s, nil
}

// sedUntil cuts at the next delimiter that is not escaped.
func sedUntil(s string, d byte) (text, rest string, ok bool) {
	var out []byte
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '\\' && i+1 < len(s):
			if s[i+1] != d {
				out = append(out, '\\')
			}
			out = append(out, s[i+1])
			i++
		case s[i] == d:
			return string(out), s[i+1:], true
		default:
			out = append(out, s[i])
		}
	}
	return "", "", false
}

func sedRegexp(text string, extended bool, flags string) (*regexp.Regexp, error) {
	if !extended {
		text = basicRegexp(text)
	}
	return regexp.Compile(flags + text)
}

func (c *sedCommand) parseS(s string, extended bool) (string, error) {
	if s == "" {
		return s, errors.New("bad option in substitution expression")
	}
	d := s[0]
	pattern, s, ok := sedUntil(s[1:], d)
	if !ok {
		return s, errors.New("unterminated 's' command")
	}
	with, s, ok := sedUntil(s, d)
	if !ok {
		return s, errors.New("unterminated 's' command")
	}
	flags := ""
	for s != "" && s[0] != ';' && s[0] != '\n' && s[0] != ' ' && s[0] != '}' {
		switch {
		case s[0] == 'g':
			c.global = true
		case s[0] == 'p':
			c.print = true
		case s[0] == 'I' || s[0] == 'i':
			flags = "(?i)"
		case s[0] >= '1' && s[0] <= '9':
			c.nth = int(s[0] - '0')
		default:
			return s, errors.New("bad option in substitution expression")
		}
		s = s[1:]
	}
	c.with = sedReplacement(with)
	var err error
	c.re, err = sedRegexp(pattern, extended, flags)
	return s, err
}

// sedReplacement turns & and \1 into Go's ${0} and ${1}.
func sedReplacement(s string) string {
	var out strings.Builder
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '\\' && i+1 < len(s):
			i++
			switch {
			case s[i] >= '0' && s[i] <= '9':
				out.WriteString("${" + s[i:i+1] + "}")
			case s[i] == 'n':
				out.WriteByte('\n')
			case s[i] == 't':
				out.WriteByte('\t')
			default:
				out.WriteByte(s[i])
			}
		case s[i] == '&':
			out.WriteString("${0}")
		case s[i] == '$':
			out.WriteString("$$")
		default:
			out.WriteByte(s[i])
		}
	}
	return out.String()
}
