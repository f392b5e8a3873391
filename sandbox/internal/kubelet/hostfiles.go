package kubelet

import (
	"fmt"
	"os"
	"path/filepath"

	"k8s.io/kubernetes/pkg/volume/util/hostutil"

	"kubedrill.dev/sandbox/internal/files"
	"kubedrill.dev/sandbox/internal/runtime"
)

// hostFiles tells the truth about the node's files, which subPath mounts and hostPath types ask about.
type hostFiles struct {
	*hostutil.FakeHostUtil
	paths runtime.Paths
}

// stat looks at a path of the node; a link that leads out of the node's folders counts as missing.
func (h hostFiles) stat(path string) (os.FileInfo, error) {
	base, real := h.paths.Real(path)
	root, err := os.OpenRoot(base)
	if err != nil {
		return nil, err
	}
	defer func() { _ = root.Close() }()
	rel, err := filepath.Rel(base, real)
	if err != nil {
		return nil, err
	}
	return root.Stat(rel)
}

func (h hostFiles) PathExists(path string) (bool, error) {
	_, err := h.stat(path)
	if os.IsNotExist(err) {
		return false, nil
	}
	return err == nil, err
}

func (h hostFiles) GetMode(path string) (os.FileMode, error) {
	st, err := h.stat(path)
	if err != nil {
		return 0, err
	}
	return st.Mode(), nil
}

func (h hostFiles) GetFileType(path string) (hostutil.FileType, error) {
	st, err := h.stat(path)
	switch {
	case err != nil:
		return hostutil.FileTypeUnknown, fmt.Errorf("path %q does not exist", path)
	case st.IsDir():
		return hostutil.FileTypeDirectory, nil
	case st.Mode().IsRegular():
		return hostutil.FileTypeFile, nil
	default:
		return hostutil.FileTypeUnknown, fmt.Errorf("only recognise file, directory, socket, block device and character device")
	}
}

func (h hostFiles) EvalHostSymlinks(path string) (string, error) { return path, nil }

// furnish gives the node the folders and files of its own that manifests name in hostPath volumes.
func furnish(host, node string) error {
	for _, dir := range []string{"/boot", "/dev", "/etc/kubernetes", "/home", "/lib/modules", "/media", "/mnt", "/opt", "/proc", "/root", "/run", "/srv", "/sys/fs/cgroup", "/tmp", "/usr/share", "/var/lib/kubelet", "/var/log/containers", "/var/log/pods"} {
		if err := files.MakeAll(host, dir); err != nil {
			return fmt.Errorf("make the node's folder %s: %w", dir, err)
		}
	}
	for name, text := range map[string]string{
		"etc/hostname":   node + "\n",
		"etc/machine-id": node + "\n",
		"etc/os-release": "PRETTY_NAME=\"" + osImage + "\"\nNAME=\"Debian GNU/Linux\"\nVERSION_ID=\"13\"\nID=debian\n",
	} {
		if err := os.WriteFile(filepath.Join(host, name), []byte(text), 0o644); err != nil {
			return fmt.Errorf("write the node's file /%s: %w", name, err)
		}
	}
	return nil
}
