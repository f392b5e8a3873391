package shell

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"strings"
	"time"
)

// target is where a file goes: into a folder, or to a name.
func (k *call) target(from, to string) string {
	if st, err := k.c.Stat(k.abs(to)); err == nil && st.IsDir() {
		return path.Join(to, path.Base(from))
	}
	return to
}

func cp(k *call) int {
	o, ok := k.parse("rRapfvLdnu", "recursive=r", "archive=a")
	if !ok {
		return 1
	}
	if len(o.rest) < 2 {
		return k.fail("missing file operand")
	}
	to, code := o.rest[len(o.rest)-1], 0
	for _, from := range o.rest[:len(o.rest)-1] {
		if c := k.copyTo(from, k.target(from, to), o.has("r", "R", "a"), 0); c != 0 {
			code = c
		}
	}
	return code
}

func (k *call) copyTo(from, to string, deep bool, depth int) int {
	st, err := k.c.Stat(k.abs(from))
	switch {
	case err != nil && k.gnu():
		return k.fail("cannot stat '%s': %s", from, reason(err))
	case err != nil:
		return k.fail("can't stat '%s': %s", from, reason(err))
	case !st.IsDir():
		if err := k.copyFile(from, to); err != nil {
			return k.cannot("create", to, reason(err))
		}
		return 0
	case !deep:
		return k.fail("omitting directory '%s'", from)
	case depth > 32 || strings.HasPrefix(k.abs(to)+"/", k.abs(from)+"/"):
		return k.fail("recursion detected, omitting directory '%s'", from)
	}
	if err := k.mkdirAll(k.abs(to), 0o755); err != nil {
		return k.cannot("create directory", to, reason(err))
	}
	entries, err := k.c.ReadDir(k.abs(from))
	if err != nil {
		return k.cannot("open", from, reason(err))
	}
	code := 0
	for _, e := range entries {
		if c := k.copyTo(path.Join(from, e.Name()), path.Join(to, e.Name()), true, depth+1); c != 0 {
			code = c
		}
	}
	return code
}

func (k *call) copyFile(from, to string) error {
	in, err := k.open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := k.create(to, os.O_TRUNC)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Close())
}

func mv(k *call) int {
	o, ok := k.parse("fivnT")
	if !ok {
		return 1
	}
	if len(o.rest) < 2 {
		return k.fail("missing file operand")
	}
	to, code := o.rest[len(o.rest)-1], 0
	for _, from := range o.rest[:len(o.rest)-1] {
		if _, err := k.lstat(from, true); err != nil {
			if k.gnu() {
				code = k.fail("cannot stat '%s': %s", from, reason(err))
			} else {
				code = k.fail("can't rename '%s': %s", from, reason(err))
			}
			continue
		}
		if err := k.c.Rename(k.abs(from), k.abs(k.target(from, to))); err != nil {
			code = k.cannot("rename", from, reason(err))
		}
	}
	return code
}

func dd(k *call) int {
	from, to, block, count := "", "", int64(512), int64(-1)
	for _, w := range k.args[1:] {
		name, value, _ := strings.Cut(w, "=")
		var err error
		switch name {
		case "if":
			from = value
		case "of":
			to = value
		case "bs":
			block, err = size(value)
		case "count":
			count, err = size(value)
		case "conv", "status", "oflag", "iflag":
		default:
			return k.fail("unrecognized operand '%s'", w)
		}
		if err != nil {
			return k.fail("invalid number '%s'", value)
		}
	}
	in, out := k.stdin(), k.out
	if from != "" {
		f, err := k.open(from)
		if err != nil {
			return k.fail("can't open '%s': %s", from, reason(err))
		}
		defer f.Close()
		in = f
	}
	if to != "" {
		f, err := k.create(to, os.O_TRUNC)
		if err != nil {
			return k.fail("can't open '%s': %s", to, reason(err))
		}
		defer f.Close()
		out = f
	}
	if count >= 0 {
		in = io.LimitReader(in, block*count)
	}
	start := time.Now()
	n, err := io.CopyBuffer(struct{ io.Writer }{out}, struct{ io.Reader }{in}, make([]byte, min(max(block, 1), 1<<20)))
	if err != nil {
		k.fail("error writing '%s': %s", to, reason(err))
	}
	fmt.Fprintf(k.err, "%d+%d records in\n%d+%d records out\n%d bytes (%s) copied, %.6f seconds\n", n/block, min(n%block, 1), n/block, min(n%block, 1), n, human(n)+"B", time.Since(start).Seconds())
	if err != nil {
		return 1
	}
	return 0
}
