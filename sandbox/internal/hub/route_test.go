package hub

import (
	"errors"
	"strings"
	"testing"
	"time"

	"kubedrill.dev/sandbox/internal/shell"
)

func newRouter(w *world) *router {
	return &router{world: w, apiServer: "127.0.0.1:6443", affinity: affinity{now: time.Now}}
}

func TestDialsGoWhereTheClusterWouldSendThem(t *testing.T) {
	const (
		none        = `{kind: Service, metadata: {name: none, namespace: shop}, spec: {clusterIP: 10.96.5.6, clusterIPs: [10.96.5.6], ports: [{port: 80}]}}`
		balanced    = `{kind: Service, metadata: {name: lb, namespace: shop}, spec: {type: LoadBalancer, clusterIP: 10.96.5.7, clusterIPs: [10.96.5.7], ports: [{name: http, port: 80, nodePort: 30081}]}, status: {loadBalancer: {ingress: [{ip: 172.18.255.1}]}}}`
		balancedIn  = `{kind: EndpointSlice, addressType: IPv4, metadata: {name: lb-1, namespace: shop, labels: {kubernetes.io/service-name: lb}}, ports: [{name: http, port: 8080}], endpoints: [{addresses: [10.244.0.2], nodeName: node-1, conditions: {ready: true}}]}`
		local       = `{kind: Service, metadata: {name: local, namespace: shop}, spec: {type: NodePort, externalTrafficPolicy: Local, clusterIP: 10.96.5.8, clusterIPs: [10.96.5.8], ports: [{name: http, port: 80, nodePort: 30082}]}}`
		localIn     = `{kind: EndpointSlice, addressType: IPv4, metadata: {name: local-1, namespace: shop, labels: {kubernetes.io/service-name: local}}, ports: [{name: http, port: 8080}], endpoints: [{addresses: [10.244.0.2], nodeName: node-1, conditions: {ready: true}}]}`
		leaving     = `{kind: Service, metadata: {name: leaving, namespace: shop}, spec: {clusterIP: 10.96.5.9, clusterIPs: [10.96.5.9], ports: [{name: http, port: 80}]}}`
		leavingIn   = `{kind: EndpointSlice, addressType: IPv4, metadata: {name: leaving-1, namespace: shop, labels: {kubernetes.io/service-name: leaving}}, ports: [{name: http, port: 8080}], endpoints: [{addresses: [10.244.0.2], nodeName: node-1, conditions: {ready: false, serving: true, terminating: true}}]}`
		metricsAPI  = `{kind: Service, metadata: {name: metrics, namespace: kube-system}, spec: {type: ExternalName, externalName: localhost, ports: [{port: 4443}]}}`
		closedToFar = `{kind: NetworkPolicy, metadata: {name: p, namespace: shop}, spec: {podSelector: {matchLabels: {app: web}}, ingress: [{from: [{podSelector: {}}]}]}}`
	)
	w := build(t, shop, other, node1, node2, web, client, far, onHost, none, balanced, balancedIn, local, localIn, leaving, leavingIn, kubernetes, metricsAPI, closedToFar)
	tests := map[string]struct {
		from, address string
		want          target
		err           string
	}{
		"a pod":                              {"shop/client", "10.244.0.2:8080", target{"node-1", "10.244.0.2:8080"}, ""},
		"a pod that a policy closes":         {"other/far", "10.244.0.2:8080", target{}, "dial tcp 10.244.0.2:8080: i/o timeout"},
		"a service that a policy closes":     {"other/far", "lb.shop:80", target{}, "dial tcp 10.244.0.2:8080: i/o timeout"},
		"the API server to a closed pod":     {"", "10.244.0.2:8080", target{"node-1", "10.244.0.2:8080"}, ""},
		"a service by name":                  {"shop/client", "lb:80", target{"node-1", "10.244.0.2:8080"}, ""},
		"a service by its address":           {"shop/client", "10.96.5.7:80", target{"node-1", "10.244.0.2:8080"}, ""},
		"a service by its external address":  {"shop/client", "172.18.255.1:80", target{"node-1", "10.244.0.2:8080"}, ""},
		"a port that the service lacks":      {"shop/client", "10.96.5.7:81", target{}, "dial tcp 10.96.5.7:81: i/o timeout"},
		"a service without endpoints":        {"shop/client", "none:80", target{}, "dial tcp 10.96.5.6:80: connect: connection refused"},
		"endpoints that end but still serve": {"shop/client", "leaving:80", target{"node-1", "10.244.0.2:8080"}, ""},
		"a node port on any node":            {"shop/client", "172.18.0.3:30081", target{"node-1", "10.244.0.2:8080"}, ""},
		"a local node port on its node":      {"shop/client", "172.18.0.2:30082", target{"node-1", "10.244.0.2:8080"}, ""},
		"a local node port on another node":  {"shop/client", "172.18.0.3:30082", target{}, "dial tcp 172.18.0.3:30082: i/o timeout"},
		"the local service inside":           {"shop/client", "10.96.5.8:80", target{"node-1", "10.244.0.2:8080"}, ""},
		"a kubelet":                          {"", "172.18.0.3:30262", target{"", "127.0.0.1:30262"}, ""},
		"a node's other port":                {"shop/client", "172.18.0.3:22", target{"node-2", "172.18.0.3:22"}, ""},
		"the API server of the cluster":      {"other/far", "kubernetes.default:443", target{"", "127.0.0.1:6443"}, ""},
		"an address that nobody has":         {"shop/client", "10.244.9.9:80", target{}, "dial tcp 10.244.9.9:80: i/o timeout"},
		"an address outside":                 {"shop/client", "8.8.8.8:53", target{}, "dial tcp 8.8.8.8:53: i/o timeout"},
		"this machine for the API server":    {"", "localhost:4443", target{"", "127.0.0.1:4443"}, ""},
		"an alias of this machine":           {"", "metrics.kube-system.svc:4443", target{"", "127.0.0.1:4443"}, ""},
		"this machine is closed to pods":     {"shop/client", "localhost:4443", target{}, "lookup localhost: no such host"},
		"its loopback address, too":          {"shop/client", "127.0.0.1:4443", target{}, "dial tcp 127.0.0.1:4443: i/o timeout"},
		"an alias of it is closed to pods":   {"shop/client", "metrics.kube-system:4443", target{}, "lookup metrics.kube-system: no such host"},
		"a name that nobody has":             {"shop/client", "nope:80", target{}, "lookup nope: no such host"},
		"a port that is none":                {"shop/client", "web:http", target{}, "dial tcp: lookup tcp/http: unknown port"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			from := w.pods[test.from]
			if test.from != "" {
				from = pod(t, w, test.from)
			}
			got, err := newRouter(w).route(from, test.address)
			if text := errorText(err); got != test.want || text != test.err {
				t.Errorf("%q to %s: %+v %q, want %+v %q", test.from, test.address, got, text, test.want, test.err)
			}
		})
	}
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func TestClientStaysWithItsEndpoint(t *testing.T) {
	sticky := strings.Replace(service, "type: NodePort", "type: NodePort, sessionAffinity: ClientIP, sessionAffinityConfig: {clientIP: {timeoutSeconds: 60}}", 1)
	w := build(t, shop, node1, node2, web, web2, client, sticky, slice)
	now := time.Unix(0, 0)
	r := newRouter(w)
	r.affinity.now = func() time.Time { return now }
	first, err := r.route(pod(t, w, "shop/client"), "web:80")
	if err != nil {
		t.Fatal(err)
	}
	for range 50 {
		if again, err := r.route(pod(t, w, "shop/client"), "web:80"); err != nil || again != first {
			t.Fatalf("went to %+v %v after %+v", again, err, first)
		}
	}
	w.put(parse(t, strings.Replace(slice, "addresses: ["+strings.TrimSuffix(first.address, ":8080")+"], nodeName: "+first.node+", conditions: {ready: true}", "addresses: [10.244.9.9], conditions: {ready: false}", 1)), false)
	if moved, err := r.route(pod(t, w, "shop/client"), "web:80"); err != nil || moved == first {
		t.Errorf("stays with an endpoint that is gone: %+v %v", moved, err)
	}
}

func TestServiceSpreadsOverEndpoints(t *testing.T) {
	w := build(t, shop, node1, node2, web, web2, client, service, slice)
	r, seen := newRouter(w), map[string]bool{}
	for range 200 {
		to, err := r.route(pod(t, w, "shop/client"), "web:80")
		if err != nil {
			t.Fatal(err)
		}
		seen[to.node] = true
	}
	if len(seen) != 2 {
		t.Errorf("200 connections reached %v, want both nodes", seen)
	}
}

func TestNamesNeedTheWayToClusterDNS(t *testing.T) {
	closed := `{kind: NetworkPolicy, metadata: {name: p, namespace: shop}, spec: {podSelector: {matchLabels: {app: client}}, policyTypes: [Egress], egress: [{to: [{podSelector: {matchLabels: {app: web}}}]}]}}`
	open := `{kind: NetworkPolicy, metadata: {name: dns, namespace: shop}, spec: {podSelector: {}, policyTypes: [Egress], egress: [{to: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: kube-system}}, podSelector: {matchLabels: {k8s-app: kube-dns}}}], ports: [{port: 53, protocol: UDP}]}]}}`
	w := build(t, shop, system, node1, node2, web, web2, client, service, slice, closed)
	_, err := newRouter(w).route(pod(t, w, "shop/client"), "web:80")
	if err == nil || errors.As(err, &shell.NoSuchName{}) || !strings.HasSuffix(err.Error(), timeout) {
		t.Errorf("without a way to DNS: %v, want a timeout", err)
	}
	w.put(parse(t, open), false)
	if _, err := newRouter(w).route(pod(t, w, "shop/client"), "web:80"); err != nil {
		t.Errorf("with a way to DNS: %v", err)
	}
}
