package hub

import (
	"testing"

	v1 "k8s.io/api/core/v1"
)

func policy(spec string) string {
	return `{kind: NetworkPolicy, metadata: {name: p, namespace: shop}, spec: ` + spec + `}`
}

func TestPoliciesDecideWhoReachesWhom(t *testing.T) {
	tests := map[string]struct {
		policy   string
		from, to string
		port     int32
		want     bool
	}{
		"no policy":                             {policy(`{podSelector: {matchLabels: {app: nobody}}}`), "shop/client", "shop/web", 8080, true},
		"deny all ingress":                      {policy(`{podSelector: {}}`), "shop/client", "shop/web", 8080, false},
		"a pod reaches itself":                  {policy(`{podSelector: {}}`), "shop/web", "shop/web", 8080, true},
		"allow all ingress":                     {policy(`{podSelector: {}, ingress: [{}]}`), "other/far", "shop/web", 8080, true},
		"deny ingress leaves egress":            {policy(`{podSelector: {matchLabels: {app: client}}}`), "shop/client", "shop/web", 8080, true},
		"deny egress":                           {policy(`{podSelector: {matchLabels: {app: client}}, policyTypes: [Egress]}`), "shop/client", "shop/web", 8080, false},
		"egress type by its rules":              {policy(`{podSelector: {matchLabels: {app: client}}, egress: [{to: [{podSelector: {matchLabels: {app: nobody}}}]}]}`), "shop/client", "shop/web", 8080, false},
		"pods of the namespace":                 {policy(`{podSelector: {}, ingress: [{from: [{podSelector: {}}]}]}`), "shop/client", "shop/web", 8080, true},
		"pods of the namespace are not others":  {policy(`{podSelector: {}, ingress: [{from: [{podSelector: {}}]}]}`), "other/far", "shop/web", 8080, false},
		"pods by label":                         {policy(`{podSelector: {}, ingress: [{from: [{podSelector: {matchLabels: {app: client}}}]}]}`), "shop/client", "shop/web", 8080, true},
		"pods by another label":                 {policy(`{podSelector: {}, ingress: [{from: [{podSelector: {matchLabels: {app: x}}}]}]}`), "shop/client", "shop/web", 8080, false},
		"a namespace by label":                  {policy(`{podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: {team: other}}}]}]}`), "other/far", "shop/web", 8080, true},
		"another namespace by label":            {policy(`{podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: {team: other}}}]}]}`), "shop/client", "shop/web", 8080, false},
		"all namespaces":                        {policy(`{podSelector: {}, ingress: [{from: [{namespaceSelector: {}}]}]}`), "other/far", "shop/web", 8080, true},
		"namespace and pod in one peer":         {policy(`{podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: {team: other}}, podSelector: {matchLabels: {app: x}}}]}]}`), "other/far", "shop/web", 8080, false},
		"namespace or pod in two peers":         {policy(`{podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: {team: other}}}, {podSelector: {matchLabels: {app: x}}}]}]}`), "other/far", "shop/web", 8080, true},
		"the port":                              {policy(`{podSelector: {}, ingress: [{ports: [{port: 8080}]}]}`), "shop/client", "shop/web", 8080, true},
		"the service's port is not the pod's":   {policy(`{podSelector: {}, ingress: [{ports: [{port: 80}]}]}`), "shop/client", "shop/web", 8080, false},
		"the port by name":                      {policy(`{podSelector: {}, ingress: [{ports: [{port: http}]}]}`), "shop/client", "shop/web", 8080, true},
		"a name that the pod does not have":     {policy(`{podSelector: {}, ingress: [{ports: [{port: metrics}]}]}`), "shop/client", "shop/web", 8080, false},
		"a range of ports":                      {policy(`{podSelector: {}, ingress: [{ports: [{port: 8000, endPort: 9000}]}]}`), "shop/client", "shop/web", 8080, true},
		"outside the range":                     {policy(`{podSelector: {}, ingress: [{ports: [{port: 8000, endPort: 8079}]}]}`), "shop/client", "shop/web", 8080, false},
		"another protocol":                      {policy(`{podSelector: {}, ingress: [{ports: [{port: 8080, protocol: UDP}]}]}`), "shop/client", "shop/web", 8080, false},
		"a block of addresses":                  {policy(`{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 10.244.0.0/16}}]}]}`), "other/far", "shop/web", 8080, true},
		"a block but not this":                  {policy(`{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 10.244.0.0/16, except: [10.244.0.4/32]}}]}]}`), "other/far", "shop/web", 8080, false},
		"another block":                         {policy(`{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 192.168.0.0/16}}]}]}`), "other/far", "shop/web", 8080, false},
		"a pod on the host network is no pod":   {policy(`{podSelector: {}, ingress: [{from: [{podSelector: {matchLabels: {app: client}}}]}]}`), "shop/agent", "shop/web", 8080, false},
		"it is its node's address":              {policy(`{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 172.18.0.0/16}}]}]}`), "shop/agent", "shop/web", 8080, true},
		"no policy selects it":                  {policy(`{podSelector: {}, policyTypes: [Ingress, Egress]}`), "shop/agent", "other/far", 80, true},
		"egress by name of the target's port":   {policy(`{podSelector: {matchLabels: {app: client}}, policyTypes: [Egress], egress: [{ports: [{port: http}]}]}`), "shop/client", "shop/web", 8080, true},
		"egress to another namespace":           {policy(`{podSelector: {}, policyTypes: [Egress], egress: [{to: [{namespaceSelector: {matchLabels: {team: other}}}]}]}`), "shop/client", "other/far", 80, true},
		"a policy of one namespace is not ours": {policy(`{podSelector: {}}`), "shop/client", "other/far", 80, true},
		"expressions":                           {policy(`{podSelector: {matchExpressions: [{key: app, operator: NotIn, values: [web]}]}}`), "other/far", "shop/web", 8080, true},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			w := build(t, shop, other, web, client, far, onHost, test.policy)
			from, to := podPeer(pod(t, w, test.from)), podPeer(pod(t, w, test.to))
			if got := w.allowed(from, to, test.port, v1.ProtocolTCP); got != test.want {
				t.Errorf("%s to %s:%d allowed is %v, want %v", test.from, test.to, test.port, got, test.want)
			}
		})
	}
}

func TestPoliciesAddUp(t *testing.T) {
	allow := `{kind: NetworkPolicy, metadata: {name: allow, namespace: shop}, spec: {podSelector: {matchLabels: {app: web}}, ingress: [{from: [{podSelector: {matchLabels: {app: client}}}]}]}}`
	w := build(t, shop, other, web, client, far, policy(`{podSelector: {}}`), allow)
	if !w.allowed(podPeer(pod(t, w, "shop/client")), podPeer(pod(t, w, "shop/web")), 8080, v1.ProtocolTCP) {
		t.Error("the second policy does not let the client through")
	}
	if w.allowed(podPeer(pod(t, w, "other/far")), podPeer(pod(t, w, "shop/web")), 8080, v1.ProtocolTCP) {
		t.Error("a pod of another namespace gets through")
	}
}
