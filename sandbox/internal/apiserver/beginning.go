package apiserver

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	schedulingv1 "k8s.io/kubernetes/pkg/apis/scheduling/v1"
	"k8s.io/kubernetes/plugin/pkg/auth/authorizer/rbac/bootstrappolicy"
)

// stored is an object and the resource under which it is stored.
type stored struct {
	resource string
	object   interface {
		runtime.Object
		metav1.Object
	}
}

// beginning lists what the hooks rbac/bootstrap-roles and scheduling/bootstrap-system-priority-classes make in a new cluster.
func beginning() []stored {
	var all []stored
	clusterRoles := append(bootstrappolicy.ClusterRoles(), bootstrappolicy.ControllerRoles()...)
	for i := range clusterRoles {
		all = append(all, stored{"clusterroles", &clusterRoles[i]})
	}
	clusterRoleBindings := append(bootstrappolicy.ClusterRoleBindings(), bootstrappolicy.ControllerRoleBindings()...)
	for i := range clusterRoleBindings {
		all = append(all, stored{"clusterrolebindings", &clusterRoleBindings[i]})
	}
	for namespace, roles := range bootstrappolicy.NamespaceRoles() {
		for i := range roles {
			roles[i].Namespace = namespace
			all = append(all, stored{"roles", &roles[i]})
		}
	}
	for namespace, bindings := range bootstrappolicy.NamespaceRoleBindings() {
		for i := range bindings {
			bindings[i].Namespace = namespace
			all = append(all, stored{"rolebindings", &bindings[i]})
		}
	}
	for _, class := range schedulingv1.SystemPriorityClasses() {
		class.Generation = 1
		all = append(all, stored{"priorityclasses", class})
	}
	return all
}
