package kubelet

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	v1 "k8s.io/api/core/v1"
	"k8s.io/kubernetes/pkg/volume"

	"kubedrill.dev/sandbox/internal/files"
	"kubedrill.dev/sandbox/internal/runtime"
)

// Plugins whose volumes are paths of the node.
const (
	hostPathPluginName = "kubernetes.io/host-path"
	localPluginName    = "kubernetes.io/local-volume"
)

// volumePlugins puts ours before the plugins that would look at, or write to, this machine's own paths.
func volumePlugins(all []volume.VolumePlugin, paths runtime.Paths) []volume.VolumePlugin {
	out := make([]volume.VolumePlugin, 0, len(all))
	for _, p := range all {
		if name := p.GetPluginName(); name == hostPathPluginName || name == localPluginName {
			p = &nodePathPlugin{VolumePlugin: p, paths: paths}
		}
		out = append(out, p)
	}
	return out
}

// nodePathPlugin is a plugin whose volumes lie in the folder that stands for the node's file system.
type nodePathPlugin struct {
	volume.VolumePlugin
	paths runtime.Paths
}

// GetAccessModes makes the plugin one for persistent volumes.
func (p *nodePathPlugin) GetAccessModes() []v1.PersistentVolumeAccessMode {
	return []v1.PersistentVolumeAccessMode{v1.ReadWriteOnce}
}

// NewMounter maps the path and checks its type, which the plugin would do on this machine.
func (p *nodePathPlugin) NewMounter(spec *volume.Spec, pod *v1.Pod) (volume.Mounter, error) {
	m, err := p.VolumePlugin.NewMounter(spec, pod)
	if err != nil {
		return nil, err
	}
	path, kind := nodePath(spec)
	_, real := p.paths.Real(path)
	return &nodePathMounter{Mounter: m, path: path, real: real, kind: kind, files: hostFiles{paths: p.paths}}, nil
}

// nodePath gives a volume's path on the node and what must be there.
func nodePath(spec *volume.Spec) (string, v1.HostPathType) {
	var source *v1.HostPathVolumeSource
	switch {
	case spec.Volume != nil:
		source = spec.Volume.HostPath
	case spec.PersistentVolume != nil && spec.PersistentVolume.Spec.Local != nil:
		return spec.PersistentVolume.Spec.Local.Path, v1.HostPathDirectory
	case spec.PersistentVolume != nil:
		source = spec.PersistentVolume.Spec.HostPath
	}
	switch {
	case source == nil:
		return "", v1.HostPathUnset
	case source.Type == nil:
		return source.Path, v1.HostPathUnset
	}
	return source.Path, *source.Type
}

type nodePathMounter struct {
	volume.Mounter
	path, real string
	kind       v1.HostPathType
	files      hostFiles
}

// GetPath is what the runtime mounts.
func (m *nodePathMounter) GetPath() string { return m.real }

// SetUp checks the path's type in the real plugin's words, and makes what the type says to make.
func (m *nodePathMounter) SetUp(volume.MounterArgs) error {
	st, err := m.files.stat(m.path)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("hostPath type check failed: %s", m.path)
	}
	base, _ := m.files.paths.Real(m.path)
	is := func(ok bool, what string) error {
		if st == nil || !ok {
			return fmt.Errorf("hostPath type check failed: %s is not %s", m.path, what)
		}
		return nil
	}
	switch m.kind {
	case v1.HostPathDirectoryOrCreate:
		if st == nil {
			rel, err := filepath.Rel(base, m.real)
			if err != nil {
				return err
			}
			return files.MakeAll(base, rel)
		}
		return is(st.IsDir(), "a directory")
	case v1.HostPathDirectory:
		return is(st != nil && st.IsDir(), "a directory")
	case v1.HostPathFileOrCreate:
		if st == nil {
			return m.makeFile(base)
		}
		return is(st.Mode().IsRegular(), "a file")
	case v1.HostPathFile:
		return is(st != nil && st.Mode().IsRegular(), "a file")
	case v1.HostPathSocket:
		return is(st != nil && st.Mode()&os.ModeSocket != 0, "a socket file")
	case v1.HostPathCharDev:
		return is(st != nil && st.Mode()&os.ModeCharDevice != 0, "a character device")
	case v1.HostPathBlockDev:
		return is(st != nil && st.Mode()&os.ModeDevice != 0, "a block device")
	}
	return nil
}

func (m *nodePathMounter) makeFile(base string) error {
	root, err := os.OpenRoot(base)
	if err != nil {
		return err
	}
	defer func() { _ = root.Close() }()
	rel, err := filepath.Rel(base, m.real)
	if err != nil {
		return err
	}
	f, err := root.OpenFile(rel, os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	return f.Close()
}

// SetUpAt is SetUp: there is nothing to mount.
func (m *nodePathMounter) SetUpAt(_ string, args volume.MounterArgs) error { return m.SetUp(args) }
