//go:build linux

package real

import (
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

// files is the kernel's file system.
type files struct{}

// info tells the owner, too.
type info struct{ fs.FileInfo }

// Owner is the number of the user that a file belongs to.
func (i info) Owner() int64 {
	if st, ok := i.Sys().(*syscall.Stat_t); ok {
		return int64(st.Uid)
	}
	return 0
}

func owned(st fs.FileInfo, err error) (fs.FileInfo, error) {
	if err != nil {
		return nil, err
	}
	return info{st}, nil
}

// Open opens a file.
func (files) Open(name string, flag int, perm fs.FileMode) (io.ReadWriteCloser, error) {
	return os.OpenFile(name, flag, perm)
}

// ReadFile reads a file as a whole.
func (files) ReadFile(name string) ([]byte, error) { return os.ReadFile(name) }

// Stat follows links.
func (files) Stat(name string) (fs.FileInfo, error) { return owned(os.Stat(name)) }

// Lstat does not.
func (files) Lstat(name string) (fs.FileInfo, error) { return owned(os.Lstat(name)) }

// ReadDir lists a folder.
func (files) ReadDir(name string) ([]fs.DirEntry, error) { return os.ReadDir(name) }

// Mkdir makes a folder.
func (files) Mkdir(name string, perm fs.FileMode) error { return os.Mkdir(name, perm) }

// Remove removes a file or an empty folder.
func (files) Remove(name string) error { return os.Remove(name) }

// RemoveAll removes a folder with all that is in it.
func (files) RemoveAll(name string) error { return os.RemoveAll(name) }

// Rename gives another name.
func (files) Rename(from, to string) error { return os.Rename(from, to) }

// Readlink is where a link leads.
func (files) Readlink(name string) (string, error) { return os.Readlink(name) }

// Symlink makes a link.
func (files) Symlink(target, name string) error { return os.Symlink(target, name) }

// RealPath is a path without links.
func (files) RealPath(name string) (string, error) { return filepath.EvalSymlinks(name) }

// Chmod sets permissions.
func (files) Chmod(name string, perm fs.FileMode) error { return os.Chmod(name, perm) }

// Touch sets a file's times to now.
func (files) Touch(name string) error {
	now := time.Now()
	return os.Chtimes(name, now, now)
}
