package kubelet

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	v1 "k8s.io/api/core/v1"
	"k8s.io/kubernetes/pkg/volume"

	"kubedrill.dev/sandbox/internal/runtime"
)

func mounterFor(t *testing.T, paths runtime.Paths, path string, kind v1.HostPathType) *nodePathMounter {
	t.Helper()
	_, real := paths.Real(path)
	return &nodePathMounter{path: path, real: real, kind: kind, files: hostFiles{paths: paths}}
}

func TestHostPathsStayOnTheNode(t *testing.T) {
	dir := t.TempDir()
	paths := runtime.Paths{Root: filepath.Join(dir, "kubelet"), Storage: filepath.Join(dir, "storage"), Host: filepath.Join(dir, "host")}
	if err := furnish(paths.Host, "node-1"); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("/etc", filepath.Join(paths.Host, "out")); err != nil {
		t.Fatal(err)
	}
	outside := filepath.Join(t.TempDir(), "made")
	tests := map[string]struct {
		path string
		kind v1.HostPathType
		err  string
	}{
		"not checked":                {"/data", v1.HostPathUnset, ""},
		"there":                      {"/var/log", v1.HostPathDirectory, ""},
		"not there":                  {"/data", v1.HostPathDirectory, "hostPath type check failed: /data is not a directory"},
		"a file":                     {"/etc/os-release", v1.HostPathFile, ""},
		"this machine's file":        {"/etc/passwd", v1.HostPathFile, "hostPath type check failed: /etc/passwd is not a file"},
		"made":                       {outside, v1.HostPathDirectoryOrCreate, ""},
		"a file made":                {"/var/log/new.log", v1.HostPathFileOrCreate, ""},
		"a link out":                 {"/out/passwd", v1.HostPathFile, "hostPath type check failed: /out/passwd"},
		"above":                      {"/../../etc/passwd", v1.HostPathFile, "hostPath type check failed: /../../etc/passwd is not a file"},
		"a socket that is not there": {"/run/containerd.sock", v1.HostPathSocket, "hostPath type check failed: /run/containerd.sock is not a socket file"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			m := mounterFor(t, paths, test.path, test.kind)
			err := m.SetUp(volume.MounterArgs{})
			if got := errorText(err); got != test.err {
				t.Errorf("got %q, want %q", got, test.err)
			}
			if !strings.HasPrefix(m.GetPath(), paths.Host+"/") {
				t.Errorf("mounts %s", m.GetPath())
			}
		})
	}
	if _, err := os.Stat(outside); err == nil {
		t.Error("a folder was made on this machine")
	}
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
