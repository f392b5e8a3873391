package files

import (
	"io"
	"io/fs"
	"os"
	"path"
	"syscall"
	"time"
)

// change runs do for a path in a mount that may be written, or locked for one in the root.
func (t *Tree) change(op, name string, follow bool, inMount func(root *os.Root, rel string) error, inRoot func(at string) error) error {
	at, err := t.resolve(name, follow)
	if err != nil {
		return pathError(op, name, err)
	}
	if m, rel := t.mount(at); m != nil {
		if m.ReadOnly {
			return pathError(op, name, syscall.EROFS)
		}
		return pathError(op, name, inside(m, rel, inMount))
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.readOnly {
		return pathError(op, name, syscall.EROFS)
	}
	return pathError(op, name, inRoot(at))
}

// Mkdir makes a folder.
func (t *Tree) Mkdir(name string, perm fs.FileMode) error {
	return t.change("mkdir", name, true,
		func(root *os.Root, rel string) error { return root.Mkdir(rel, perm) },
		func(at string) error {
			if t.walk(at) != nil {
				return syscall.EEXIST
			}
			_, err := t.add(at, &node{mode: fs.ModeDir | perm, owner: t.uid, time: time.Now(), kids: map[string]*node{}})
			return err
		})
}

// MkdirAll makes a folder and those above it.
func (t *Tree) MkdirAll(name string, perm fs.FileMode) error {
	name = path.Clean("/" + name)
	if i, err := t.Stat(name); err == nil {
		if !i.IsDir() {
			return pathError("mkdir", name, syscall.EEXIST)
		}
		return nil
	}
	if err := t.MkdirAll(path.Dir(name), perm); err != nil {
		return err
	}
	return t.Mkdir(name, perm)
}

// Remove takes away a file, a link or an empty folder.
func (t *Tree) Remove(name string) error { return t.remove(name, false) }

// RemoveAll takes away a file or a folder with what is in it.
func (t *Tree) RemoveAll(name string) error { return t.remove(name, true) }

func (t *Tree) remove(name string, all bool) error {
	return t.change("remove", name, false,
		func(root *os.Root, rel string) error {
			if rel == "." {
				return syscall.EBUSY
			}
			if all {
				return root.RemoveAll(rel)
			}
			return root.Remove(rel)
		},
		func(at string) error {
			dir, n := t.walk(path.Dir(at)), t.walk(at)
			switch {
			case n == nil:
				return syscall.ENOENT
			case at == "/" || t.holdsMount(at):
				return syscall.EBUSY
			case len(n.kids) > 0 && !all:
				return syscall.ENOTEMPTY
			case !t.may(dir):
				return syscall.EACCES
			}
			t.forget(n)
			delete(dir.kids, path.Base(at))
			return nil
		})
}

func (t *Tree) holdsMount(at string) bool {
	for _, m := range t.mounts {
		for p := path.Clean("/" + m.Path); p != "/"; p = path.Dir(p) {
			if p == at {
				return true
			}
		}
	}
	return false
}

func (t *Tree) forget(n *node) {
	t.nodes--
	t.used = max(0, t.used-int64(len(n.data)))
	for _, kid := range n.kids {
		t.forget(kid)
	}
}

// Symlink makes a link at name that points to target.
func (t *Tree) Symlink(target, name string) error {
	return t.change("symlink", name, false,
		func(root *os.Root, rel string) error { return root.Symlink(target, rel) },
		func(at string) error {
			if t.walk(at) != nil {
				return syscall.EEXIST
			}
			_, err := t.add(at, &node{mode: fs.ModeSymlink | 0o777, owner: t.uid, time: time.Now(), target: target})
			return err
		})
}

// Chmod changes the permissions.
func (t *Tree) Chmod(name string, perm fs.FileMode) error {
	return t.change("chmod", name, true,
		func(root *os.Root, rel string) error { return root.Chmod(rel, perm) },
		func(at string) error {
			n := t.walk(at)
			switch {
			case n == nil:
				return syscall.ENOENT
			case t.uid != 0 && n.owner != t.uid:
				return syscall.EPERM
			}
			n.mode = n.mode&^0o7777 | perm
			return nil
		})
}

// Touch sets a file's time to now.
func (t *Tree) Touch(name string) error {
	now := time.Now()
	return t.change("touch", name, true,
		func(root *os.Root, rel string) error { return root.Chtimes(rel, now, now) },
		func(at string) error {
			n := t.walk(at)
			if n == nil {
				return syscall.ENOENT
			}
			if !t.may(n) {
				return syscall.EACCES
			}
			n.time = now
			return nil
		})
}

// Rename moves a file within one mount or the root; a folder moves within the root only.
func (t *Tree) Rename(from, to string) error {
	a, err := t.resolve(from, false)
	if err != nil {
		return pathError("rename", from, err)
	}
	b, err := t.resolve(to, false)
	if err != nil {
		return pathError("rename", to, err)
	}
	ma, ra := t.mount(a)
	mb, rb := t.mount(b)
	switch {
	case ma != nil && ma == mb:
		if ma.ReadOnly {
			return pathError("rename", to, syscall.EROFS)
		}
		return pathError("rename", from, inside(ma, ra, func(root *os.Root, n string) error { return root.Rename(n, rb) }))
	case ma != nil || mb != nil:
		return t.moveAcross(from, to)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	n, dir := t.walk(a), t.walk(path.Dir(a))
	switch {
	case n == nil:
		return pathError("rename", from, syscall.ENOENT)
	case t.holdsMount(a):
		return pathError("rename", from, syscall.EBUSY)
	case !t.may(dir):
		return pathError("rename", from, syscall.EACCES)
	case a == b:
		return nil
	case len(b) > len(a) && b[:len(a)+1] == a+"/":
		return pathError("rename", from, syscall.EINVAL)
	}
	if old := t.walk(b); old != nil {
		if len(old.kids) > 0 {
			return pathError("rename", to, syscall.ENOTEMPTY)
		}
		t.forget(old)
	}
	if _, err := t.add(b, n); err != nil {
		return pathError("rename", to, err)
	}
	t.nodes--
	delete(dir.kids, path.Base(a))
	return nil
}

// moveAcross moves one file between the root and a volume, as mv does between disks.
func (t *Tree) moveAcross(from, to string) error {
	i, err := t.Stat(from)
	if err != nil {
		return err
	}
	if i.IsDir() {
		return pathError("rename", from, syscall.EXDEV)
	}
	if err := t.Copy(from, to); err != nil {
		return err
	}
	return t.Remove(from)
}

// Copy copies one file's content.
func (t *Tree) Copy(from, to string) error {
	i, err := t.Stat(from)
	if err != nil {
		return err
	}
	in, err := t.Open(from, os.O_RDONLY, 0)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := t.Open(to, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, i.Mode().Perm())
	if err != nil {
		return err
	}
	defer out.Close()
	_, err = io.Copy(out, in)
	return pathError("write", to, err)
}
