package kubelet

import (
	"testing"

	v1 "k8s.io/api/core/v1"
	"k8s.io/utils/ptr"

	"kubedrill.dev/sandbox/internal/runtime"
)

func TestUserOfAPodIsHiddenFromTheKubelet(t *testing.T) {
	pod := func(podUser *int64, nonRoot *bool, users ...*int64) *v1.Pod {
		p := &v1.Pod{Spec: v1.PodSpec{SecurityContext: &v1.PodSecurityContext{RunAsUser: podUser, RunAsNonRoot: nonRoot, FSGroup: ptr.To[int64](2000)}}}
		for _, u := range users {
			c := v1.Container{}
			if u != nil {
				c.SecurityContext = &v1.SecurityContext{RunAsUser: u}
			}
			p.Spec.Containers = append(p.Spec.Containers, c)
		}
		return p
	}
	for name, c := range map[string]struct {
		pod  *v1.Pod
		want string
	}{
		"the Pod says":               {pod(ptr.To[int64](1000), ptr.To(true), nil, nil), "1000"},
		"every container says":       {pod(nil, nil, ptr.To[int64](7), ptr.To[int64](7)), "7"},
		"root":                       {pod(ptr.To[int64](0), nil, nil), "0"},
		"root that must be refused":  {pod(ptr.To[int64](0), ptr.To(true), nil), ""},
		"two users":                  {pod(nil, nil, ptr.To[int64](7), ptr.To[int64](8)), ""},
		"nobody says":                {pod(nil, nil, nil), ""},
		"one container does not say": {pod(nil, nil, ptr.To[int64](7), nil), ""},
	} {
		before := c.pod.DeepCopy()
		hideUser(c.pod)
		hideUser(c.pod) // The store keeps the rewritten object.
		if got := c.pod.Annotations[runtime.UserAnnotation]; got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
		hidden := c.pod.Spec.SecurityContext.RunAsUser == nil && c.pod.Spec.SecurityContext.RunAsNonRoot == nil
		if c.want != "" && !hidden {
			t.Errorf("%s: the kubelet still sees the user", name)
		}
		if c.want == "" && before.Spec.SecurityContext.RunAsUser != nil && hidden {
			t.Errorf("%s: the user was hidden", name)
		}
	}
}
