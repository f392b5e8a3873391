package kubelet

import (
	"testing"

	v1 "k8s.io/api/core/v1"
	"sigs.k8s.io/yaml"

	"kubedrill.dev/sandbox/internal/probe"
)

func TestProbesThatWouldDialAreRewritten(t *testing.T) {
	tests := map[string]struct {
		handler string
		want    *probe.Spec // Nil when the handler must stay as it is.
	}{
		"http":                       {`httpGet: {path: /ready, port: 8080}`, &probe.Spec{Kind: probe.HTTP, Port: 8080, Path: "/ready"}},
		"http by name":               {`httpGet: {path: /ready, port: web, scheme: HTTPS}`, &probe.Spec{Kind: probe.HTTP, Port: 8081, Path: "/ready", Scheme: "https"}},
		"http to another host":       {`httpGet: {path: /, port: 80, host: 10.244.0.9}`, &probe.Spec{Kind: probe.HTTP, Port: 80, Path: "/", Host: "10.244.0.9"}},
		"a name that does not exist": {`httpGet: {path: /ready, port: nope}`, nil},
		"tcp":                        {`tcpSocket: {port: 5432}`, &probe.Spec{Kind: probe.TCP, Port: 5432}},
		"grpc":                       {`grpc: {port: 9000, service: health}`, &probe.Spec{Kind: probe.GRPC, Port: 9000, Service: "health"}},
		"exec":                       {`exec: {command: [cat, /tmp/healthy]}`, nil},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			var pod v1.Pod
			manifest := `spec: {containers: [{name: c, ports: [{name: web, containerPort: 8081}], readinessProbe: {` + test.handler + `}}]}`
			if err := yaml.UnmarshalStrict([]byte(manifest), &pod); err != nil {
				t.Fatal(err)
			}
			before := pod.DeepCopy()
			rewriteProbes(&pod)
			rewriteProbes(&pod) // The store may hand out what was rewritten before.
			got := pod.Spec.Containers[0].ReadinessProbe.ProbeHandler
			if test.want == nil {
				if got.String() != before.Spec.Containers[0].ReadinessProbe.ProbeHandler.String() {
					t.Errorf("changed to %+v", got)
				}
				return
			}
			if got.Exec == nil || got.HTTPGet != nil || got.TCPSocket != nil || got.GRPC != nil {
				t.Fatalf("not rewritten: %+v", got)
			}
			spec, ok, err := probe.Decode(got.Exec.Command)
			if err != nil || !ok || spec.Kind != test.want.Kind || spec.Port != test.want.Port || spec.Path != test.want.Path || spec.Host != test.want.Host || spec.Scheme != test.want.Scheme || spec.Service != test.want.Service {
				t.Errorf("got %+v %v %v, want %+v", spec, ok, err, *test.want)
			}
		})
	}
}

func TestEveryProbeAndHookIsRewritten(t *testing.T) {
	get := `{httpGet: {port: 80}}`
	var pod v1.Pod
	manifest := `spec: {initContainers: [{name: side, restartPolicy: Always, startupProbe: ` + get + `}], containers: [{name: c, livenessProbe: ` + get + `, readinessProbe: ` + get + `, startupProbe: ` + get + `, lifecycle: {postStart: ` + get + `, preStop: ` + get + `}}]}`
	if err := yaml.UnmarshalStrict([]byte(manifest), &pod); err != nil {
		t.Fatal(err)
	}
	rewriteProbes(&pod)
	c, side := pod.Spec.Containers[0], pod.Spec.InitContainers[0]
	for name, left := range map[string]*v1.HTTPGetAction{
		"liveness": c.LivenessProbe.HTTPGet, "readiness": c.ReadinessProbe.HTTPGet, "startup": c.StartupProbe.HTTPGet,
		"postStart": c.Lifecycle.PostStart.HTTPGet, "preStop": c.Lifecycle.PreStop.HTTPGet, "a sidecar's startup": side.StartupProbe.HTTPGet,
	} {
		if left != nil {
			t.Errorf("%s still dials", name)
		}
	}
}
