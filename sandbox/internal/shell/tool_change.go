package shell

import (
	"crypto/rand"
	"encoding/hex"
	"io"
	"io/fs"
	"path"
	"strconv"
	"strings"
)

func touch(k *call) int {
	o, ok := k.parse("cad:t:m")
	if !ok {
		return 1
	}
	code := 0
	for _, n := range o.rest {
		if _, err := k.c.Stat(k.abs(n)); err == nil {
			if a, ok := k.c.(Attributes); ok {
				if err := a.Touch(k.abs(n)); err != nil {
					code = k.fail("%s: %s", n, reason(err))
				}
			}
			continue
		}
		if o.has("c") {
			continue
		}
		f, err := k.create(n, 0)
		if err != nil {
			if k.gnu() {
				code = k.fail("cannot touch '%s': %s", n, reason(err))
			} else {
				code = k.fail("%s: %s", n, reason(err))
			}
			continue
		}
		_ = f.Close()
	}
	return code
}

func rm(k *call) int {
	o, ok := k.parse("rRfiv", "force=f", "recursive=r")
	if !ok {
		return 1
	}
	code := 0
	for _, n := range o.rest {
		st, err := k.lstat(n, true)
		switch {
		case err != nil && o.has("f"):
			continue
		case err == nil && st.IsDir() && !o.has("r", "R"):
			code = k.cannot("remove", n, "Is a directory")
			continue
		case err == nil && o.has("r", "R"):
			err = k.c.RemoveAll(k.abs(n))
		case err == nil:
			err = k.c.Remove(k.abs(n))
		}
		if err != nil {
			code = k.cannot("remove", n, reason(err))
		}
	}
	return code
}

// cannot is how both families say that something was not done.
func (k *call) cannot(verb, name, why string) int {
	if k.gnu() {
		return k.fail("cannot %s '%s': %s", verb, name, why)
	}
	return k.fail("can't %s '%s': %s", verb, name, why)
}

func mkdir(k *call) int {
	o, ok := k.parse("pm:v", "parents=p", "mode=m:")
	if !ok {
		return 1
	}
	perm := fs.FileMode(0o755)
	if n, err := strconv.ParseUint(o.get("m", "755"), 8, 32); err == nil {
		perm = fs.FileMode(n) & 0o777
	}
	code := 0
	for _, n := range o.rest {
		err := k.c.Mkdir(k.abs(n), perm)
		if o.has("p") {
			err = k.mkdirAll(k.abs(n), perm)
		}
		if err != nil {
			verb := "create directory"
			if !k.gnu() {
				verb = "create directory"
			}
			code = k.cannot(verb, n, reason(err))
		}
	}
	return code
}

func (k *call) mkdirAll(name string, perm fs.FileMode) error {
	st, err := k.c.Stat(name)
	if err == nil {
		if !st.IsDir() {
			return fs.ErrExist
		}
		return nil
	}
	if name != "/" {
		if err := k.mkdirAll(path.Dir(name), perm); err != nil {
			return err
		}
	}
	return k.c.Mkdir(name, perm)
}

func rmdir(k *call) int {
	o, ok := k.parse("p")
	if !ok {
		return 1
	}
	code := 0
	for _, n := range o.rest {
		st, err := k.c.Stat(k.abs(n))
		if err == nil && !st.IsDir() {
			code = k.fail("'%s': Not a directory", n)
			continue
		}
		if err == nil {
			err = k.c.Remove(k.abs(n))
		}
		if err != nil {
			code = k.fail("'%s': %s", n, reason(err))
		}
	}
	return code
}

func ln(k *call) int {
	o, ok := k.parse("sfnv", "symbolic=s", "force=f")
	if !ok {
		return 1
	}
	l, links := k.c.(Links)
	if len(o.rest) == 0 || !o.has("s") || !links {
		return k.fail("hard links are not supported here")
	}
	to := "."
	if len(o.rest) > 1 {
		to = o.rest[1]
	}
	at := k.target(o.rest[0], to)
	if o.has("f") {
		_ = k.c.Remove(k.abs(at))
	}
	if err := l.Symlink(o.rest[0], k.abs(at)); err != nil {
		return k.fail("%s: %s", at, reason(err))
	}
	return 0
}

func mktemp(k *call) int {
	o, ok := k.parse("dp:tqu")
	if !ok {
		return 1
	}
	b := make([]byte, 3)
	_, _ = rand.Read(b)
	name := o.get("p", "/tmp") + "/tmp." + hex.EncodeToString(b)
	if len(o.rest) > 0 {
		name = strings.TrimRight(o.rest[0], "X") + hex.EncodeToString(b)
	}
	var err error
	if o.has("d") {
		err = k.c.Mkdir(k.abs(name), 0o700)
	} else {
		var f io.Closer
		if f, err = k.create(name, 0); err == nil {
			_ = f.Close()
		}
	}
	if err != nil {
		return k.fail("%s: %s", name, reason(err))
	}
	k.println(name)
	return 0
}
