package hub

import (
	"context"

	v1 "k8s.io/api/core/v1"
	discovery "k8s.io/api/discovery/v1"
	networking "k8s.io/api/networking/v1"
	clientset "k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/cache"

	"kubedrill.dev/sandbox/internal/follow"
)

// follow keeps the world up to date and returns what tells that it is complete.
func (w *world) follow(ctx context.Context, client clientset.Interface, also func(object any, gone bool)) []cache.InformerSynced {
	on := func(object any, gone bool) {
		w.put(object, gone)
		also(object, gone)
	}
	core := client.CoreV1().RESTClient()
	return []cache.InformerSynced{
		follow.Kind(ctx, core, "namespaces", &v1.Namespace{}, on),
		follow.Kind(ctx, core, "nodes", &v1.Node{}, on),
		follow.Kind(ctx, core, "pods", &v1.Pod{}, on),
		follow.Kind(ctx, core, "services", &v1.Service{}, on),
		follow.Kind(ctx, client.DiscoveryV1().RESTClient(), "endpointslices", &discovery.EndpointSlice{}, on),
		follow.Kind(ctx, client.NetworkingV1().RESTClient(), "networkpolicies", &networking.NetworkPolicy{}, on),
	}
}
