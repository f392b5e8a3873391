// Package serving says which Pods serve a demand, and what the load model says of each. It knows a cluster only by the objects that it
// is given.
package serving

import (
	"cmp"
	"slices"
	"time"

	v1 "k8s.io/api/core/v1"
	discovery "k8s.io/api/discovery/v1"
	"k8s.io/apimachinery/pkg/labels"

	"kubedrill.dev/sandbox/internal/demand"
)

// Objects are what is known of a cluster, by NAMESPACE/NAME.
type Objects struct {
	Pods     map[string]*v1.Pod
	Services map[string]*v1.Service
	Slices   map[string]*discovery.EndpointSlice
}

// Endpoints lists a Service's slices, in the same order each time.
func (o Objects) Endpoints(s *v1.Service) []*discovery.EndpointSlice {
	var out []*discovery.EndpointSlice
	for _, e := range o.Slices {
		if e.Namespace == s.Namespace && e.Labels[discovery.LabelServiceName] == s.Name && e.AddressType == discovery.AddressTypeIPv4 {
			out = append(out, e)
		}
	}
	slices.SortFunc(out, func(a, b *discovery.EndpointSlice) int { return cmp.Compare(a.Name, b.Name) })
	return out
}

// IsReady follows the rule of the API: not said is ready.
func IsReady(e discovery.Endpoint) bool { return e.Conditions.Ready == nil || *e.Conditions.Ready }

// Server is a Pod that serves a demand.
type Server struct {
	Pod  *v1.Pod
	Port int32 // Where it takes requests: the first port of the Service, or else of its containers; 0 when there is none.
}

// Servers lists the Pods that a demand is shared by, in the order of their names.
func (o Objects) Servers(d *demand.Demand) []Server {
	var on []Server
	if d.Service != "" {
		on = o.behind(d.Namespace + "/" + d.Service)
	} else if selector, err := labels.Parse(d.Selector); err == nil {
		for _, p := range o.Pods {
			if p.Namespace == d.Namespace && podReady(p) && selector.Matches(labels.Set(p.Labels)) {
				on = append(on, Server{p, firstPort(p)})
			}
		}
	}
	slices.SortFunc(on, func(a, b Server) int { return cmp.Compare(a.Pod.Name, b.Pod.Name) })
	return on
}

// behind lists the Pods that a Service sends requests to.
func (o Objects) behind(service string) []Server {
	s := o.Services[service]
	if s == nil {
		return nil
	}
	var on []Server
	seen := map[string]bool{}
	for _, slice := range o.Endpoints(s) {
		for _, e := range slice.Endpoints {
			if !IsReady(e) || e.TargetRef == nil || e.TargetRef.Kind != "Pod" || seen[e.TargetRef.Name] {
				continue
			}
			p := o.Pods[s.Namespace+"/"+e.TargetRef.Name]
			if p == nil {
				continue
			}
			seen[e.TargetRef.Name] = true
			port := firstPort(p)
			if len(slice.Ports) > 0 && slice.Ports[0].Port != nil {
				port = *slice.Ports[0].Port
			}
			on = append(on, Server{p, port})
		}
	}
	return on
}

func podReady(p *v1.Pod) bool {
	if p.DeletionTimestamp != nil {
		return false
	}
	for _, c := range p.Status.Conditions {
		if c.Type == v1.PodReady {
			return c.Status == v1.ConditionTrue
		}
	}
	return false
}

// container is the one of a Pod that serves: the first that declares a port.
func container(p *v1.Pod) *v1.Container {
	for i := range p.Spec.Containers {
		if len(p.Spec.Containers[i].Ports) > 0 {
			return &p.Spec.Containers[i]
		}
	}
	return nil
}

func firstPort(p *v1.Pod) int32 {
	if c := container(p); c != nil {
		return c.Ports[0].ContainerPort
	}
	return 0
}

// Limit is the name of the container that serves, and how many milliCPU it may use; 0 is no limit.
func Limit(p *v1.Pod) (name string, milli int64) {
	if c := container(p); c != nil {
		return c.Name, c.Resources.Limits.Cpu().MilliValue()
	}
	return "", 0
}

// State is what a demand is now and what the model says of the Pods that serve it, in their order.
func State(d *demand.Demand, on []Server, now time.Time) demand.State {
	s := demand.State{Demand: *d, Milli: d.At(now), Pods: make([]demand.Pod, 0, len(on))}
	for _, server := range on {
		name, limit := Limit(server.Pod)
		share := d.Split(s.Milli, len(on), limit)
		share.Container = name
		s.Pods = append(s.Pods, demand.Pod{Name: server.Pod.Name, UID: string(server.Pod.UID), Labels: server.Pod.Labels, Share: share})
	}
	return s
}
