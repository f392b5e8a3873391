// Package files is what a container sees as its file system: its volumes, which are real folders of the node, and everything else in memory.
// It opens nothing outside the folders that it is given.
package files

import (
	"os"
	"path/filepath"
	"strings"
)

// Mount is a volume at a path of the container.
type Mount struct {
	Path     string // In the container.
	HostPath string // A folder or a file of this machine that the container may see.
	ReadOnly bool
}

// find gives the mount that a clean absolute path lies in, and the path inside it.
func (t *Tree) find(name string) (*Mount, string) {
	for i := range t.mounts {
		m := &t.mounts[i]
		if name == m.Path {
			return m, ""
		}
		if rest, ok := strings.CutPrefix(name, strings.TrimSuffix(m.Path, "/")+"/"); ok {
			return m, rest
		}
	}
	return nil, ""
}

// inside calls f with the mount's folder opened such that no link leads out of it.
func (m *Mount) inside(rel string, f func(root *os.Root, name string) error) error {
	dir, name := m.HostPath, rel
	if st, err := os.Stat(dir); err == nil && !st.IsDir() { // A subPath, or a file such as /etc/hosts.
		dir, name = filepath.Split(dir)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer func() { _ = root.Close() }()
	if name == "" {
		name = "."
	}
	return f(root, name)
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
	rel := strings.TrimPrefix(clean(name), "/")
	if rel == "" {
		return nil
	}
	if _, err := root.Stat(rel); err == nil {
		return nil
	}
	return root.MkdirAll(rel, 0o755)
}
