package files

import (
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"
)

// Info describes a file; it also tells who owns it.
type Info struct {
	name  string
	size  int64
	mode  fs.FileMode
	time  time.Time
	owner int64
}

// Name is the last part of the path.
func (i Info) Name() string { return i.name }

// Size is the size in bytes.
func (i Info) Size() int64 { return i.size }

// Mode is the kind and the permissions.
func (i Info) Mode() fs.FileMode { return i.mode }

// ModTime is when it was last written.
func (i Info) ModTime() time.Time { return i.time }

// IsDir tells whether it is a folder.
func (i Info) IsDir() bool { return i.mode.IsDir() }

// Sys is nothing: there is no system below.
func (i Info) Sys() any { return nil }

// Owner is the user id that the file belongs to.
func (i Info) Owner() int64 { return i.owner }

func (n *node) info(name string) Info {
	i := Info{name: path.Base(name), mode: n.mode, time: n.time, owner: n.owner}
	switch {
	case n.kids != nil:
		i.size = 4096
	case n.target != "":
		i.size = int64(len(n.target))
	case n.read == nil:
		i.size = int64(len(n.data))
	}
	return i
}

// lstat looks at one path whose folders hold no links.
func (t *Tree) lstat(name string) (Info, string, error) {
	if device(name) != nil {
		return Info{name: path.Base(name), mode: fs.ModeDevice | fs.ModeCharDevice | 0o666}, "", nil
	}
	if m, rel := t.mount(name); m != nil {
		var i Info
		var target string
		err := inside(m, rel, func(root *os.Root, n string) error {
			st, err := root.Lstat(n)
			if err != nil {
				return err
			}
			i = Info{name: path.Base(name), size: st.Size(), mode: st.Mode(), time: st.ModTime(), owner: t.ownerIn(m)}
			if st.Mode()&fs.ModeSymlink != 0 {
				target, err = root.Readlink(n)
			}
			return err
		})
		return i, target, err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	n := t.walk(name)
	if n == nil {
		return Info{}, "", syscall.ENOENT
	}
	return n.info(name), n.target, nil
}

// ownerIn is who files of a mount belong to: what can be written was written by the container's user.
func (t *Tree) ownerIn(m *Mount) int64 {
	if m.ReadOnly {
		return 0
	}
	return t.uid
}

// inside runs do in the mount's folder; a mount may be a single file (a subPath, /etc/hosts).
func inside(m *Mount, rel string, do func(root *os.Root, name string) error) error {
	base, err := os.OpenRoot(m.Base)
	if err != nil {
		return err
	}
	defer base.Close()
	dir, err := filepath.Rel(m.Base, m.HostPath)
	if err != nil {
		return err
	}
	name := rel
	if st, err := base.Stat(dir); err == nil && !st.IsDir() {
		if rel != "" {
			return syscall.ENOTDIR
		}
		dir, name = filepath.Dir(dir), filepath.Base(dir)
	}
	root, err := base.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	if name == "" {
		name = "."
	}
	return do(root, name)
}

// Stat describes a file, following links.
func (t *Tree) Stat(name string) (fs.FileInfo, error) { return t.statAt(name, true) }

// Lstat describes a file or the link itself.
func (t *Tree) Lstat(name string) (fs.FileInfo, error) { return t.statAt(name, false) }

func (t *Tree) statAt(name string, follow bool) (fs.FileInfo, error) {
	at, err := t.resolve(name, follow)
	if err != nil {
		return nil, pathError("stat", name, err)
	}
	i, _, err := t.lstat(at)
	if err != nil {
		return nil, pathError("stat", name, err)
	}
	i.name = path.Base(path.Clean("/" + name))
	return i, nil
}

// Readlink tells what a link points to.
func (t *Tree) Readlink(name string) (string, error) {
	at, err := t.resolve(name, false)
	if err != nil {
		return "", pathError("readlink", name, err)
	}
	i, target, err := t.lstat(at)
	if err == nil && i.mode&fs.ModeSymlink == 0 {
		err = syscall.EINVAL
	}
	return target, pathError("readlink", name, err)
}

// RealPath is the path without any link.
func (t *Tree) RealPath(name string) (string, error) {
	at, err := t.resolve(name, true)
	if err == nil {
		_, _, err = t.lstat(at)
	}
	return at, pathError("resolve", name, err)
}

// ReadDir lists a folder, sorted by name.
func (t *Tree) ReadDir(name string) ([]fs.DirEntry, error) {
	at, err := t.resolve(name, true)
	if err != nil {
		return nil, pathError("open", name, err)
	}
	var list []Info
	if m, rel := t.mount(at); m != nil {
		err := inside(m, rel, func(root *os.Root, n string) error {
			entries, err := fs.ReadDir(root.FS(), filepath.ToSlash(n))
			for _, e := range entries {
				if st, err := e.Info(); err == nil {
					list = append(list, Info{name: e.Name(), size: st.Size(), mode: st.Mode(), time: st.ModTime(), owner: t.ownerIn(m)})
				}
			}
			return err
		})
		if err != nil {
			return nil, pathError("open", name, err)
		}
	} else {
		t.mu.Lock()
		n := t.walk(at)
		switch {
		case n == nil:
			err = syscall.ENOENT
		case n.kids == nil:
			err = syscall.ENOTDIR
		default:
			for k, kid := range n.kids {
				list = append(list, kid.info(k))
			}
		}
		t.mu.Unlock()
		if err != nil {
			return nil, pathError("open", name, err)
		}
	}
	for _, m := range t.mounts { // mount points show in the folder above
		p := path.Clean("/" + m.Path)
		if path.Dir(p) != at || slices.ContainsFunc(list, func(i Info) bool { return i.name == path.Base(p) }) {
			continue
		}
		if i, _, err := t.lstat(p); err == nil {
			i.name = path.Base(p)
			list = append(list, i)
		}
	}
	slices.SortFunc(list, func(a, b Info) int { return strings.Compare(a.name, b.name) })
	entries := make([]fs.DirEntry, len(list))
	for n, i := range list {
		entries[n] = fs.FileInfoToDirEntry(i)
	}
	return entries, nil
}
