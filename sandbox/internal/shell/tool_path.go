package shell

import (
	"path"
	"strings"
)

func readlink(k *call) int {
	o, ok := k.parse("fenm")
	l, links := k.c.(Links)
	if !ok || len(o.rest) == 0 || !links {
		return 1
	}
	var to string
	var err error
	if o.has("f", "e", "m") {
		to, err = l.RealPath(k.abs(o.rest[0]))
	} else {
		to, err = l.Readlink(k.abs(o.rest[0]))
	}
	if err != nil {
		return 1
	}
	k.println(to)
	return 0
}

func realpath(k *call) int {
	code := 0
	for _, n := range k.args[1:] {
		to := k.abs(n)
		_, err := k.c.Stat(to)
		if l, ok := k.c.(Links); ok && err == nil {
			to, err = l.RealPath(to)
		}
		if err != nil {
			code = k.fail("%s: %s", n, reason(err))
			continue
		}
		k.println(to)
	}
	return code
}

func basename(k *call) int {
	if len(k.args) < 2 {
		return k.fail("missing operand")
	}
	b := path.Base(k.args[1])
	if len(k.args) > 2 && b != k.args[2] {
		b = strings.TrimSuffix(b, k.args[2])
	}
	k.println(b)
	return 0
}

func dirname(k *call) int {
	if len(k.args) < 2 {
		return k.fail("missing operand")
	}
	k.println(path.Dir(k.args[1]))
	return 0
}

func which(k *call) int {
	code := 0
	for _, n := range k.args[1:] {
		if at := locate(k.c, n); at != "" {
			k.println(at)
		} else {
			code = 1
		}
	}
	return code
}
