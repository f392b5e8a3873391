package shell

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
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
