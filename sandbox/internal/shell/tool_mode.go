package shell

import (
	"io/fs"
	"strconv"
	"strings"
)

func chmod(k *call) int {
	o, ok := k.parse("Rvf")
	if !ok || len(o.rest) < 2 {
		return 1
	}
	code := 0
	for _, n := range o.rest[1:] {
		st, err := k.c.Stat(k.abs(n))
		if err == nil {
			if a, ok := k.c.(Attributes); ok {
				err = a.Chmod(k.abs(n), newMode(st.Mode(), o.rest[0]))
			}
		}
		if err != nil {
			code = k.fail("%s: %s", n, reason(err))
		}
	}
	return code
}

// newMode reads 755, +x, u+rw, go-w.
func newMode(old fs.FileMode, spec string) fs.FileMode {
	if n, err := strconv.ParseUint(spec, 8, 32); err == nil {
		return fs.FileMode(n) & 0o777
	}
	m := old.Perm()
	for part := range strings.SplitSeq(spec, ",") {
		i := strings.IndexAny(part, "+-=")
		if i < 0 {
			continue
		}
		who, bits := part[:i], fs.FileMode(0)
		for _, c := range part[i+1:] {
			switch c {
			case 'r':
				bits |= 4
			case 'w':
				bits |= 2
			case 'x', 'X':
				bits |= 1
			}
		}
		mask := fs.FileMode(0)
		for letter, shift := range map[string]int{"u": 6, "g": 3, "o": 0} {
			if who == "" || strings.Contains(who, "a") || strings.Contains(who, letter) {
				mask |= bits << shift
				if part[i] == '=' {
					m &^= 7 << shift
				}
			}
		}
		if part[i] == '-' {
			m &^= mask
		} else {
			m |= mask
		}
	}
	return m
}

// chown only checks that the files are there and that the user may.
func chown(k *call) int {
	o, ok := k.parse("Rvfh")
	if !ok || len(o.rest) < 2 {
		return 1
	}
	code := 0
	uid, _ := k.c.User()
	for _, n := range o.rest[1:] {
		_, err := k.c.Stat(k.abs(n))
		switch {
		case err != nil:
			code = k.fail("%s: %s", n, reason(err))
		case uid != 0:
			code = k.fail("%s: Operation not permitted", n)
		}
	}
	return code
}
