package apiserver

import (
	"testing"

	rbacv1 "k8s.io/api/rbac/v1"
	"k8s.io/kubernetes/pkg/api/legacyscheme"
)

func TestTheServerCanReadWhatIsSeeded(t *testing.T) {
	puts, err := encode(beginning(), "/registry")
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, put := range puts {
		key := string(put.KeyBytes())
		if seen[key] {
			t.Errorf("%s is written twice", key)
		}
		seen[key] = true
		object, _, err := legacyscheme.Codecs.UniversalDeserializer().Decode(put.ValueBytes(), nil, nil)
		if err != nil {
			t.Fatalf("%s: %v", key, err)
		}
		if binding, ok := object.(*rbacv1.ClusterRoleBinding); ok && (binding.UID == "" || binding.RoleRef.APIGroup == "") {
			t.Errorf("%s lacks what the server would have given it: %v", key, binding)
		}
	}
	for _, want := range []string{
		"/registry/clusterroles/cluster-admin",
		"/registry/clusterrolebindings/system:node-proxier",
		"/registry/roles/kube-system/extension-apiserver-authentication-reader",
		"/registry/rolebindings/kube-public/system:controller:bootstrap-signer",
		"/registry/priorityclasses/system-node-critical",
	} {
		if !seen[want] {
			t.Errorf("%s is not seeded", want)
		}
	}
}
