package hub

import (
	"net/netip"

	v1 "k8s.io/api/core/v1"
	networking "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// peer is one end of a connection; pod is nil for anything that no policy selects.
type peer struct {
	ip  string
	pod *v1.Pod
}

func podPeer(p *v1.Pod) peer {
	if p.Spec.HostNetwork { // Policies do not see a Pod behind its node's address.
		return peer{ip: p.Status.PodIP}
	}
	return peer{ip: p.Status.PodIP, pod: p}
}

// allowed evaluates the network policies for a connection to a port of to: both ends must let it through.
func (w *world) allowed(from, to peer, port int32, protocol v1.Protocol) bool {
	if from.ip == to.ip { // A Pod reaches itself, always.
		return true
	}
	return w.sideAllows(networking.PolicyTypeEgress, from, to, to, port, protocol) && w.sideAllows(networking.PolicyTypeIngress, to, from, to, port, protocol)
}

// sideAllows asks the policies that select one end whether they let the other through; target is the end that has the port.
func (w *world) sideAllows(side networking.PolicyType, self, other, target peer, port int32, protocol v1.Protocol) bool {
	if self.pod == nil {
		return true
	}
	selected := false
	for _, p := range w.policies {
		if p.Namespace != self.pod.Namespace || !applies(p, side) || !selects(&p.Spec.PodSelector, self.pod.Labels) {
			continue
		}
		selected = true
		if side == networking.PolicyTypeIngress {
			for _, rule := range p.Spec.Ingress {
				if w.anyPeer(p.Namespace, rule.From, other) && anyPort(rule.Ports, target, port, protocol) {
					return true
				}
			}
			continue
		}
		for _, rule := range p.Spec.Egress {
			if w.anyPeer(p.Namespace, rule.To, other) && anyPort(rule.Ports, target, port, protocol) {
				return true
			}
		}
	}
	return !selected
}

// applies follows the API's default: a policy without policyTypes is for ingress, and for egress if it has egress rules.
func applies(p *networking.NetworkPolicy, side networking.PolicyType) bool {
	if len(p.Spec.PolicyTypes) == 0 {
		return side == networking.PolicyTypeIngress || len(p.Spec.Egress) > 0
	}
	for _, t := range p.Spec.PolicyTypes {
		if t == side {
			return true
		}
	}
	return false
}

func selects(s *metav1.LabelSelector, set map[string]string) bool {
	selector, err := metav1.LabelSelectorAsSelector(s)
	return err == nil && selector.Matches(labels.Set(set))
}

func (w *world) anyPeer(namespace string, peers []networking.NetworkPolicyPeer, other peer) bool {
	for _, p := range peers {
		if w.isPeer(namespace, p, other) {
			return true
		}
	}
	return len(peers) == 0
}

func (w *world) isPeer(namespace string, p networking.NetworkPolicyPeer, other peer) bool {
	switch {
	case p.IPBlock != nil:
		return inBlock(p.IPBlock, other.ip)
	case other.pod == nil:
		return false
	case p.NamespaceSelector == nil && other.pod.Namespace != namespace:
		return false
	case p.NamespaceSelector != nil:
		ns := w.namespaces[other.pod.Namespace]
		if ns == nil || !selects(p.NamespaceSelector, ns.Labels) {
			return false
		}
	}
	return p.PodSelector == nil || selects(p.PodSelector, other.pod.Labels)
}

func inBlock(b *networking.IPBlock, ip string) bool {
	address, err := netip.ParseAddr(ip)
	if err != nil || !contains(b.CIDR, address) {
		return false
	}
	for _, except := range b.Except {
		if contains(except, address) {
			return false
		}
	}
	return true
}

func contains(cidr string, address netip.Addr) bool {
	prefix, err := netip.ParsePrefix(cidr)
	return err == nil && prefix.Contains(address)
}

func anyPort(ports []networking.NetworkPolicyPort, target peer, port int32, protocol v1.Protocol) bool {
	for _, p := range ports {
		if isPort(p, target, port, protocol) {
			return true
		}
	}
	return len(ports) == 0
}

func isPort(p networking.NetworkPolicyPort, target peer, port int32, protocol v1.Protocol) bool {
	want := v1.ProtocolTCP
	if p.Protocol != nil {
		want = *p.Protocol
	}
	switch {
	case want != protocol:
		return false
	case p.Port == nil:
		return true
	case p.Port.Type == intstr.String:
		return namedPort(target.pod, p.Port.StrVal, protocol) == port
	case p.EndPort != nil:
		return port >= p.Port.IntVal && port <= *p.EndPort
	}
	return port == p.Port.IntVal
}

// namedPort is -1 when the Pod has no port of that name.
func namedPort(pod *v1.Pod, name string, protocol v1.Protocol) int32 {
	if pod == nil {
		return -1
	}
	for _, c := range pod.Spec.Containers {
		for _, p := range c.Ports {
			if p.Name == name && (p.Protocol == protocol || p.Protocol == "" && protocol == v1.ProtocolTCP) {
				return p.ContainerPort
			}
		}
	}
	return -1
}
