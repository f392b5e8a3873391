package shell

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"mvdan.cc/sh/v3/expand"
)

func printenv(k *call) int {
	code := 0
	if len(k.args) == 1 {
		k.printEnvironment(k.env)
	}
	for _, n := range k.args[1:] {
		v := k.env.Get(n)
		if !v.IsSet() || !v.Exported {
			code = 1
			continue
		}
		k.println(v.String())
	}
	return code
}

func (k *call) printEnvironment(env expand.Environ) {
	values := map[string]string{}
	for name, v := range env.Each {
		if v.Exported && v.IsSet() {
			values[name] = v.String()
		} else {
			delete(values, name)
		}
	}
	names := make([]string, 0, len(values))
	for n := range values {
		names = append(names, n)
	}
	slices.Sort(names)
	for _, n := range names {
		k.println(n + "=" + values[n])
	}
}

func env(k *call) int {
	o, ok := k.parse("+iu:", "ignore-environment=i", "unset=u:")
	if !ok {
		return 125
	}
	var pairs []string
	if !o.has("i") {
		for name, v := range k.env.Each {
			if v.Exported && v.IsSet() && !slices.Contains(o.value["u"], name) {
				pairs = append(pairs, name+"="+v.String())
			}
		}
	}
	rest := o.rest
	for len(rest) > 0 && strings.Contains(rest[0], "=") {
		pairs, rest = append(pairs, rest[0]), rest[1:]
	}
	next := k.with(k.args)
	next.env = expand.ListEnviron(pairs...)
	if len(rest) == 0 {
		next.printEnvironment(next.env)
		return 0
	}
	if !Runs(k.c, rest[0]) {
		if k.gnu() {
			k.fail("'%s': No such file or directory", rest[0])
		} else {
			k.fail("can't execute '%s': No such file or directory", rest[0])
		}
		return 127
	}
	return next.run(rest)
}

func xargs(k *call) int {
	o, ok := k.parse("+n:I:rt0L:P:d:", "no-run-if-empty=r", "null=0", "max-args=n:", "replace=I:")
	if !ok {
		return 1
	}
	cmd := o.rest
	if len(cmd) == 0 {
		cmd = []string{"echo"}
	}
	b, err := io.ReadAll(io.LimitReader(k.stdin(), maxScript*4))
	if err != nil {
		return 1
	}
	var words []string
	switch {
	case o.has("0"):
		words = strings.Split(strings.TrimSuffix(string(b), "\x00"), "\x00")
	case o.has("I"):
		words = strings.Split(strings.TrimSpace(string(b)), "\n")
	default:
		words = strings.Fields(string(b))
	}
	code := 0
	run := func(argv []string) {
		if k.ctx.Err() != nil {
			return
		}
		if c := k.run(argv); c != 0 {
			code = 123
			if c == 127 {
				code = 127
			}
		}
	}
	if hole := o.get("I", ""); hole != "" {
		for _, w := range words {
			argv := slices.Clone(cmd)
			for i := range argv {
				argv[i] = strings.ReplaceAll(argv[i], hole, w)
			}
			run(argv)
		}
		return code
	}
	if len(words) == 0 && o.has("r") {
		return 0
	}
	per := len(words)
	if n, err := strconv.Atoi(o.get("n", "")); err == nil && n > 0 {
		per = n
	}
	if len(words) == 0 {
		run(cmd)
	}
	for len(words) > 0 {
		n := min(max(per, 1), len(words))
		run(append(slices.Clone(cmd), words[:n]...))
		words = words[n:]
	}
	return code
}

// busybox runs the tool that its first word names.
func busybox(k *call) int {
	if len(k.args) < 2 {
		k.println("BusyBox multi-call binary.\n\nUsage: busybox [function [arguments]...]")
		return 0
	}
	if locate(k.c, k.args[1]) == "" {
		fmt.Fprintf(k.err, "%s: applet not found\n", k.args[1])
		return 127
	}
	return k.run(k.args[1:])
}
