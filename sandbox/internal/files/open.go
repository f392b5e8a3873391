package files

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"syscall"
	"time"
)

// File is an open file.
type File = io.ReadWriteCloser

func writing(flag int) bool {
	return flag&(os.O_WRONLY|os.O_RDWR|os.O_CREATE|os.O_TRUNC|os.O_APPEND) != 0
}

// may tells whether the user may change what is in a folder, or a file; root may everything.
func (t *Tree) may(n *node) bool {
	return t.uid == 0 || n.owner == t.uid || n.mode&0o002 != 0
}

// Open opens a file with os.OpenFile's flags. The devices null, zero, urandom, stdout and stderr are not files here:
// whoever runs a command answers for its streams, except null, zero and urandom, which are always there.
func (t *Tree) Open(name string, flag int, perm fs.FileMode) (File, error) {
	at, err := t.resolve(name, true)
	if err != nil {
		return nil, pathError("open", name, err)
	}
	if d := device(at); d != nil {
		return d, nil
	}
	if m, rel := t.mount(at); m != nil {
		if writing(flag) && m.ReadOnly {
			return nil, pathError("open", name, syscall.EROFS)
		}
		var file *os.File
		err := inside(m, rel, func(root *os.Root, n string) error {
			st, err := root.Lstat(n)
			if err == nil && !st.Mode().IsRegular() && !(st.IsDir() && !writing(flag)) {
				if st.IsDir() {
					return syscall.EISDIR
				}
				return syscall.EACCES // a device or a pipe could block this process
			}
			file, err = root.OpenFile(n, flag, perm)
			return err
		})
		if err != nil {
			return nil, pathError("open", name, err)
		}
		return &volumeFile{File: file}, nil
	}
	h, err := t.openNode(at, flag, perm)
	if err != nil {
		return nil, pathError("open", name, err)
	}
	return h, nil
}

func (t *Tree) openNode(at string, flag int, perm fs.FileMode) (File, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	n := t.walk(at)
	if n != nil && n.kids != nil {
		if writing(flag) {
			return nil, syscall.EISDIR
		}
		return &memoryFile{tree: t, node: n}, nil
	}
	if writing(flag) {
		if t.readOnly {
			return nil, syscall.EROFS
		}
		if n != nil && (n.read != nil || !t.may(n)) {
			return nil, syscall.EACCES
		}
	}
	if n == nil {
		if flag&os.O_CREATE == 0 {
			return nil, syscall.ENOENT
		}
		var err error
		if n, err = t.add(at, &node{mode: perm.Perm(), owner: t.uid, time: time.Now()}); err != nil {
			return nil, err
		}
	}
	if flag&os.O_TRUNC != 0 {
		t.used -= int64(len(n.data))
		n.data, n.time = nil, time.Now()
	}
	return &memoryFile{tree: t, node: n, append: flag&os.O_APPEND != 0}, nil
}

// add puts a new node into its folder, as the container's user; with t.mu held.
func (t *Tree) add(at string, n *node) (*node, error) {
	dir := t.walk(path.Dir(at))
	switch {
	case dir == nil:
		return nil, syscall.ENOENT
	case dir.kids == nil:
		return nil, syscall.ENOTDIR
	case t.readOnly:
		return nil, syscall.EROFS
	case !t.may(dir):
		return nil, syscall.EACCES
	case t.nodes >= maxNodes:
		return nil, syscall.ENOSPC
	}
	t.nodes++
	dir.kids[path.Base(at)] = n
	dir.time = time.Now()
	return n, nil
}

// memoryFile is an open file of the root.
type memoryFile struct {
	tree   *Tree
	node   *node
	at     int
	append bool
	read   []byte
}

func (h *memoryFile) Read(p []byte) (int, error) {
	if h.node.read != nil && h.read == nil {
		h.read = h.node.read() // It may look at more than the files, so not under the lock.
	}
	h.tree.mu.Lock()
	defer h.tree.mu.Unlock()
	if h.node.kids != nil {
		return 0, syscall.EISDIR
	}
	data := h.node.data
	if h.node.read != nil {
		data = h.read
	}
	if h.at >= len(data) {
		return 0, io.EOF
	}
	n := copy(p, data[h.at:])
	h.at += n
	return n, nil
}

func (h *memoryFile) Write(p []byte) (int, error) {
	h.tree.mu.Lock()
	defer h.tree.mu.Unlock()
	n := h.node
	if h.append {
		h.at = len(n.data)
	}
	grow := max(0, h.at+len(p)-len(n.data))
	if len(n.data)+grow > MaxFile || h.tree.used+int64(grow) > MaxMemory {
		return 0, syscall.ENOSPC
	}
	h.tree.used += int64(grow)
	if end := h.at + len(p); end > len(n.data) {
		n.data = append(n.data, make([]byte, end-len(n.data))...)
	}
	copy(n.data[h.at:], p)
	h.at += len(p)
	n.time = time.Now()
	return len(p), nil
}

func (h *memoryFile) Close() error { return nil }

// volumeFile is an open file of a mount, with a bound to its size.
type volumeFile struct{ *os.File }

func (v *volumeFile) Write(p []byte) (int, error) {
	if st, err := v.Stat(); err == nil && st.Size()+int64(len(p)) > MaxFile {
		return 0, syscall.ENOSPC
	}
	n, err := v.File.Write(p)
	return n, cause0(err)
}

func cause0(err error) error {
	if err == nil {
		return nil
	}
	return cause(err)
}

// ReadFile reads a whole file.
func (t *Tree) ReadFile(name string) ([]byte, error) {
	h, err := t.Open(name, os.O_RDONLY, 0)
	if err != nil {
		return nil, err
	}
	defer h.Close()
	b, err := io.ReadAll(io.LimitReader(h, MaxFile))
	return b, pathError("read", name, err)
}

// WriteFile writes a whole file.
func (t *Tree) WriteFile(name string, data []byte, perm fs.FileMode) error {
	h, err := t.Open(name, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, perm)
	if err != nil {
		return err
	}
	_, err = h.Write(data)
	return errors.Join(err, h.Close())
}
