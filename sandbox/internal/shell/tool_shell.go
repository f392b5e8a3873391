package shell

import (
	"context"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"time"

	"mvdan.cc/sh/v3/expand"
	"mvdan.cc/sh/v3/interp"
)

// echo speaks as the image's shell does: dash knows no -e and always reads escapes.
func echo(k *call) int {
	words, newline, escapes := k.args[1:], true, false
	dash := familyOf(k.c).shell == "dash" && k.session.name != "bash"
	for len(words) > 0 {
		w := words[0]
		if len(w) < 2 || w[0] != '-' || strings.Trim(w[1:], "neE") != "" || dash && w != "-n" {
			break
		}
		for _, f := range w[1:] {
			switch f {
			case 'n':
				newline = false
			case 'e':
				escapes = true
			case 'E':
				escapes = false
			}
		}
		words = words[1:]
	}
	text := strings.Join(words, " ")
	if escapes || dash {
		var stop bool
		if text, stop = unescape(text); stop {
			newline = false
		}
	}
	if newline {
		text += "\n"
	}
	if _, err := io.WriteString(k.out, text); err != nil {
		return 1
	}
	return 0
}

// unescape reads \n and its like; \c ends the output.
func unescape(s string) (string, bool) {
	var out strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' || i+1 >= len(s) {
			out.WriteByte(s[i])
			continue
		}
		i++
		switch s[i] {
		case 'c':
			return out.String(), true
		case '0', 'x':
			base, most := 8, 3
			if s[i] == 'x' {
				base, most = 16, 2
			}
			end := i + 1
			for end < len(s) && end-i <= most {
				if _, err := strconv.ParseUint(s[end:end+1], base, 8); err != nil {
					break
				}
				end++
			}
			n, _ := strconv.ParseUint("0"+s[i+1:end], base, 16)
			out.WriteByte(byte(n))
			i = end - 1
		default:
			if c := strings.IndexByte("abefnrtv\\", s[i]); c >= 0 {
				out.WriteByte("\a\b\x1b\f\n\r\t\v\\"[c])
			} else {
				out.WriteString(s[i-1 : i+1])
			}
		}
	}
	return out.String(), false
}

func printfTool(k *call) int {
	words := k.args[1:]
	if len(words) > 0 && words[0] == "--" {
		words = words[1:]
	}
	if len(words) == 0 {
		k.printfErr("printf: usage: printf format [arguments]\n")
		return 2
	}
	format, args := words[0], words[1:]
	config := &expand.Config{Env: k.env}
	for k.ctx.Err() == nil {
		s, n, err := expand.Format(config, format, args)
		if err != nil {
			return k.fail("%v", err)
		}
		if _, err := io.WriteString(k.out, s); err != nil {
			return 1
		}
		args = args[n:]
		if n == 0 || len(args) == 0 {
			break
		}
	}
	return 0
}

func pwd(k *call) int {
	k.println(k.dir)
	return 0
}

// yes writes at a pace that spares this machine.
func yes(k *call) int {
	text := "y"
	if len(k.args) > 1 {
		text = strings.Join(k.args[1:], " ")
	}
	block := strings.Repeat(text+"\n", 32)
	for {
		if _, err := io.WriteString(k.out, block); err != nil {
			return 1
		}
		if !isFree(k.c) && !sleepFor(k.ctx, 20*time.Millisecond) {
			return 143
		}
	}
}

// typeTool is the shell's "type".
func typeTool(k *call) int {
	code := 0
	for _, n := range k.args[1:] {
		switch at := locate(k.c, n); {
		case interp.IsBuiltin(n):
			k.printf("%s is a shell builtin\n", n)
		case at != "":
			k.printf("%s is %s\n", n, at)
		default:
			k.printf("%s: not found\n", n)
			code = 127
		}
	}
	return code
}

// commandV is "command -v".
func commandV(k *call) int {
	code := 0
	for _, n := range k.args[2:] {
		switch at := locate(k.c, n); {
		case interp.IsBuiltin(n):
			k.println(n)
		case at != "":
			k.println(at)
		default:
			code = 127
		}
	}
	return code
}

// classicTest runs test as a program, the way an exec probe does.
func (k *call) classicTest() int {
	words := append([]string{k.name()}, k.args[1:]...)
	if words[0] == "[[" {
		words[0] = "["
		if n := len(words) - 1; words[n] == "]]" {
			words[n] = "]"
		}
	}
	text, err := quote(words)
	if err != nil {
		return 2
	}
	return k.session.child("sh").script(k, text, "sh", []string{"--"})
}

// expr knows sums, comparisons and the match operator.
func expr(k *call) int {
	w := k.args[1:]
	show := func(v string) int {
		k.println(v)
		if v == "" || v == "0" {
			return 1
		}
		return 0
	}
	switch {
	case len(w) == 1:
		return show(w[0])
	case len(w) == 2 && w[0] == "length":
		return show(strconv.Itoa(len(w[1])))
	}
	if len(w) < 3 || len(w)%2 == 0 {
		k.fail("syntax error")
		return 2
	}
	value := w[0]
	for i := 1; i+1 < len(w); i += 2 {
		v, err := exprStep(value, w[i], w[i+1])
		if err != nil {
			k.fail("%v", err)
			return 2
		}
		value = v
	}
	return show(value)
}

func exprStep(a, op, b string) (string, error) {
	if op == ":" {
		re, err := regexp.Compile("^(?:" + basicRegexp(b) + ")")
		if err != nil {
			return "", err
		}
		m := re.FindStringSubmatch(a)
		switch {
		case m == nil && re.NumSubexp() > 0:
			return "", nil
		case m == nil:
			return "0", nil
		case len(m) > 1:
			return m[1], nil
		}
		return strconv.Itoa(len(m[0])), nil
	}
	x, errX := strconv.Atoi(a)
	y, errY := strconv.Atoi(b)
	numbers := errX == nil && errY == nil
	truth := func(t bool) (string, error) {
		if t {
			return "1", nil
		}
		return "0", nil
	}
	less, equal := a < b, a == b
	if numbers {
		less, equal = x < y, x == y
	}
	switch op {
	case "=", "==":
		return truth(equal)
	case "!=":
		return truth(!equal)
	case "<":
		return truth(less)
	case "<=":
		return truth(less || equal)
	case ">":
		return truth(!less && !equal)
	case ">=":
		return truth(!less)
	}
	if !numbers {
		return "", fmt.Errorf("non-numeric argument")
	}
	switch op {
	case "+":
		return strconv.Itoa(x + y), nil
	case "-":
		return strconv.Itoa(x - y), nil
	case "*":
		return strconv.Itoa(x * y), nil
	case "/", "%":
		if y == 0 {
			return "", fmt.Errorf("division by zero")
		}
		if op == "/" {
			return strconv.Itoa(x / y), nil
		}
		return strconv.Itoa(x % y), nil
	}
	return "", fmt.Errorf("syntax error")
}

// packages is a package manager without a network.
func packages(k *call) int {
	sleepFor(k.ctx, 300*time.Millisecond)
	if k.name() == "apk" {
		k.printfErr("WARNING: fetching https://dl-cdn.alpinelinux.org/alpine/: temporary error (try again later)\nERROR: unable to select packages: kubedrill's images install nothing\n")
		return 1
	}
	k.printfErr("Err:1 http://deb.debian.org/debian stable InRelease\n  Temporary failure resolving 'deb.debian.org'\nE: Failed to fetch: kubedrill's images install nothing\n")
	return 100
}

// app runs the image's own program.
func (k *call) app() int {
	if f, ok := k.c.(First); ok && k.session.first && k.session.replaced {
		f.Become(k.args, true)
	}
	code := k.c.Play(k.ctx, k.args)
	if k.ctx.Err() != nil && context.Cause(k.ctx) != nil && code == 0 {
		return 143
	}
	return code
}
