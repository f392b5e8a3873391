// Package kubelet runs the real kubelet over the simulated runtime, as an ordinary user. It is the only package that knows
// the kubelet's inside; what a container does is none of its business.
package kubelet

import (
	"fmt"
	"os"
	"path/filepath"
	"time"

	v1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/kubernetes/cmd/kubelet/app/options"
	kubeletconfig "k8s.io/kubernetes/pkg/kubelet/apis/config"
	"k8s.io/kubernetes/pkg/kubemark"

	"kubedrill.dev/sandbox/internal/runtime"
)

// Config is one node.
type Config struct {
	Name      string
	IP        string // As the API shows it; no interface has it.
	Port      int    // On the loopback interface.
	Dir       string // The node's own folder.
	Sockets   string // The folder of the hub's and the nodes' sockets.
	Storage   string // The folder of the cluster's persistent volumes.
	Catalogue string // The image catalogue; the built-in one when empty.
	CA        string // Of the kubelet's clients.
	Cert, Key string // For serving.
	CPUs      int
	Memory    uint64
	Labels    map[string]string
	Taints    []v1.Taint
}

// The kubelet makes Unix sockets below its root, whose paths must be short.
func (c Config) root() string { return filepath.Join(c.Dir, "k") }

func (c Config) paths() runtime.Paths {
	return runtime.Paths{Root: c.root(), Storage: c.Storage, Host: filepath.Join(c.Dir, "host")}
}

// options makes the kubelet's flags and configuration: the defaults of a real installation, save for what this machine must not feel.
func (c Config) options() (*options.KubeletFlags, *kubeletconfig.KubeletConfiguration, error) {
	own, _ := splitLabels(c.Labels)
	// GetHollowKubeletConfig makes a temporary folder that is not used here, and ends the process when it cannot.
	if err := os.Setenv("TMPDIR", c.Dir); err != nil {
		return nil, nil, err
	}
	flags, kc := kubemark.GetHollowKubeletConfig(&kubemark.HollowKubeletOptions{NodeName: c.Name, KubeletPort: c.Port, MaxPods: 110, NodeLabels: own, RegisterWithTaints: c.Taints})
	if err := os.RemoveAll(flags.RootDirectory); err != nil {
		return nil, nil, fmt.Errorf("remove the unused folder: %w", err)
	}
	flags.RootDirectory = c.root()
	flags.CertDirectory = filepath.Join(c.Dir, "pki")
	flags.NodeIP = c.IP
	kc.PodLogsDir = filepath.Join(c.Dir, "logs")
	kc.StaticPodPath = ""
	kc.Address = "127.0.0.1"
	kc.ClusterDNS, kc.ClusterDomain = []string{"10.96.0.10"}, "cluster.local"
	kc.ProviderID = "kubedrill://" + c.Name
	kc.SerializeImagePulls = false
	// Nothing is ever evicted without these.
	kc.EvictionHard = map[string]string{"memory.available": "100Mi", "nodefs.available": "10%", "imagefs.available": "15%", "nodefs.inodesFree": "5%", "imagefs.inodesFree": "5%"}
	kc.MakeIPTablesUtilChains = false // As root the kubelet would write to this machine's firewall.
	kc.TLSCertFile, kc.TLSPrivateKeyFile = c.Cert, c.Key
	kc.Authentication.X509.ClientCAFile = c.CA
	kc.Authentication.Anonymous.Enabled = false
	kc.Authentication.Webhook.Enabled = true
	kc.Authentication.Webhook.CacheTTL.Duration = 2 * time.Minute
	kc.Authorization.Mode = kubeletconfig.KubeletAuthorizationModeWebhook
	kc.Authorization.Webhook.CacheAuthorizedTTL.Duration, kc.Authorization.Webhook.CacheUnauthorizedTTL.Duration = 5*time.Minute, 30*time.Second
	kc.ShutdownGracePeriod = metav1.Duration{}
	kc.ResolverConfig = filepath.Join(c.Dir, "resolv.conf")
	if err := os.WriteFile(kc.ResolverConfig, []byte("nameserver 10.0.0.2\n"), 0o600); err != nil {
		return nil, nil, fmt.Errorf("write the node's resolv.conf: %w", err)
	}
	if err := os.MkdirAll(flags.RootDirectory, 0o755); err != nil {
		return nil, nil, fmt.Errorf("make the kubelet's folder: %w", err)
	}
	if err := furnish(c.paths().Host, c.Name); err != nil {
		return nil, nil, err
	}
	return flags, kc, nil
}
