package shell

import (
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
