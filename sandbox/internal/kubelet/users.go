package kubelet

import (
	"strconv"

	v1 "k8s.io/api/core/v1"
	"k8s.io/kubernetes/pkg/securitycontext"
	volumeutil "k8s.io/kubernetes/pkg/volume/util"

	"kubedrill.dev/sandbox/internal/runtime"
)

// hideUser keeps the kubelet from giving files of projected volumes to the one user that all containers of a Pod run as: that takes a
// right which an ordinary user of this machine does not have, and the volume would never be mounted. The runtime learns the user from an
// annotation instead. A Pod that must be refused because its user is root stays as it is.
func hideUser(pod *v1.Pod) {
	user := volumeutil.FsUserFrom(pod)
	if user == nil {
		return
	}
	contexts := []*v1.SecurityContext{}
	for _, list := range [][]v1.Container{pod.Spec.InitContainers, pod.Spec.Containers} {
		for i := range list {
			effective := securitycontext.DetermineEffectiveSecurityContext(pod, &list[i])
			if *user == 0 && effective.RunAsNonRoot != nil && *effective.RunAsNonRoot {
				return
			}
			contexts = append(contexts, list[i].SecurityContext)
		}
	}
	for _, sc := range contexts {
		if sc != nil {
			sc.RunAsUser, sc.RunAsNonRoot = nil, nil
		}
	}
	if sc := pod.Spec.SecurityContext; sc != nil {
		sc.RunAsUser, sc.RunAsNonRoot = nil, nil
	}
	if pod.Annotations == nil {
		pod.Annotations = map[string]string{}
	}
	pod.Annotations[runtime.UserAnnotation] = strconv.FormatInt(*user, 10)
}
