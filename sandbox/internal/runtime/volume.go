package runtime

import (
	"fmt"
	"strings"

	cri "k8s.io/cri-api/pkg/apis/runtime/v1"

	"kubedrill.dev/sandbox/internal/files"
)

// newTree mounts the Pod's volumes. What lies outside the node's folders stands for the node's own file system: nothing of this machine is reached.
func (c *container) newTree() (*files.Tree, error) {
	var mounts []files.Mount
	for _, m := range c.config.Mounts {
		base, path := c.rt.config.Paths.Real(m.HostPath)
		if base == c.rt.config.Paths.Host {
			// As a real runtime does: what a hostPath volume names and is not there becomes a folder.
			if err := files.MakeAll(base, strings.TrimPrefix(path, base)); err != nil {
				return nil, err
			}
		}
		mounts = append(mounts, files.Mount{Path: m.ContainerPath, HostPath: path, Base: base, ReadOnly: m.Readonly})
	}
	tree := files.New(mounts, c.image.Content(), c.config.GetLinux().GetSecurityContext().GetReadonlyRootfs())
	tree.File("/etc/hostname", 0o644, []byte(c.Hostname()+"\n"))
	tree.File("/etc/resolv.conf", 0o644, []byte(resolvConf(c.pod.config.GetDnsConfig())))
	c.furnish(tree)
	uid, _ := c.User()
	tree.As(uid)
	return tree, nil
}

func resolvConf(c *cri.DNSConfig) string {
	var b strings.Builder
	if len(c.GetSearches()) > 0 {
		fmt.Fprintf(&b, "search %s\n", strings.Join(c.GetSearches(), " "))
	}
	for _, s := range c.GetServers() {
		fmt.Fprintf(&b, "nameserver %s\n", s)
	}
	if len(c.GetOptions()) > 0 {
		fmt.Fprintf(&b, "options %s\n", strings.Join(c.GetOptions(), " "))
	}
	return b.String()
}
