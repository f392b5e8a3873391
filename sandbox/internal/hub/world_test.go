package hub

import (
	"testing"

	v1 "k8s.io/api/core/v1"
	discovery "k8s.io/api/discovery/v1"
	networking "k8s.io/api/networking/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/yaml"
)

// build makes a world out of manifests.
func build(t *testing.T, manifests ...string) *world {
	t.Helper()
	w := newWorld()
	for _, m := range manifests {
		w.put(parse(t, m), false)
	}
	return w
}

func parse(t *testing.T, manifest string) runtime.Object {
	t.Helper()
	var kind struct {
		Kind string `json:"kind"`
	}
	if err := yaml.Unmarshal([]byte(manifest), &kind); err != nil {
		t.Fatal(err)
	}
	object := map[string]runtime.Object{
		"Namespace": &v1.Namespace{}, "Node": &v1.Node{}, "Pod": &v1.Pod{}, "Service": &v1.Service{},
		"EndpointSlice": &discovery.EndpointSlice{}, "NetworkPolicy": &networking.NetworkPolicy{},
	}[kind.Kind]
	if err := yaml.UnmarshalStrict([]byte(manifest), object); err != nil {
		t.Fatalf("%s: %v", manifest, err)
	}
	return object
}

const (
	shop    = `{kind: Namespace, metadata: {name: shop, labels: {team: shop}}}`
	other   = `{kind: Namespace, metadata: {name: other, labels: {team: other}}}`
	system  = `{kind: Namespace, metadata: {name: kube-system, labels: {kubernetes.io/metadata.name: kube-system}}}`
	node1   = `{kind: Node, metadata: {name: node-1}, status: {addresses: [{type: InternalIP, address: 172.18.0.2}], daemonEndpoints: {kubeletEndpoint: {Port: 30261}}}}`
	node2   = `{kind: Node, metadata: {name: node-2}, status: {addresses: [{type: InternalIP, address: 172.18.0.3}], daemonEndpoints: {kubeletEndpoint: {Port: 30262}}}}`
	web     = `{kind: Pod, metadata: {name: web, namespace: shop, labels: {app: web}}, spec: {nodeName: node-1, containers: [{name: web, ports: [{name: http, containerPort: 8080}]}]}, status: {phase: Running, podIP: 10.244.0.2}}`
	web2    = `{kind: Pod, metadata: {name: web2, namespace: shop, labels: {app: web}}, spec: {nodeName: node-2, containers: [{name: web, ports: [{name: http, containerPort: 8080}]}]}, status: {phase: Running, podIP: 10.244.1.2}}`
	client  = `{kind: Pod, metadata: {name: client, namespace: shop, labels: {app: client}}, spec: {nodeName: node-2, containers: [{name: c}]}, status: {phase: Running, podIP: 10.244.1.3}}`
	far     = `{kind: Pod, metadata: {name: far, namespace: other, labels: {app: client}}, spec: {nodeName: node-1, containers: [{name: c}]}, status: {phase: Running, podIP: 10.244.0.4}}`
	onHost  = `{kind: Pod, metadata: {name: agent, namespace: shop, labels: {app: client}}, spec: {nodeName: node-1, hostNetwork: true, containers: [{name: c}]}, status: {phase: Running, podIP: 172.18.0.2}}`
	service = `{kind: Service, metadata: {name: web, namespace: shop}, spec: {type: NodePort, clusterIP: 10.96.5.5, clusterIPs: [10.96.5.5], ports: [{name: http, port: 80, targetPort: http, nodePort: 30080}]}}`
	slice   = `{kind: EndpointSlice, addressType: IPv4, metadata: {name: web-1, namespace: shop, labels: {kubernetes.io/service-name: web}}, ports: [{name: http, port: 8080, protocol: TCP}], endpoints: [{addresses: [10.244.0.2], nodeName: node-1, conditions: {ready: true}}, {addresses: [10.244.1.2], nodeName: node-2, conditions: {ready: true}}]}`
)

func pod(t *testing.T, w *world, name string) *v1.Pod {
	t.Helper()
	p := w.pods[name]
	if p == nil {
		t.Fatalf("no pod %s", name)
	}
	return p
}
