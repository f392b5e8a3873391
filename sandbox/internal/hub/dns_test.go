package hub

import (
	"slices"
	"testing"
)

const (
	headless      = `{kind: Service, metadata: {name: db, namespace: shop}, spec: {clusterIP: None, ports: [{name: sql, port: 5432}]}}`
	headlessSlice = `{kind: EndpointSlice, addressType: IPv4, metadata: {name: db-1, namespace: shop, labels: {kubernetes.io/service-name: db}}, ports: [{name: sql, port: 5432}], endpoints: [{addresses: [10.244.0.7], hostname: db-0, conditions: {ready: true}}, {addresses: [10.244.1.7], hostname: db-1, conditions: {ready: true}}, {addresses: [10.244.1.8], hostname: db-2, conditions: {ready: false}}]}`
	empty         = `{kind: Service, metadata: {name: empty, namespace: shop}, spec: {clusterIP: None, ports: [{port: 1}]}}`
	alias         = `{kind: Service, metadata: {name: alias, namespace: shop}, spec: {type: ExternalName, externalName: web.shop.svc.cluster.local}}`
	outside       = `{kind: Service, metadata: {name: outside, namespace: shop}, spec: {type: ExternalName, externalName: example.com}}`
	loop          = `{kind: Service, metadata: {name: loop, namespace: shop}, spec: {type: ExternalName, externalName: loop.shop.svc.cluster.local}}`
	kubernetes    = `{kind: Service, metadata: {name: kubernetes, namespace: default}, spec: {clusterIP: 10.96.0.1, ports: [{port: 443}]}}`
	noDNS         = `{kind: Pod, metadata: {name: nodns, namespace: shop}, spec: {dnsPolicy: Default, containers: [{name: c}]}, status: {podIP: 10.244.1.9}}`
	hostDNS       = `{kind: Pod, metadata: {name: hostdns, namespace: shop}, spec: {hostNetwork: true, dnsPolicy: ClusterFirstWithHostNet, containers: [{name: c}]}, status: {podIP: 172.18.0.2}}`
	ownDNS        = `{kind: Pod, metadata: {name: owndns, namespace: other}, spec: {dnsPolicy: None, dnsConfig: {nameservers: [10.96.0.10], searches: [shop.svc.cluster.local]}, containers: [{name: c}]}, status: {podIP: 10.244.1.10}}`
)

func TestNamesResolveAsInClusterDNS(t *testing.T) {
	w := build(t, shop, other, client, far, onHost, service, slice, headless, headlessSlice, empty, alias, outside, loop, kubernetes, noDNS, hostDNS, ownDNS)
	tests := map[string]struct {
		from, name string
		full       string
		addresses  []string
	}{
		"a service of the same namespace":            {"shop/client", "web", "web.shop.svc.cluster.local", []string{"10.96.5.5"}},
		"a name in capitals":                         {"shop/client", "WEB", "web.shop.svc.cluster.local", []string{"10.96.5.5"}},
		"a service of another namespace":             {"other/far", "web.shop", "web.shop.svc.cluster.local", []string{"10.96.5.5"}},
		"another namespace without saying so":        {"other/far", "web", "", nil},
		"with svc":                                   {"other/far", "web.shop.svc", "web.shop.svc.cluster.local", []string{"10.96.5.5"}},
		"in full":                                    {"other/far", "web.shop.svc.cluster.local", "web.shop.svc.cluster.local", []string{"10.96.5.5"}},
		"in full with a dot":                         {"other/far", "web.shop.svc.cluster.local.", "web.shop.svc.cluster.local", []string{"10.96.5.5"}},
		"short with a dot":                           {"shop/client", "web.", "", nil},
		"the API server":                             {"other/far", "kubernetes.default", "kubernetes.default.svc.cluster.local", []string{"10.96.0.1"}},
		"a headless service: ready pods only":        {"shop/client", "db", "db.shop.svc.cluster.local", []string{"10.244.0.7", "10.244.1.7"}},
		"a headless service without ready pods":      {"shop/client", "empty", "", nil},
		"one pod of a stateful set":                  {"shop/client", "db-1.db", "db-1.db.shop.svc.cluster.local", []string{"10.244.1.7"}},
		"one pod that is not ready":                  {"shop/client", "db-2.db", "", nil},
		"a pod by its address":                       {"shop/client", "10-244-0-2.shop.pod", "10-244-0-2.shop.pod.cluster.local", []string{"10.244.0.2"}},
		"an alias":                                   {"shop/client", "alias", "alias.shop.svc.cluster.local", []string{"10.96.5.5"}},
		"an alias of a name outside":                 {"shop/client", "outside", "outside.shop.svc.cluster.local", nil},
		"an alias of itself ends":                    {"shop/client", "loop", "loop.shop.svc.cluster.local", nil},
		"a name outside":                             {"shop/client", "example.com", "", nil},
		"dnsPolicy Default does not ask cluster DNS": {"shop/nodns", "web", "", nil},
		"host network does not ask cluster DNS":      {"shop/agent", "web", "", nil},
		"host network with its policy does":          {"shop/hostdns", "web", "web.shop.svc.cluster.local", []string{"10.96.5.5"}},
		"a resolver of one's own":                    {"other/owndns", "web", "web.shop.svc.cluster.local", []string{"10.96.5.5"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			answer, ok := w.resolve(pod(t, w, test.from), test.name)
			if ok != (test.full != "") || ok && answer.Name != test.full || !slices.Equal(answer.Addresses, test.addresses) {
				t.Errorf("%s asks for %s: %v %+v, want %s %v", test.from, test.name, ok, answer, test.full, test.addresses)
			}
		})
	}
}

func TestAliasNamesItsTarget(t *testing.T) {
	w := build(t, shop, outside)
	if answer, ok := w.resolve(nil, "outside.shop"); !ok || answer.CNAME != "example.com" {
		t.Errorf("got %+v %v, want an alias of example.com", answer, ok)
	}
}
