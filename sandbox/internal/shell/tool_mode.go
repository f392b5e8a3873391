package shell

import (
	"io/fs"
	"path"
	"strconv"
	"strings"
	"syscall"
)

func chmod(k *call) int {
	o, ok := k.parse("Rvf")
	if !ok || len(o.rest) < 2 {
		return 1
	}
	return k.eachBelow(o.rest[1:], o.has("R"), func(name string, st fs.FileInfo) error {
		if a, ok := k.c.(Attributes); ok {
			return a.Chmod(name, newMode(st.Mode(), o.rest[0]))
		}
		return nil
	})
}

// eachBelow does something to files, and with all to whatever is in the folders among them; links are left alone there.
func (k *call) eachBelow(names []string, all bool, do func(name string, st fs.FileInfo) error) int {
	code := 0
	for _, n := range names {
		st, err := k.c.Stat(k.abs(n))
		if err == nil {
			err = do(k.abs(n), st)
		}
		if err != nil {
			code = k.fail("%s: %s", n, reason(err))
			continue
		}
		if !all || !st.IsDir() {
			continue
		}
		entries, err := k.c.ReadDir(k.abs(n))
		if err != nil {
			code = k.fail("%s: %s", n, reason(err))
			continue
		}
		var inside []string
		for _, e := range entries {
			if e.Type()&fs.ModeSymlink == 0 {
				inside = append(inside, path.Join(n, e.Name()))
			}
		}
		if c := k.eachBelow(inside, all, do); c != 0 {
			code = c
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
	owner, group, _ := strings.Cut(o.rest[0], ":")
	if k.name() == "chgrp" {
		owner, group = "", o.rest[0]
	}
	uid, known := number(k.c, "/etc/passwd", owner)
	if !known {
		return k.fail("unknown user %s", owner)
	}
	gid, known := number(k.c, "/etc/group", group)
	if !known {
		return k.fail("unknown group %s", group)
	}
	me, _ := k.c.User()
	return k.eachBelow(o.rest[1:], o.has("R"), func(name string, _ fs.FileInfo) error {
		real, ok := kernel(k.c)
		switch {
		case ok:
			return real.Own(name, uid, gid)
		case me != 0:
			return syscall.EPERM
		}
		return nil
	})
}

// number is that of a user or group, by name or as it is; -1 when none is named.
func number(c Container, file, name string) (n int, known bool) {
	if name == "" {
		return -1, true
	}
	if n, err := strconv.Atoi(name); err == nil {
		return n, true
	}
	text, err := readSmall(c, file)
	if err != nil {
		return 0, false
	}
	for line := range strings.SplitSeq(text, "\n") {
		if f := strings.Split(line, ":"); len(f) > 2 && f[0] == name {
			n, err := strconv.Atoi(f[2])
			return n, err == nil
		}
	}
	return 0, false
}
