package hub

import (
	"slices"
	"sync"

	v1 "k8s.io/api/core/v1"
	discovery "k8s.io/api/discovery/v1"
	networking "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"kubedrill.dev/sandbox/internal/serving"
)

// world is what the hub knows of the cluster, kept up to date by watches.
type world struct {
	mu         sync.RWMutex
	namespaces map[string]*v1.Namespace
	nodes      map[string]*v1.Node
	pods       map[string]*v1.Pod // This and what follows by NAMESPACE/NAME.
	services   map[string]*v1.Service
	slices     map[string]*discovery.EndpointSlice
	policies   map[string]*networking.NetworkPolicy
}

func newWorld() *world {
	return &world{
		namespaces: map[string]*v1.Namespace{}, nodes: map[string]*v1.Node{}, pods: map[string]*v1.Pod{},
		services: map[string]*v1.Service{}, slices: map[string]*discovery.EndpointSlice{}, policies: map[string]*networking.NetworkPolicy{},
	}
}

// put takes an object as it is now; gone tells that it was deleted.
func (w *world) put(object any, gone bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch o := object.(type) {
	case *v1.Namespace:
		set(w.namespaces, o.Name, o, gone)
	case *v1.Node:
		set(w.nodes, o.Name, o, gone)
	case *v1.Pod:
		set(w.pods, key(o), o, gone)
	case *v1.Service:
		set(w.services, key(o), o, gone)
	case *discovery.EndpointSlice:
		set(w.slices, key(o), o, gone)
	case *networking.NetworkPolicy:
		set(w.policies, key(o), o, gone)
	}
}

func set[T any](m map[string]T, key string, value T, gone bool) {
	if gone {
		delete(m, key)
	} else {
		m[key] = value
	}
}

func key(o metav1.Object) string { return o.GetNamespace() + "/" + o.GetName() }

// The rest is called with w.mu held.

// podAt finds the running Pod that has the address for itself.
func (w *world) podAt(ip string) *v1.Pod {
	for _, p := range w.pods {
		if p.Status.PodIP == ip && !p.Spec.HostNetwork && p.Status.Phase == v1.PodRunning {
			return p
		}
	}
	return nil
}

func (w *world) nodeAt(ip string) *v1.Node {
	for _, n := range w.nodes {
		if slices.ContainsFunc(n.Status.Addresses, func(a v1.NodeAddress) bool { return a.Address == ip }) {
			return n
		}
	}
	return nil
}

// serviceAt finds the Service whose cluster address, external address or load balancer address it is.
func (w *world) serviceAt(ip string) *v1.Service {
	for _, s := range w.services {
		if slices.Contains(s.Spec.ClusterIPs, ip) || s.Spec.ClusterIP == ip || slices.Contains(s.Spec.ExternalIPs, ip) ||
			slices.ContainsFunc(s.Status.LoadBalancer.Ingress, func(i v1.LoadBalancerIngress) bool { return i.IP == ip }) {
			return s
		}
	}
	return nil
}

// objects are those that tell who serves what.
func (w *world) objects() serving.Objects {
	return serving.Objects{Pods: w.pods, Services: w.services, Slices: w.slices}
}

func isTrue(b *bool) bool { return b != nil && *b }
