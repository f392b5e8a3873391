// Package runtime plays a container runtime: the kubelet calls it as it would call containerd, in its own process.
// What a container does comes from the image catalogue. It starts no process and knows no Kubernetes client.
package runtime

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"net"
	"net/netip"
	"strings"
	"sync"

	internalapi "k8s.io/cri-api/pkg/apis"
	cri "k8s.io/cri-api/pkg/apis/runtime/v1"
	"k8s.io/cri-streaming/pkg/streaming"

	"kubedrill.dev/sandbox/internal/demand"
	"kubedrill.dev/sandbox/internal/shell"
)

// Network is the cluster's network; from is NAMESPACE/NAME of the Pod.
type Network interface {
	Dial(ctx context.Context, from, address string) (net.Conn, error)
	Resolve(ctx context.Context, from, name string) (shell.Answer, error)
}

// Config is what a Runtime needs to know of its node.
type Config struct {
	Node    string // The node's name.
	NodeIP  string
	Paths   Paths
	Network Network
	// Unlisted is told of a container whose image the catalogue does not have.
	Unlisted func(namespace, pod, uid, image string)
}

// Runtime is the RuntimeService of one node.
type Runtime struct {
	internalapi.RuntimeService // Nil: a method that is not written here is never called.
	config                     Config
	images                     *Images
	streaming                  streaming.Server

	mu         sync.Mutex
	sandboxes  map[string]*sandbox
	containers map[string]*container
	addresses  addresses
	share      map[string]demand.Share // By Pod UID, from the load model.
	spent      uint64                  // CPU of containers that are gone.
}

// New makes the runtime of a node.
func New(images *Images, config Config) *Runtime {
	return &Runtime{config: config, images: images, sandboxes: map[string]*sandbox{}, containers: map[string]*container{}, share: map[string]demand.Share{}}
}

func newID() string {
	b := make([]byte, 32)
	_, _ = rand.Read(b) // Never fails.
	return hex.EncodeToString(b)
}

// Version names containerd: tools look at the name.
func (r *Runtime) Version(context.Context, string) (*cri.VersionResponse, error) {
	return &cri.VersionResponse{Version: "0.1.0", RuntimeName: "containerd", RuntimeVersion: "2.2.1", RuntimeApiVersion: "v1"}, nil
}

// Status says that the network is not ready until the node has a range of Pod addresses, as on a new real node.
func (r *Runtime) Status(context.Context, bool) (*cri.StatusResponse, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	network := &cri.RuntimeCondition{Type: "NetworkReady", Status: r.addresses.prefix.IsValid()}
	if !network.Status {
		network.Reason, network.Message = "NetworkPluginNotReady", "Network plugin returns error: cni plugin not initialized"
	}
	return &cri.StatusResponse{
		Status:          &cri.RuntimeStatus{Conditions: []*cri.RuntimeCondition{{Type: "RuntimeReady", Status: true}, network}},
		RuntimeHandlers: []*cri.RuntimeHandler{{Features: &cri.RuntimeHandlerFeatures{RecursiveReadOnlyMounts: true, UserNamespaces: true}}},
		Features:        &cri.RuntimeFeatures{SupplementalGroupsPolicy: true},
	}, nil
}

// UpdateRuntimeConfig tells the node's range of Pod addresses.
func (r *Runtime) UpdateRuntimeConfig(_ context.Context, c *cri.RuntimeConfig) error {
	first, _, _ := strings.Cut(c.GetNetworkConfig().GetPodCidr(), ",")
	p, err := netip.ParsePrefix(first)
	if err != nil {
		return nil // The node has none yet.
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.addresses.prefix != p {
		r.addresses = newAddresses(p)
	}
	return nil
}

// RuntimeConfig names the cgroup driver.
func (r *Runtime) RuntimeConfig(context.Context) (*cri.RuntimeConfigResponse, error) {
	return &cri.RuntimeConfigResponse{Linux: &cri.LinuxRuntimeConfiguration{CgroupDriver: cri.CgroupDriver_SYSTEMD}}, nil
}

// Close does nothing: the runtime lives as long as the kubelet.
func (r *Runtime) Close(context.Context) error { return nil }

func matches(selector, labels map[string]string) bool {
	for k, v := range selector {
		if labels[k] != v {
			return false
		}
	}
	return true
}
