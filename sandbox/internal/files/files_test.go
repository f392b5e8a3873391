package files

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

func volume(t *testing.T, readOnly bool) (*Tree, string) {
	t.Helper()
	dir := t.TempDir()
	return New([]Mount{{Path: "/data", HostPath: dir, ReadOnly: readOnly}}, map[string]string{"/app/server.js": "x"}, false), dir
}

func TestWritesToAVolumeAreOnTheNode(t *testing.T) {
	tree, dir := volume(t, false)
	if err := tree.WriteFile("/data/a", []byte("hello"), 0o644); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(filepath.Join(dir, "a"))
	if err != nil || string(b) != "hello" {
		t.Fatalf("on the node: %q, %v", b, err)
	}
	if err := tree.WriteFile("/tmp/a", []byte("memory"), 0o644); err != nil {
		t.Fatal(err)
	}
	if b, _ := tree.ReadFile("/tmp/a"); string(b) != "memory" {
		t.Fatalf("in memory: %q", b)
	}
}

func TestLinksNeverLeadToThisMachine(t *testing.T) {
	tree, dir := volume(t, false)
	secret := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(secret, []byte("host"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(secret, filepath.Join(dir, "absolute")); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("../../../../../../etc/hostname", filepath.Join(dir, "relative")); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"/data/absolute", "/data/relative", "/data/../../../etc/passwd", "/etc/passwd"} {
		if b, err := tree.ReadFile(name); err == nil {
			t.Errorf("%s was read: %q", name, b)
		}
	}
	if err := tree.WriteFile("/data/absolute", []byte("x"), 0o644); err == nil {
		t.Error("a link out of the volume was written through")
	}
	if b, _ := os.ReadFile(secret); string(b) != "host" {
		t.Errorf("this machine's file was changed: %q", b)
	}
}

func TestConfigMapLinksResolve(t *testing.T) {
	tree, dir := volume(t, true)
	if err := os.Mkdir(filepath.Join(dir, "..2024"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "..2024", "key"), []byte("v"), 0o644); err != nil {
		t.Fatal(err)
	}
	for link, to := range map[string]string{"..data": "..2024", "key": "..data/key"} {
		if err := os.Symlink(to, filepath.Join(dir, link)); err != nil {
			t.Fatal(err)
		}
	}
	if b, err := tree.ReadFile("/data/key"); err != nil || string(b) != "v" {
		t.Fatalf("%q, %v", b, err)
	}
	if st, err := tree.Lstat("/data/key"); err != nil || st.Mode()&fs.ModeSymlink == 0 {
		t.Fatalf("lstat: %v, %v", st, err)
	}
	if err := tree.WriteFile("/data/new", nil, 0o644); !errors.Is(err, syscall.EROFS) {
		t.Fatalf("write to a read-only volume: %v", err)
	}
}

func TestRights(t *testing.T) {
	for _, c := range []struct {
		name string
		uid  int64
		ro   bool
		path string
		want error
	}{
		{"root writes anywhere", 0, false, "/etc/x", nil},
		{"a user may not write to /etc", 1000, false, "/etc/x", syscall.EACCES},
		{"a user may write to /tmp", 1000, false, "/tmp/x", nil},
		{"nobody writes to a read-only root", 0, true, "/tmp/x", syscall.EROFS},
		{"a folder must exist", 0, false, "/none/x", syscall.ENOENT},
		{"a file is no folder", 0, false, "/app/server.js/x", syscall.ENOTDIR},
	} {
		t.Run(c.name, func(t *testing.T) {
			tree := New(nil, map[string]string{"/app/server.js": "x"}, c.ro)
			tree.As(c.uid)
			err := tree.WriteFile(c.path, []byte("x"), 0o644)
			if !errors.Is(err, c.want) {
				t.Fatalf("got %v, want %v", err, c.want)
			}
		})
	}
}

func TestBounds(t *testing.T) {
	tree := New(nil, nil, false)
	chunk := []byte(strings.Repeat("x", 1<<20))
	f, err := tree.Open("/tmp/big", os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		t.Fatal(err)
	}
	for range MaxMemory >> 20 {
		if _, err := f.Write(chunk); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := f.Write(chunk); !errors.Is(err, syscall.ENOSPC) {
		t.Fatalf("past the bound: %v", err)
	}
	if err := tree.Remove("/tmp/big"); err != nil {
		t.Fatal(err)
	}
	if err := tree.WriteFile("/tmp/small", chunk, 0o644); err != nil {
		t.Fatalf("space was not given back: %v", err)
	}
}

func TestChanges(t *testing.T) {
	tree, _ := volume(t, false)
	steps := []error{
		tree.MkdirAll("/a/b/c", 0o755),
		tree.WriteFile("/a/b/c/f", []byte("1"), 0o644),
		tree.Symlink("/a/b/c/f", "/link"),
		tree.Rename("/a/b", "/z"),
		tree.Rename("/z/c/f", "/data/f"),
		tree.Copy("/data/f", "/tmp/g"),
		tree.RemoveAll("/a"),
	}
	for i, err := range steps {
		if err != nil {
			t.Fatalf("step %d: %v", i, err)
		}
	}
	if b, _ := tree.ReadFile("/tmp/g"); string(b) != "1" {
		t.Fatalf("copy: %q", b)
	}
	if _, err := tree.Stat("/link"); !errors.Is(err, fs.ErrNotExist) {
		t.Fatalf("a dangling link: %v", err)
	}
	if err := tree.Remove("/data"); !errors.Is(err, syscall.EBUSY) {
		t.Fatalf("a mount point was removed: %v", err)
	}
	if err := tree.Symlink("loop", "/loop"); err != nil {
		t.Fatal(err)
	}
	if _, err := tree.ReadFile("/loop"); !errors.Is(err, syscall.ELOOP) {
		t.Fatalf("a loop: %v", err)
	}
}

func TestMountPointsShow(t *testing.T) {
	tree, _ := volume(t, false)
	list, err := tree.ReadDir("/")
	if err != nil {
		t.Fatal(err)
	}
	names := []string{}
	for _, e := range list {
		names = append(names, e.Name())
	}
	if got := strings.Join(names, " "); !strings.Contains(got, "data") || !strings.Contains(got, "tmp") || !strings.Contains(got, "app") {
		t.Fatalf("got %s", got)
	}
}
