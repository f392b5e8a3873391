package kubelet

import (
	"net"
	"reflect"
	"testing"

	"k8s.io/kubernetes/pkg/kubelet"
)

// The kubelet's check of its node's address is a private field: a new version of Kubernetes may rename it.
func TestKubeletStillHasItsAddressCheck(t *testing.T) {
	field, ok := reflect.TypeFor[kubelet.Kubelet]().FieldByName("nodeIPValidator")
	if !ok {
		t.Fatal("the kubelet has no field nodeIPValidator any more: look for what checks the node's address now")
	}
	if want := reflect.TypeFor[func(net.IP) error](); field.Type != want {
		t.Fatalf("nodeIPValidator is a %s, not a %s", field.Type, want)
	}
	anyNodeIP(&kubelet.Kubelet{})
}
