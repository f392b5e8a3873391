package shell

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"
)

func ls(k *call) int {
	o, ok := k.parse("1laAhdRtrnispFoGSLk", "all=a", "color=G", "human-readable=h", "full-time=l")
	if !ok {
		return 1
	}
	names := o.rest
	if len(names) == 0 {
		names = []string{"."}
	}
	code := 0
	var single []fs.FileInfo
	var folders []string
	for _, n := range names {
		st, err := k.lstat(n, o.has("l") && !strings.HasSuffix(n, "/"))
		if err != nil {
			if k.gnu() {
				k.fail("cannot access '%s': %s", n, reason(err))
				code = 2
			} else {
				code = k.fail("%s: %s", n, reason(err))
			}
			continue
		}
		if st.IsDir() && !o.has("d") {
			folders = append(folders, n)
		} else {
			single = append(single, named{st, n})
		}
	}
	k.list("", single, o)
	for i, n := range folders {
		if i > 0 || len(single) > 0 {
			k.println()
		}
		if !k.listFolder(n, o, len(names) > 1 || o.has("R"), 0) {
			code = 1
		}
	}
	return code
}

type named struct {
	fs.FileInfo
	name string
}

func (n named) Name() string { return n.name }

// lstat describes the link itself when link is set and the file system has links.
func (k *call) lstat(name string, link bool) (fs.FileInfo, error) {
	if l, ok := k.c.(Links); ok && link {
		return l.Lstat(k.abs(name))
	}
	return k.c.Stat(k.abs(name))
}

func (k *call) listFolder(name string, o *options, title bool, depth int) bool {
	entries, err := k.c.ReadDir(k.abs(name))
	if err != nil {
		if k.gnu() {
			k.fail("cannot open directory '%s': %s", name, reason(err))
		} else {
			k.fail("can't open '%s': %s", name, reason(err))
		}
		return false
	}
	if title {
		k.printf("%s:\n", name)
	}
	var list []fs.FileInfo
	if o.has("a") {
		for _, n := range []string{".", ".."} {
			if st, err := k.c.Stat(path.Join(k.abs(name), n)); err == nil {
				list = append(list, named{st, n})
			}
		}
	}
	var below []string
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), ".") && !o.has("a", "A") {
			continue
		}
		if st, err := e.Info(); err == nil {
			list = append(list, st)
			if e.IsDir() {
				below = append(below, path.Join(name, e.Name()))
			}
		}
	}
	if o.has("t") {
		slices.SortStableFunc(list, func(a, b fs.FileInfo) int { return b.ModTime().Compare(a.ModTime()) })
	}
	if o.has("S") {
		slices.SortStableFunc(list, func(a, b fs.FileInfo) int { return int(b.Size() - a.Size()) })
	}
	if o.has("r") {
		slices.Reverse(list)
	}
	if o.has("l") {
		k.printf("total %d\n", 4*len(list))
	}
	k.list(name, list, o)
	if o.has("R") && depth < 16 {
		for _, b := range below {
			k.println()
			k.listFolder(b, o, true, depth+1)
		}
	}
	return true
}

func (k *call) list(dir string, list []fs.FileInfo, o *options) {
	if o.has("l", "n", "o") {
		for _, st := range list {
			k.println(k.long(dir, st, o))
		}
		return
	}
	if k.session.terminal != nil && !o.has("1") && len(list) > 0 {
		k.columns(list)
		return
	}
	for _, st := range list {
		k.println(st.Name())
	}
}

// columns shows names as ls does in a terminal.
func (k *call) columns(list []fs.FileInfo) {
	widest := 0
	for _, st := range list {
		widest = max(widest, len(st.Name()))
	}
	per := max(1, 80/(widest+2))
	rows := (len(list) + per - 1) / per
	for r := range rows {
		line := ""
		for i := r; i < len(list); i += rows {
			line += fmt.Sprintf("%-*s", widest+2, list[i].Name())
		}
		k.println(strings.TrimRight(line, " "))
	}
}

func (k *call) long(dir string, st fs.FileInfo, o *options) string {
	mode := modeString(st.Mode())
	links := 1
	if st.IsDir() {
		links = 2
	}
	owner := userName(k.c, ownerOf(st))
	if owner == "" || o.has("n") {
		owner = strconv.FormatInt(ownerOf(st), 10)
	}
	bytes := strconv.FormatInt(st.Size(), 10)
	if o.has("h") {
		bytes = human(st.Size())
	}
	name := st.Name()
	if l, ok := k.c.(Links); ok && st.Mode()&fs.ModeSymlink != 0 {
		full := name
		if !path.IsAbs(name) {
			full = path.Join(k.abs(dir), name)
		}
		if to, err := l.Readlink(full); err == nil {
			name += " -> " + to
		}
	}
	when := st.ModTime().UTC().Format("Jan _2 15:04")
	if k.gnu() {
		return fmt.Sprintf("%s %d %s %s %s %s %s", mode, links, owner, owner, bytes, when, name)
	}
	return fmt.Sprintf("%s %4d %-8s %-8s %9s %s %s", mode, links, owner, owner, bytes, when, name)
}

// modeString is -rw-r--r--.
func modeString(m fs.FileMode) string {
	s := []byte("----------")
	switch {
	case m.IsDir():
		s[0] = 'd'
	case m&fs.ModeSymlink != 0:
		s[0] = 'l'
	case m&fs.ModeCharDevice != 0:
		s[0] = 'c'
	}
	for i := range 9 {
		if m&(1<<(8-i)) != 0 {
			s[i+1] = "rwxrwxrwx"[i]
		}
	}
	if m&fs.ModeSticky != 0 {
		s[9] = 't'
	}
	return string(s)
}

func human(n int64) string {
	f := float64(n)
	for _, u := range []string{"", "K", "M", "G", "T"} {
		if f < 1024 {
			if u == "" || f >= 10 {
				return fmt.Sprintf("%.0f%s", f, u)
			}
			return fmt.Sprintf("%.1f%s", f, u)
		}
		f /= 1024
	}
	return strconv.FormatInt(n, 10)
}

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

func stat(k *call) int {
	o, ok := k.parse("c:Lft", "format=c:", "printf=c:")
	if !ok {
		return 1
	}
	code := 0
	for _, n := range o.rest {
		st, err := k.lstat(n, !o.has("L"))
		if err != nil {
			code = k.fail("can't stat '%s': %s", n, reason(err))
			continue
		}
		kind := "regular file"
		switch {
		case st.IsDir():
			kind = "directory"
		case st.Mode()&fs.ModeSymlink != 0:
			kind = "symbolic link"
		case st.Size() == 0:
			kind = "regular empty file"
		}
		uid := strconv.FormatInt(ownerOf(st), 10)
		if f := o.get("c", ""); f != "" {
			k.println(strings.NewReplacer("%n", n, "%s", strconv.FormatInt(st.Size(), 10), "%a", strconv.FormatUint(uint64(st.Mode().Perm()), 8),
				"%A", modeString(st.Mode()), "%u", uid, "%g", uid, "%U", userName(k.c, ownerOf(st)), "%G", userName(k.c, ownerOf(st)), "%F", kind,
				"%Y", strconv.FormatInt(st.ModTime().Unix(), 10), "%y", st.ModTime().UTC().Format("2006-01-02 15:04:05.000000000 +0000")).Replace(f))
			continue
		}
		k.printf("  File: %s\n  Size: %-10d\tBlocks: %-10d IO Block: 4096   %s\n", n, st.Size(), (st.Size()+511)/512, kind)
		k.printf("Access: (%04o/%s)  Uid: (%5s/%8s)   Gid: (%5s/%8s)\n", st.Mode().Perm(), modeString(st.Mode()), uid, userName(k.c, ownerOf(st)), uid, userName(k.c, ownerOf(st)))
		k.printf("Modify: %s\n", st.ModTime().UTC().Format("2006-01-02 15:04:05.000000000 +0000"))
	}
	return code
}

func find(k *call) int {
	var names []string
	words := k.args[1:]
	for len(words) > 0 && !strings.HasPrefix(words[0], "-") {
		names, words = append(names, words[0]), words[1:]
	}
	if len(names) == 0 {
		names = []string{"."}
	}
	pattern, kind, deepest := "", "", 32
	for i := 0; i < len(words); i++ {
		value := ""
		if i+1 < len(words) {
			value = words[i+1]
		}
		switch words[i] {
		case "-name", "-iname":
			pattern = value
			i++
		case "-type":
			kind = value
			i++
		case "-maxdepth":
			deepest, _ = strconv.Atoi(value)
			i++
		case "-print":
		default:
			return k.fail("unrecognized: %s", words[i])
		}
	}
	code, seen := 0, 0
	var walk func(name string, depth int)
	walk = func(name string, depth int) {
		st, err := k.lstat(name, true)
		if err != nil {
			code = k.fail("%s: %s", name, reason(err))
			return
		}
		match := pattern == ""
		if !match {
			match, _ = path.Match(pattern, path.Base(name))
		}
		switch kind {
		case "f":
			match = match && st.Mode().IsRegular()
		case "d":
			match = match && st.IsDir()
		case "l":
			match = match && st.Mode()&fs.ModeSymlink != 0
		}
		if match {
			k.println(name)
		}
		if seen++; !st.IsDir() || depth >= deepest || seen > 20_000 || k.ctx.Err() != nil {
			return
		}
		entries, err := k.c.ReadDir(k.abs(name))
		if err != nil {
			code = k.fail("%s: %s", name, reason(err))
			return
		}
		for _, e := range entries {
			walk(strings.TrimSuffix(name, "/")+"/"+e.Name(), depth+1)
		}
	}
	for _, n := range names {
		walk(n, 0)
	}
	return code
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

func df(k *call) int {
	o, ok := k.parse("hkTPmai")
	if !ok {
		return 1
	}
	const total, used = 100 << 20, 21 << 20 // In KiB: the node's disk.
	show := func(kib int64) string {
		if o.has("h") {
			return human(kib << 10)
		}
		return strconv.FormatInt(kib, 10)
	}
	unit := "1K-blocks"
	if o.has("h") {
		unit = "Size"
	}
	k.printf("%-20s %10s %10s %10s %4s %s\n", "Filesystem", unit, "Used", "Available", "Use%", "Mounted on")
	k.printf("%-20s %10s %10s %10s %3d%% %s\n", "overlay", show(total), show(used), show(total-used), used*100/total, "/")
	k.printf("%-20s %10s %10s %10s %3d%% %s\n", "tmpfs", show(65536), show(0), show(65536), 0, "/dev")
	return 0
}

func du(k *call) int {
	o, ok := k.parse("shkad:c", "max-depth=d:")
	if !ok {
		return 1
	}
	names := o.rest
	if len(names) == 0 {
		names = []string{"."}
	}
	show := func(b int64) string {
		if o.has("h") {
			return human(b)
		}
		return strconv.FormatInt((b+1023)/1024, 10)
	}
	code := 0
	var walk func(name string, depth int) int64
	walk = func(name string, depth int) int64 {
		st, err := k.lstat(name, true)
		if err != nil {
			code = k.fail("%s: %s", name, reason(err))
			return 0
		}
		sum := (st.Size() + 4095) / 4096 * 4096
		if st.IsDir() && depth < 32 {
			entries, _ := k.c.ReadDir(k.abs(name))
			for _, e := range entries {
				sum += walk(strings.TrimSuffix(name, "/")+"/"+e.Name(), depth+1)
			}
		}
		if depth == 0 || !o.has("s") && st.IsDir() {
			k.printf("%s\t%s\n", show(sum), name)
		}
		return sum
	}
	for _, n := range names {
		walk(n, 0)
	}
	return code
}

func mount(k *call) int {
	k.println("overlay on / type overlay (rw,relatime)")
	k.println("proc on /proc type proc (rw,nosuid,nodev,noexec,relatime)")
	k.println("tmpfs on /dev type tmpfs (rw,nosuid,size=65536k,mode=755)")
	return 0
}
