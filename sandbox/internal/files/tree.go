package files

import (
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"
)

// maxFile bounds what one file in memory may hold.
const maxFile = 1 << 20

var systemFolders = []string{"/", "/bin", "/dev", "/etc", "/home", "/lib", "/mnt", "/opt", "/proc", "/root", "/run", "/sbin", "/srv", "/sys", "/tmp", "/usr", "/usr/bin", "/usr/lib", "/usr/local", "/usr/local/bin", "/usr/sbin", "/usr/share", "/var", "/var/cache", "/var/lib", "/var/log", "/var/run", "/var/tmp"}

// Tree is a container's file system.
type Tree struct {
	mounts   []Mount // The deepest path first.
	readOnly bool

	mu    sync.Mutex
	nodes map[string]*node // What lies outside the volumes, by clean absolute path.
}

type node struct {
	data []byte
	mode fs.FileMode
	time time.Time
}

// New makes the file system of a container; content holds the image's own files by absolute path.
func New(mounts []Mount, content map[string]string, readOnly bool) *Tree {
	t := &Tree{mounts: slices.Clone(mounts), readOnly: readOnly, nodes: map[string]*node{}}
	for i := range t.mounts {
		t.mounts[i].Path = clean(t.mounts[i].Path)
	}
	slices.SortStableFunc(t.mounts, func(a, b Mount) int { return len(b.Path) - len(a.Path) })
	now := time.Now()
	for _, d := range systemFolders {
		t.folders(d, now)
	}
	for _, m := range t.mounts {
		t.folders(path.Dir(m.Path), now)
	}
	for name, text := range content {
		name = clean(name)
		t.folders(path.Dir(name), now)
		t.nodes[name] = &node{data: []byte(text), mode: 0o644, time: now}
	}
	t.nodes["/tmp"].mode = fs.ModeDir | fs.ModeSticky | 0o777
	return t
}

func clean(name string) string { return path.Clean("/" + name) }

// folders makes a folder and those above it.
func (t *Tree) folders(name string, now time.Time) {
	for {
		if t.nodes[name] == nil {
			t.nodes[name] = &node{mode: fs.ModeDir | 0o755, time: now}
		}
		if name == "/" {
			return
		}
		name = path.Dir(name)
	}
}

func fail(op, name string, err error) error { return &fs.PathError{Op: op, Path: name, Err: err} }

// Open opens a file; flag is as for os.OpenFile.
func (t *Tree) Open(name string, flag int, perm fs.FileMode) (f io.ReadWriteCloser, err error) {
	name = clean(name)
	writes := flag&(os.O_WRONLY|os.O_RDWR|os.O_CREATE|os.O_TRUNC) != 0
	if name == "/dev/null" {
		return null{}, nil
	}
	if m, rel := t.find(name); m != nil {
		if writes && m.ReadOnly {
			return nil, fail("open", name, syscall.EROFS)
		}
		err = m.inside(rel, func(root *os.Root, n string) error { f, err = root.OpenFile(n, flag, perm.Perm()); return err })
		if err != nil {
			return nil, err
		}
		return f, nil
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	n := t.nodes[name]
	switch {
	case n != nil && n.mode.IsDir() && writes:
		return nil, fail("open", name, syscall.EISDIR)
	case writes && t.readOnly:
		return nil, fail("open", name, syscall.EROFS)
	case n == nil && flag&os.O_CREATE == 0:
		return nil, fail("open", name, syscall.ENOENT)
	case n == nil:
		if err := t.parent("open", name); err != nil {
			return nil, err
		}
		n = &node{mode: perm.Perm()}
		t.nodes[name] = n
	}
	if flag&os.O_TRUNC != 0 {
		n.data = nil
	}
	if writes {
		n.time = time.Now()
	}
	return &handle{tree: t, node: n, append: flag&os.O_APPEND != 0}, nil
}

// parent says why nothing can be made at name, if so; with t.mu held.
func (t *Tree) parent(op, name string) error {
	switch up := t.nodes[path.Dir(name)]; {
	case up == nil:
		return fail(op, name, syscall.ENOENT)
	case !up.mode.IsDir():
		return fail(op, name, syscall.ENOTDIR)
	}
	return nil
}

// ReadFile reads a whole file.
func (t *Tree) ReadFile(name string) ([]byte, error) {
	f, err := t.Open(name, os.O_RDONLY, 0)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	return io.ReadAll(io.LimitReader(f, maxFile))
}

// Stat tells what lies at a path.
func (t *Tree) Stat(name string) (st fs.FileInfo, err error) {
	name = clean(name)
	if m, rel := t.find(name); m != nil {
		err = m.inside(rel, func(root *os.Root, n string) error { st, err = root.Stat(n); return err })
		return st, err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if name == "/dev/null" {
		return info{name: "null", mode: fs.ModeDevice | fs.ModeCharDevice | 0o666}, nil
	}
	n := t.nodes[name]
	if n == nil {
		return nil, fail("stat", name, syscall.ENOENT)
	}
	return n.info(path.Base(name)), nil
}

// ReadDir lists a folder by name.
func (t *Tree) ReadDir(name string) (list []fs.DirEntry, err error) {
	name = clean(name)
	if m, rel := t.find(name); m != nil {
		err = m.inside(rel, func(root *os.Root, n string) error { list, err = fs.ReadDir(root.FS(), n); return err })
		return list, err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	n := t.nodes[name]
	switch {
	case n == nil:
		return nil, fail("open", name, syscall.ENOENT)
	case !n.mode.IsDir():
		return nil, fail("readdirent", name, syscall.ENOTDIR)
	}
	for full, n := range t.nodes {
		if full != "/" && path.Dir(full) == name {
			list = append(list, fs.FileInfoToDirEntry(n.info(path.Base(full))))
		}
	}
	for _, m := range t.mounts {
		if m.Path == "/" || path.Dir(m.Path) != name {
			continue
		}
		mode := fs.ModeDir | fs.FileMode(0o755)
		if st, err := os.Stat(m.HostPath); err == nil {
			mode = st.Mode()
		}
		list = append(list, fs.FileInfoToDirEntry(info{name: path.Base(m.Path), mode: mode}))
	}
	slices.SortFunc(list, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	return slices.CompactFunc(list, func(a, b fs.DirEntry) bool { return a.Name() == b.Name() }), nil
}
