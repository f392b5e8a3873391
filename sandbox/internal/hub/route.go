package hub

import (
	"fmt"
	"math/rand/v2"
	"net"
	"strconv"

	v1 "k8s.io/api/core/v1"
	discovery "k8s.io/api/discovery/v1"

	"kubedrill.dev/sandbox/internal/serving"
	"kubedrill.dev/sandbox/internal/shell"
)

// target is where a connection really goes: a Pod's port through its node, or a port of this machine.
type target struct {
	node    string // The node of the Pod that has the address; empty for a port of this machine.
	address string
}

// dialError has the text of a real program's error.
type dialError struct{ address, reason string }

func (e dialError) Error() string { return "dial tcp " + e.address + ": " + e.reason }

const (
	refused = "connect: connection refused"
	timeout = "i/o timeout"
)

// router finds the way for one connection, as cluster DNS, kube-proxy and the network plugin would.
type router struct {
	world     *world
	apiServer string // HOST:PORT on this machine.
	affinity  affinity
}

// route finds the target for a connection to HOST:PORT; a nil pod is the control plane, which no policy holds back.
func (r *router) route(pod *v1.Pod, address string) (target, error) {
	host, portText, err := net.SplitHostPort(address)
	if err != nil {
		return target{}, err
	}
	number, err := strconv.ParseUint(portText, 10, 16)
	if err != nil {
		return target{}, fmt.Errorf("dial tcp: lookup tcp/%s: unknown port", portText)
	}
	port := int32(number)
	r.world.mu.RLock()
	defer r.world.mu.RUnlock()
	if net.ParseIP(host) == nil {
		if pod == nil && host == "localhost" {
			return target{address: net.JoinHostPort("127.0.0.1", portText)}, nil
		}
		answer, err := r.resolve(pod, host)
		if err != nil {
			return target{}, err
		}
		if pod == nil && answer.CNAME == "localhost" {
			return target{address: net.JoinHostPort("127.0.0.1", portText)}, nil
		}
		if len(answer.Addresses) == 0 {
			return target{}, shell.NoSuchName{Name: host}
		}
		host = answer.Addresses[rand.IntN(len(answer.Addresses))]
	}
	return r.routeIP(pod, host, port)
}

// resolve asks cluster DNS, which a policy can keep a Pod from.
func (r *router) resolve(pod *v1.Pod, name string) (shell.Answer, error) {
	if pod != nil && !r.world.allowed(podPeer(pod), r.world.dnsPeer(), 53, v1.ProtocolUDP) {
		return shell.Answer{}, fmt.Errorf("lookup %s on %s:53: read udp %s:48123->%s:53: %s", name, dnsAddress, pod.Status.PodIP, dnsAddress, timeout)
	}
	answer, ok := r.world.resolve(pod, name)
	if !ok {
		return shell.Answer{}, shell.NoSuchName{Name: name}
	}
	return answer, nil
}

// dnsPeer stands for the Pods of cluster DNS, which a sandbox does not run.
func (w *world) dnsPeer() peer {
	p := &v1.Pod{}
	p.Namespace, p.Name, p.Labels = "kube-system", "coredns", map[string]string{"k8s-app": "kube-dns"}
	p.Spec.Containers = []v1.Container{{Ports: []v1.ContainerPort{{Name: "dns", ContainerPort: 53, Protocol: v1.ProtocolUDP}, {Name: "dns-tcp", ContainerPort: 53, Protocol: v1.ProtocolTCP}}}}
	return peer{ip: dnsAddress, pod: p}
}

func (r *router) routeIP(pod *v1.Pod, host string, port int32) (target, error) {
	address := net.JoinHostPort(host, strconv.Itoa(int(port)))
	w := r.world
	if pod == nil && net.ParseIP(host).IsLoopback() {
		return target{address: address}, nil
	}
	if s := w.serviceAt(host); s != nil {
		for _, p := range s.Spec.Ports {
			if p.Port == port && (p.Protocol == v1.ProtocolTCP || p.Protocol == "") {
				return r.routeService(pod, s, p, address, host != s.Spec.ClusterIP && s.Spec.ExternalTrafficPolicy == v1.ServiceExternalTrafficPolicyLocal)
			}
		}
		return target{}, dialError{address, timeout}
	}
	if n := w.nodeAt(host); n != nil {
		return r.routeNode(pod, n, host, port, address)
	}
	to := w.podAt(host)
	if to == nil {
		return target{}, dialError{address, timeout}
	}
	if pod != nil && !w.allowed(podPeer(pod), podPeer(to), port, v1.ProtocolTCP) {
		return target{}, dialError{address, timeout}
	}
	return target{node: to.Spec.NodeName, address: address}, nil
}

// routeNode finds what listens at a node's own address: the kubelet, a NodePort, or a Pod on the host network.
func (r *router) routeNode(pod *v1.Pod, n *v1.Node, host string, port int32, address string) (target, error) {
	if pod != nil && !r.world.allowed(podPeer(pod), peer{ip: host}, port, v1.ProtocolTCP) {
		return target{}, dialError{address, timeout}
	}
	if port == n.Status.DaemonEndpoints.KubeletEndpoint.Port {
		return target{address: net.JoinHostPort("127.0.0.1", strconv.Itoa(int(port)))}, nil
	}
	for _, s := range r.world.services {
		for _, p := range s.Spec.Ports {
			if p.NodePort == port && (p.Protocol == v1.ProtocolTCP || p.Protocol == "") {
				return r.routeService(pod, s, p, address, s.Spec.ExternalTrafficPolicy == v1.ServiceExternalTrafficPolicyLocal, n.Name)
			}
		}
	}
	return target{node: n.Name, address: address}, nil
}

// routeService chooses an endpoint. With local, only one on the given node will do, or on the client's own.
func (r *router) routeService(pod *v1.Pod, s *v1.Service, p v1.ServicePort, address string, local bool, node ...string) (target, error) {
	if s.Namespace == "default" && s.Name == "kubernetes" {
		return target{address: r.apiServer}, nil
	}
	if len(node) == 0 && pod != nil {
		node = []string{pod.Spec.NodeName}
	}
	inside := pod != nil && s.Spec.InternalTrafficPolicy != nil && *s.Spec.InternalTrafficPolicy == v1.ServiceInternalTrafficPolicyLocal && p.Port != 0 && !local
	all := r.world.backends(s, p)
	if len(all) == 0 {
		return target{}, dialError{address, refused}
	}
	choice := all
	if (local || inside) && len(node) > 0 {
		choice = nil
		for _, b := range all {
			if b.node == node[0] {
				choice = append(choice, b)
			}
		}
		if len(choice) == 0 { // Dropped, not refused: there are endpoints elsewhere.
			return target{}, dialError{address, timeout}
		}
	}
	client := ""
	if pod != nil {
		client = pod.Status.PodIP
	}
	b := r.affinity.choose(s, client, choice)
	return r.routeIP(pod, b.ip, b.port)
}

// backend is one endpoint of a Service's port.
type backend struct {
	ip, node string
	port     int32
}

// backends lists the ready endpoints of a Service's port; without any, those that still serve while they end.
func (w *world) backends(s *v1.Service, p v1.ServicePort) []backend {
	var ready, ending []backend
	for _, slice := range w.objects().Endpoints(s) {
		for _, sp := range slice.Ports {
			if sp.Port == nil || sp.Name != nil && *sp.Name != p.Name || sp.Name == nil && p.Name != "" {
				continue
			}
			for _, e := range slice.Endpoints {
				b := backendOf(e, *sp.Port)
				switch {
				case serving.IsReady(e):
					ready = append(ready, b)
				case isTrue(e.Conditions.Serving) && isTrue(e.Conditions.Terminating):
					ending = append(ending, b)
				}
			}
		}
	}
	if len(ready) == 0 {
		return ending
	}
	return ready
}

func backendOf(e discovery.Endpoint, port int32) backend {
	b := backend{ip: e.Addresses[0], port: port}
	if e.NodeName != nil {
		b.node = *e.NodeName
	}
	return b
}
