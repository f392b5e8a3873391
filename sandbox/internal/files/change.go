package files

import (
	"io/fs"
	"os"
	"path"
	"strings"
	"syscall"
	"time"
)

// Mkdir makes one folder.
func (t *Tree) Mkdir(name string, perm fs.FileMode) error {
	name = clean(name)
	if m, rel := t.find(name); m != nil {
		if m.ReadOnly {
			return fail("mkdir", name, syscall.EROFS)
		}
		return m.inside(rel, func(root *os.Root, n string) error { return root.Mkdir(n, perm.Perm()) })
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.nodes[name] != nil {
		return fail("mkdir", name, syscall.EEXIST)
	}
	if t.readOnly {
		return fail("mkdir", name, syscall.EROFS)
	}
	if err := t.parent("mkdir", name); err != nil {
		return err
	}
	t.nodes[name] = &node{mode: fs.ModeDir | perm.Perm(), time: time.Now()}
	return nil
}

// Remove removes a file or an empty folder.
func (t *Tree) Remove(name string) error {
	name = clean(name)
	if m, rel := t.find(name); m != nil {
		if err := m.removable(name, rel); err != nil {
			return err
		}
		return m.inside(rel, func(root *os.Root, n string) error { return root.Remove(n) })
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	n := t.nodes[name]
	switch {
	case n == nil:
		return fail("remove", name, syscall.ENOENT)
	case t.readOnly:
		return fail("remove", name, syscall.EROFS)
	case n.mode.IsDir() && t.occupied(name):
		return fail("remove", name, syscall.ENOTEMPTY)
	}
	delete(t.nodes, name)
	return nil
}

// RemoveAll removes what lies at a path and below it; nothing there is no error.
func (t *Tree) RemoveAll(name string) error {
	name = clean(name)
	if m, rel := t.find(name); m != nil {
		if err := m.removable(name, rel); err != nil {
			return err
		}
		return m.inside(rel, func(root *os.Root, n string) error { return root.RemoveAll(n) })
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.nodes[name] == nil {
		return nil
	}
	if t.readOnly {
		return fail("remove", name, syscall.EROFS)
	}
	if t.mounted(name) {
		return fail("remove", name, syscall.EBUSY)
	}
	for full := range t.nodes {
		if full == name || strings.HasPrefix(full, strings.TrimSuffix(name, "/")+"/") {
			delete(t.nodes, full)
		}
	}
	return nil
}

// Rename moves a file, or a folder with what is in it; from one volume to another only files move.
func (t *Tree) Rename(from, to string) error {
	from, to = clean(from), clean(to)
	a, relA := t.find(from)
	b, relB := t.find(to)
	if a == nil && b == nil {
		return t.renameInMemory(from, to)
	}
	if a != nil && a == b {
		if a.ReadOnly {
			return fail("rename", from, syscall.EROFS)
		}
		return a.inside("", func(root *os.Root, _ string) error { return root.Rename(relA, relB) })
	}
	data, err := t.ReadFile(from)
	if err != nil {
		return err
	}
	f, err := t.Open(to, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	if _, err := f.Write(data); err != nil {
		_ = f.Close()
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	return t.Remove(from)
}

func (t *Tree) renameInMemory(from, to string) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	switch {
	case t.nodes[from] == nil:
		return fail("rename", from, syscall.ENOENT)
	case t.readOnly:
		return fail("rename", from, syscall.EROFS)
	case t.mounted(from):
		return fail("rename", from, syscall.EBUSY)
	case t.nodes[to] != nil && t.nodes[to].mode.IsDir():
		return fail("rename", to, syscall.EEXIST)
	}
	if err := t.parent("rename", to); err != nil {
		return err
	}
	for full, n := range t.nodes {
		if rest, ok := strings.CutPrefix(full, from); ok && (rest == "" || rest[0] == '/') {
			delete(t.nodes, full)
			t.nodes[to+rest] = n
		}
	}
	return nil
}

func (m *Mount) removable(name, rel string) error {
	switch {
	case m.ReadOnly:
		return fail("remove", name, syscall.EROFS)
	case rel == "":
		return fail("remove", name, syscall.EBUSY)
	}
	return nil
}

// mounted tells whether a volume lies at or below a folder in memory.
func (t *Tree) mounted(name string) bool {
	for _, m := range t.mounts {
		if m.Path == name || strings.HasPrefix(m.Path, strings.TrimSuffix(name, "/")+"/") {
			return true
		}
	}
	return false
}

// occupied tells whether a folder in memory has something in it; with t.mu held.
func (t *Tree) occupied(name string) bool {
	for full := range t.nodes {
		if full != "/" && path.Dir(full) == name {
			return true
		}
	}
	return t.mounted(name)
}
