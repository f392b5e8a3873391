package hub

import (
	"fmt"
	"strings"
	"testing"

	v1 "k8s.io/api/core/v1"
)

func balanced(name, extra, ip string) string {
	status := ""
	if ip != "" {
		status = fmt.Sprintf(`, status: {loadBalancer: {ingress: [{ip: %s}]}}`, ip)
	}
	return fmt.Sprintf(`{kind: Service, metadata: {name: %s, namespace: shop}, spec: {type: LoadBalancer%s, ports: [{port: 80}]}%s}`, name, extra, status)
}

func TestBalancerGivesAddresses(t *testing.T) {
	tests := map[string]struct{ service, want string }{
		"the first that is free":          {balanced("new", "", ""), "172.18.255.2"},
		"the one it has":                  {balanced("new", "", "172.18.255.9"), "172.18.255.9"},
		"not one that another has":        {balanced("new", "", "172.18.255.1"), "172.18.255.2"},
		"the one it asks for":             {balanced("new", ", loadBalancerIP: 172.18.255.77", ""), "172.18.255.77"},
		"none for another type":           {strings.Replace(balanced("new", "", "172.18.255.9"), "LoadBalancer", "ClusterIP", 1), ""},
		"leaves another class's as it is": {balanced("new", ", loadBalancerClass: example.com/other", "10.1.1.1"), "10.1.1.1"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			w := build(t, balanced("old", "", "172.18.255.1"), test.service)
			ingress, err := w.ingress(w.services["shop/new"])
			if got := addressOf(ingress); err != nil || got != test.want {
				t.Errorf("got %q %v, want %q", got, err, test.want)
			}
		})
	}
}

func addressOf(ingress []v1.LoadBalancerIngress) string {
	if len(ingress) == 0 {
		return ""
	}
	return ingress[0].IP
}

func TestBalancerSaysThatAnAddressIsTaken(t *testing.T) {
	w := build(t, balanced("old", "", "172.18.255.1"), balanced("new", ", loadBalancerIP: 172.18.255.1", ""))
	if _, err := w.ingress(w.services["shop/new"]); err == nil {
		t.Error("two services have one address")
	}
}

func TestBalancerRunsOut(t *testing.T) {
	w := build(t, balanced("new", "", ""))
	for i := 1; i <= 250; i++ {
		w.put(parse(t, balanced(fmt.Sprintf("s%d", i), "", fmt.Sprintf("172.18.255.%d", i))), false)
	}
	if got, err := w.ingress(w.services["shop/new"]); err == nil {
		t.Errorf("got %v, want an error", got)
	}
}
