// Package follow watches the objects of a cluster for programs that keep what they know of it small.
package follow

import (
	"context"

	v1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/client-go/tools/cache"
)

// Kind calls on with every object of a kind, at the start and when it changes, until ctx ends. What it returns tells when the start is
// over.
func Kind(ctx context.Context, client cache.Getter, resource string, kind runtime.Object, on func(object any, gone bool)) cache.InformerSynced {
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

// strip drops what nobody here reads.
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
