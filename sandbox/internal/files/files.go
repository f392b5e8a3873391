// Package files is what a simulated container sees as its file system: a small root in memory, and the volumes that
// the kubelet mounted out of its own folder.
//
// It knows nothing of containers, images or shells. Nothing of this machine can be reached through it but the folders
// that it was given as mounts, and those only through os.Root: every symbolic link is resolved in the container's own
// name space, never by the machine.
package files

import (
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"
)

// Limits that keep a script from filling this machine's memory or disk.
const (
	// MaxFile is the largest size of one file.
	MaxFile = 32 << 20
	// MaxMemory is the most that one container may keep in its root in memory.
	MaxMemory = 16 << 20
	maxNodes  = 20_000
	maxLinks  = 40
)

// Mount is a folder, or a file, of this machine that the container sees at Path.
type Mount struct {
	Path     string
	HostPath string
	// Base is a folder above HostPath, or the same: no link on the way from it to HostPath is followed out of it. HostPath when empty.
	Base     string
	ReadOnly bool
}

// Tree is the file system of one container. It is safe for concurrent use.
type Tree struct {
	mu       sync.Mutex
	root     *node
	mounts   []Mount
	readOnly bool
	uid      int64
	used     int64
	nodes    int
}

// node is a file, a folder or a link in memory.
type node struct {
	mode   fs.FileMode
	owner  int64
	time   time.Time
	data   []byte
	target string
	read   func() []byte
	kids   map[string]*node
}

// New makes a file system with the usual empty folders of a container and the image's own files. With readOnly, only
// mounts can be written.
func New(mounts []Mount, content map[string]string, readOnly bool) *Tree {
	t := &Tree{mounts: slices.Clone(mounts), readOnly: readOnly}
	t.root = t.folder(0o755)
	for _, d := range SystemFolders {
		t.Folder(d, 0o755)
	}
	for name, text := range content {
		t.File(name, 0o644, []byte(text))
	}
	t.Folder("/tmp", 0o777|fs.ModeSticky)
	t.Folder("/var/tmp", 0o777|fs.ModeSticky)
	t.Folder("/root", 0o700)
	t.Link("/var/run", "/run")
	for i, m := range t.mounts {
		if m.Base == "" {
			t.mounts[i].Base = m.HostPath
			if st, err := os.Stat(m.HostPath); err == nil && !st.IsDir() {
				t.mounts[i].Base = filepath.Dir(m.HostPath)
			}
		}
		t.Folder(path.Dir(path.Clean("/"+m.Path)), 0o755)
	}
	return t
}

// SystemFolders are those that every image has.
var SystemFolders = []string{"/bin", "/dev", "/etc", "/home", "/lib", "/media", "/mnt", "/opt", "/proc", "/root", "/run", "/sbin", "/srv", "/sys", "/tmp", "/usr/bin", "/usr/lib", "/usr/local/bin", "/usr/sbin", "/usr/share", "/var/cache", "/var/lib", "/var/log", "/var/tmp"}

// As sets the user whose rights hold in the root from now on.
func (t *Tree) As(uid int64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.uid = uid
}

func (t *Tree) folder(perm fs.FileMode) *node {
	t.nodes++
	return &node{mode: fs.ModeDir | perm, time: time.Now(), kids: map[string]*node{}}
}

// place makes the folders above name and puts n there; for what an image brings along.
func (t *Tree) place(name string, n *node) {
	t.mu.Lock()
	defer t.mu.Unlock()
	name = path.Clean("/" + name)
	at := t.root
	parts := strings.Split(strings.Trim(name, "/"), "/")
	for _, p := range parts[:len(parts)-1] {
		next := at.kids[p]
		if next == nil || next.kids == nil {
			next = t.folder(0o755)
			at.kids[p] = next
		}
		at = next
	}
	last := parts[len(parts)-1]
	if last == "" {
		return
	}
	if old := at.kids[last]; old != nil && old.kids != nil && n.kids != nil {
		old.mode, old.owner = n.mode, n.owner
		return
	}
	t.nodes++
	at.kids[last] = n
}

// Folder puts a folder of the image into the root.
func (t *Tree) Folder(name string, perm fs.FileMode) {
	t.place(name, &node{mode: fs.ModeDir | perm, time: time.Now(), kids: map[string]*node{}})
}

// Own gives a folder or file of the root to a user.
func (t *Tree) Own(name string, uid int64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if n := t.walk(path.Clean("/" + name)); n != nil {
		n.owner = uid
	}
}

// File puts a file of the image into the root.
func (t *Tree) File(name string, perm fs.FileMode, data []byte) {
	t.place(name, &node{mode: perm, time: time.Now(), data: data})
}

// Computed puts a file into the root whose content is made when it is read.
func (t *Tree) Computed(name string, read func() []byte) {
	t.place(name, &node{mode: 0o444, time: time.Now(), read: read})
}

// Link puts a symbolic link of the image into the root.
func (t *Tree) Link(name, target string) {
	t.place(name, &node{mode: fs.ModeSymlink | 0o777, time: time.Now(), target: target})
}

// walk finds a node of the root by a path without links; with t.mu held.
func (t *Tree) walk(name string) *node {
	at := t.root
	for p := range strings.SplitSeq(strings.Trim(name, "/"), "/") {
		if p == "" {
			continue
		}
		if at = at.kids[p]; at == nil {
			return nil
		}
	}
	return at
}

func (t *Tree) mount(name string) (m *Mount, rel string) {
	for i := range t.mounts {
		v := &t.mounts[i]
		at := path.Clean("/" + v.Path)
		if (name == at || strings.HasPrefix(name, strings.TrimSuffix(at, "/")+"/")) && (m == nil || len(at) > len(path.Clean("/"+m.Path))) {
			m = v
		}
	}
	if m == nil {
		return nil, ""
	}
	rel = strings.TrimPrefix(strings.TrimPrefix(name, path.Clean("/"+m.Path)), "/")
	return m, rel
}

// resolve follows the links on the way to name, and the last one too when follow is set. The last part need not exist.
func (t *Tree) resolve(name string, follow bool) (string, error) {
	rest := strings.Split(strings.Trim(path.Clean("/"+name), "/"), "/")
	at, links := "/", 0
	for len(rest) > 0 {
		part := rest[0]
		rest = rest[1:]
		if part == "" {
			continue
		}
		if part == ".." {
			at = path.Dir(at)
			continue
		}
		next := path.Join(at, part)
		st, target, err := t.lstat(next)
		if err != nil {
			if len(rest) == 0 {
				return next, nil
			}
			return "", err
		}
		if st.Mode()&fs.ModeSymlink != 0 && (len(rest) > 0 || follow) {
			if links++; links > maxLinks {
				return "", syscall.ELOOP
			}
			if path.IsAbs(target) {
				at = "/"
			}
			rest = append(strings.Split(strings.Trim(target, "/"), "/"), rest...)
			continue
		}
		if len(rest) > 0 && !st.IsDir() {
			return "", syscall.ENOTDIR
		}
		at = next
	}
	return at, nil
}

func pathError(op, name string, err error) error {
	if err == nil {
		return nil
	}
	return &fs.PathError{Op: op, Path: name, Err: cause(err)}
}

// cause takes the machine's own path out of an error.
func cause(err error) error {
	switch e := err.(type) {
	case *fs.PathError:
		return cause(e.Err)
	case interface{ Unwrap() error }:
		if inner := e.Unwrap(); inner != nil {
			return cause(inner)
		}
	}
	return err
}

// MakeAll makes the folder name below base, and no other; an existing file stays.
func MakeAll(base, name string) error {
	if err := os.MkdirAll(base, 0o755); err != nil {
		return err
	}
	root, err := os.OpenRoot(base)
	if err != nil {
		return err
	}
	defer func() { _ = root.Close() }()
	rel := strings.TrimPrefix(path.Clean("/"+name), "/")
	if rel == "" {
		return nil
	}
	if _, err := root.Stat(rel); err == nil {
		return nil
	}
	return root.MkdirAll(rel, 0o755)
}
