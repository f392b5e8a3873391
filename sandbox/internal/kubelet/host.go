package kubelet

import (
	"os"
	"strings"

	kubecontainer "k8s.io/kubernetes/pkg/kubelet/container"
	"k8s.io/kubernetes/pkg/volume/util/subpath"
)

// hostOS is the real file system, save for the one folder outside ours that the kubelet wants.
type hostOS struct{ kubecontainer.RealOS }

func outside(path string) bool { return strings.HasPrefix(path, "/var/log/containers") }

func (o hostOS) MkdirAll(path string, perm os.FileMode) error {
	if outside(path) {
		return nil
	}
	return o.RealOS.MkdirAll(path, perm)
}

func (o hostOS) Symlink(oldname, newname string) error {
	if outside(newname) {
		return nil
	}
	return o.RealOS.Symlink(oldname, newname)
}

func (o hostOS) Glob(pattern string) ([]string, error) {
	if outside(pattern) {
		return nil, nil
	}
	return o.RealOS.Glob(pattern)
}

func (o hostOS) Remove(path string) error {
	if outside(path) {
		return nil
	}
	return o.RealOS.Remove(path)
}

// subpaths hands the path inside the volume to the runtime: nothing is bind-mounted here.
type subpaths struct{ subpath.FakeSubpath }

func (subpaths) SafeMakeDir(dir, base string, perm os.FileMode) error {
	root, err := os.OpenRoot(base)
	if err != nil {
		return err
	}
	defer root.Close()
	// The kubelet hands on the volume's own mode, which has the group's bit where a Pod says fsGroup.
	return root.MkdirAll(dir, perm.Perm())
}
