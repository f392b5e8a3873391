package kubelet

import (
	"maps"
	"testing"
)

func TestNodeGivesItselfOnlyLabelsThatAdmissionAllows(t *testing.T) {
	own, refused := splitLabels(map[string]string{
		"node-role.kubernetes.io/control-plane": "", "topology.kubernetes.io/zone": "a", "disktype": "ssd", "example.com/rack": "7",
		"kubernetes.io/hostname": "n", "node.kubernetes.io/instance-type": "m", "scheduling.k8s.io/x": "y",
	})
	if want := map[string]string{"node-role.kubernetes.io/control-plane": "", "scheduling.k8s.io/x": "y"}; !maps.Equal(refused, want) {
		t.Errorf("left to the hub: %v, want %v", refused, want)
	}
	if len(own) != 5 {
		t.Errorf("the node's own: %v", own)
	}
}
