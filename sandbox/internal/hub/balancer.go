package hub

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"

	v1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/types"
	clientset "k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/record"
	"k8s.io/client-go/util/workqueue"
)

// The addresses that a balancer hands out, in the range that the nodes' addresses look to come from.
var (
	firstAddress = netip.MustParseAddr("172.18.255.1")
	lastAddress  = netip.MustParseAddr("172.18.255.250")
)

// balancer gives Services of type LoadBalancer an address, as a cloud would, and takes it back.
type balancer struct {
	client   clientset.Interface
	recorder record.EventRecorder
	queue    workqueue.TypedRateLimitingInterface[string]
}

func newBalancer(client clientset.Interface, recorder record.EventRecorder) *balancer {
	return &balancer{client: client, recorder: recorder, queue: newQueue()}
}

func (b *balancer) run(ctx context.Context, w *world) {
	work(ctx, b.queue, func(ctx context.Context, name string) error { return b.sync(ctx, w, name) })
}

func (b *balancer) sync(ctx context.Context, w *world, name string) error {
	w.mu.RLock()
	s := w.services[name]
	var ingress []v1.LoadBalancerIngress
	var err error
	if s != nil {
		ingress, err = w.ingress(s)
	}
	w.mu.RUnlock()
	if s == nil || s.DeletionTimestamp != nil {
		return nil
	}
	if err != nil {
		b.recorder.Eventf(s, v1.EventTypeWarning, "SyncLoadBalancerFailed", "Error syncing load balancer: failed to ensure load balancer: %v", err)
		return fmt.Errorf("address for service %s: %w", name, err)
	}
	if len(ingress) == len(s.Status.LoadBalancer.Ingress) && (len(ingress) == 0 || ingress[0].IP == s.Status.LoadBalancer.Ingress[0].IP) {
		return nil
	}
	patch, err := json.Marshal(map[string]any{"metadata": map[string]any{"uid": s.UID}, "status": map[string]any{"loadBalancer": map[string]any{"ingress": ingress}}})
	if err != nil {
		return fmt.Errorf("encode status: %w", err)
	}
	if _, err := b.client.CoreV1().Services(s.Namespace).Patch(ctx, s.Name, types.MergePatchType, patch, patchOptions, "status"); err != nil {
		if apierrors.IsNotFound(err) {
			return nil
		}
		return fmt.Errorf("set the address of service %s: %w", name, err)
	}
	if len(ingress) > 0 {
		b.recorder.Event(s, v1.EventTypeNormal, "EnsuredLoadBalancer", "Ensured load balancer")
	}
	return nil
}

// ingress is what a Service's status should say; with w.mu held.
func (w *world) ingress(s *v1.Service) ([]v1.LoadBalancerIngress, error) {
	if s.Spec.LoadBalancerClass != nil { // Somebody else's.
		return s.Status.LoadBalancer.Ingress, nil
	}
	if s.Spec.Type != v1.ServiceTypeLoadBalancer {
		return nil, nil
	}
	used := map[string]bool{}
	for _, other := range w.services {
		for _, i := range other.Status.LoadBalancer.Ingress {
			used[i.IP] = used[i.IP] || key(other) != key(s)
		}
	}
	want := s.Spec.LoadBalancerIP //nolint:staticcheck // Old manifests still use it.
	if len(s.Status.LoadBalancer.Ingress) > 0 {
		if has := s.Status.LoadBalancer.Ingress[0]; has.IP != "" && (want == "" || want == has.IP) && !used[has.IP] {
			return s.Status.LoadBalancer.Ingress, nil
		}
	}
	mode := v1.LoadBalancerIPModeVIP
	if want != "" {
		if used[want] {
			return nil, fmt.Errorf("address %s is in use", want)
		}
		return []v1.LoadBalancerIngress{{IP: want, IPMode: &mode}}, nil
	}
	for a := firstAddress; a.Compare(lastAddress) <= 0; a = a.Next() {
		if !used[a.String()] {
			return []v1.LoadBalancerIngress{{IP: a.String(), IPMode: &mode}}, nil
		}
	}
	return nil, errors.New("no address is free")
}
