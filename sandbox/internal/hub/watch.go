package hub

import (
	"context"

	v1 "k8s.io/api/core/v1"
	discovery "k8s.io/api/discovery/v1"
	networking "k8s.io/api/networking/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/apimachinery/pkg/runtime"
	clientset "k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/cache"
)

// watch calls on with every object of a kind, at the start and when it changes.
func watch(ctx context.Context, client cache.Getter, resource string, kind runtime.Object, on func(object any, gone bool)) cache.InformerSynced {
	_, informer := cache.NewInformerWithOptions(cache.InformerOptions{
		ListerWatcher: cache.NewListWatchFromClient(client, resource, metav1.NamespaceAll, fields.Everything()),
		ObjectType:    kind,
		Transform:     strip,
		Handler: cache.ResourceEventHandlerFuncs{
			AddFunc:    func(o any) { on(o, false) },
			UpdateFunc: func(_, o any) { on(o, false) },
			DeleteFunc: func(o any) {
				if d, ok := o.(cache.DeletedFinalStateUnknown); ok {
					o = d.Obj
				}
				on(o, true)
			},
		},
	})
	go informer.RunWithContext(ctx)
	return informer.HasSynced
}

// strip drops what nothing here reads: the hub's memory counts in every sandbox.
func strip(object any) (any, error) {
	if m, err := meta.Accessor(object); err == nil {
		m.SetManagedFields(nil)
	}
	p, ok := object.(*v1.Pod)
	if !ok {
		return object, nil
	}
	slim := &v1.Pod{ObjectMeta: metav1.ObjectMeta{Name: p.Name, Namespace: p.Namespace, UID: p.UID, Labels: p.Labels, ResourceVersion: p.ResourceVersion, DeletionTimestamp: p.DeletionTimestamp}}
	slim.Spec = v1.PodSpec{NodeName: p.Spec.NodeName, HostNetwork: p.Spec.HostNetwork, DNSPolicy: p.Spec.DNSPolicy, DNSConfig: p.Spec.DNSConfig}
	for _, c := range append(p.Spec.InitContainers, p.Spec.Containers...) {
		slim.Spec.Containers = append(slim.Spec.Containers, v1.Container{Name: c.Name, Ports: c.Ports, Resources: v1.ResourceRequirements{Limits: c.Resources.Limits}})
	}
	slim.Status = v1.PodStatus{PodIP: p.Status.PodIP, Phase: p.Status.Phase, Conditions: p.Status.Conditions}
	return slim, nil
}

// follow keeps the world up to date and returns what tells that it is complete.
func (w *world) follow(ctx context.Context, client clientset.Interface, also func(object any, gone bool)) []cache.InformerSynced {
	on := func(object any, gone bool) {
		w.put(object, gone)
		also(object, gone)
	}
	core := client.CoreV1().RESTClient()
	return []cache.InformerSynced{
		watch(ctx, core, "namespaces", &v1.Namespace{}, on),
		watch(ctx, core, "nodes", &v1.Node{}, on),
		watch(ctx, core, "pods", &v1.Pod{}, on),
		watch(ctx, core, "services", &v1.Service{}, on),
		watch(ctx, client.DiscoveryV1().RESTClient(), "endpointslices", &discovery.EndpointSlice{}, on),
		watch(ctx, client.NetworkingV1().RESTClient(), "networkpolicies", &networking.NetworkPolicy{}, on),
	}
}
