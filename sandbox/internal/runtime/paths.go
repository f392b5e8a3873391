package runtime

import (
	"path/filepath"
	"strings"
)

// Paths are the folders of this machine that volumes may lie in.
type Paths struct {
	Root    string // The kubelet's folder.
	Storage string // The cluster's persistent volumes.
	Host    string // Stands for the node's own file system.
}

// Real maps a path of the node to one of this machine and names the folder that must hold it, whatever links say:
// the kubelet's and the cluster's volumes stay where they are, everything else lies below Host.
func (p Paths) Real(path string) (base, real string) {
	path = filepath.Clean("/" + path)
	for _, base := range []string{p.Root, p.Storage, p.Host} {
		if base != "" && strings.HasPrefix(path+"/", strings.TrimSuffix(base, "/")+"/") {
			return base, path
		}
	}
	return p.Host, filepath.Join(p.Host, path)
}
