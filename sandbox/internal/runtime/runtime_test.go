package runtime

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	cri "k8s.io/cri-api/pkg/apis/runtime/v1"

	"kubedrill.dev/sandbox/internal/catalogue"
	"kubedrill.dev/sandbox/internal/cost"
	"kubedrill.dev/sandbox/internal/demand"
	"kubedrill.dev/sandbox/internal/live"
	"kubedrill.dev/sandbox/internal/probe"
	"kubedrill.dev/sandbox/internal/shell"
)

type noNetwork struct{}

func (noNetwork) Dial(_ context.Context, _, address string) (net.Conn, error) {
	return nil, fmt.Errorf("dial tcp %s: i/o timeout", address)
}
func (noNetwork) Resolve(_ context.Context, _, name string) (shell.Answer, error) {
	return shell.Answer{}, shell.NoSuchName{Name: name}
}

const images = `
images:
  shop/web:1.0: {ports: [8080], memory: 40Mi, http: {/: {body: hello}, /slow: {delay: 1h}, /bad: {status: 500}}, accessLog: "{path} {status} {millis}ms", log: ["web starts"], stop: {code: 0, log: bye}}
  shop/api:1.0: {ports: [8080], needsEnv: [DATABASE_URL], missing: {code: 3, log: "%s is not set"}}
  shop/soon:1.0: {ports: [8080], startup: 200ms}
  shop/late:1.0: {ports: [8080], startup: 1h}
  shop/hungry:1.0: {memory: 200Mi}
  shop/private:1.0: {private: {username: shop, password: s3cret}}
  shop/absent:1.0: {absent: true}
  busybox:1.37: {cmd: [sh]}
  nginx:1.29:
    {acts: nginx, base: debian, tools: [nginx, curl], entrypoint: [/docker-entrypoint.sh], cmd: [nginx, -g, daemon off;], programs: [nginx, docker-entrypoint.sh],
     version: 1.29.3, ports: [80], memory: 6Mi, listening: ["ready"], docRoot: /html, stop: {code: 0}, files: {/html/index.html: "welcome\n",
     /etc/nginx/nginx.conf: "events {} http { include conf.d/*.conf; }", /etc/nginx/conf.d/default.conf: "server { listen 80; location / { root /html; } }"}}
`

// node is a runtime with a Pod to put containers in.
type node struct {
	*Runtime
	t   *testing.T
	dir string
	pod string
}

func newNode(t *testing.T) *node {
	t.Helper()
	list, err := catalogue.Parse([]byte(images))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	r := New(NewImages(list, dir), Config{NodeIP: "172.18.0.2", Paths: Paths{Root: filepath.Join(dir, "kubelet"), Storage: filepath.Join(dir, "storage"), Host: filepath.Join(dir, "host")}, Network: noNetwork{}})
	ctx := context.Background()
	if _, err := r.RunPodSandbox(ctx, &cri.PodSandboxConfig{}, ""); err == nil {
		t.Fatal("a Pod starts before the node has a range of addresses")
	}
	if err := r.UpdateRuntimeConfig(ctx, &cri.RuntimeConfig{NetworkConfig: &cri.NetworkConfig{PodCidr: "10.244.1.0/24"}}); err != nil {
		t.Fatal(err)
	}
	pod, err := r.RunPodSandbox(ctx, &cri.PodSandboxConfig{Metadata: &cri.PodSandboxMetadata{Name: "p", Namespace: "shop", Uid: "u"}, Hostname: "p", LogDirectory: filepath.Join(dir, "logs")}, "")
	if err != nil {
		t.Fatal(err)
	}
	n := &node{r, t, dir, pod}
	t.Cleanup(func() { _ = r.RemovePodSandbox(ctx, pod) })
	return n
}

func (n *node) run(image string, change func(*cri.ContainerConfig)) string {
	n.t.Helper()
	ctx := context.Background()
	spec := &cri.ImageSpec{Image: image, UserSpecifiedImage: image}
	if _, err := n.images.PullImage(ctx, spec, nil, nil); err != nil {
		n.t.Fatal(err)
	}
	config := &cri.ContainerConfig{Metadata: &cri.ContainerMetadata{Name: "c"}, Image: spec, LogPath: "c.log"}
	if change != nil {
		change(config)
	}
	id, err := n.CreateContainer(ctx, n.pod, config, nil)
	if err != nil {
		n.t.Fatal(err)
	}
	if err := n.StartContainer(ctx, id); err != nil {
		n.t.Fatal(err)
	}
	return id
}

func (n *node) wait(id string, state cri.ContainerState) *cri.ContainerStatus {
	n.t.Helper()
	for end := time.Now().Add(10 * time.Second); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		s, err := n.ContainerStatus(context.Background(), id, false)
		if err != nil {
			n.t.Fatal(err)
		}
		if s.Status.State == state {
			return s.Status
		}
	}
	n.t.Fatalf("the container does not come to be %s", state)
	return nil
}

func (n *node) log() string {
	b, _ := os.ReadFile(filepath.Join(n.dir, "logs", "c.log"))
	return string(b)
}

func TestContainersEndAsTheirImagesSay(t *testing.T) {
	tests := map[string]struct {
		image  string
		change func(*cri.ContainerConfig)
		code   int32
		reason string
		log    string
	}{
		"a command": {"busybox:1.37", func(c *cri.ContainerConfig) { c.Command = []string{"sh", "-c", "echo hi; exit 7"} }, 7, "Error", "stdout F hi"},
		"well":      {"busybox:1.37", func(c *cri.ContainerConfig) { c.Args = []string{"true"} }, 0, "Completed", ""},
		"missing":   {"shop/api:1.0", nil, 3, "Error", "stderr F DATABASE_URL is not set"},
		"memory": {"shop/hungry:1.0", func(c *cri.ContainerConfig) {
			c.Linux = &cri.LinuxContainerConfig{Resources: &cri.LinuxContainerResources{MemoryLimitInBytes: 100 << 20}}
		}, 137, "OOMKilled", ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			n := newNode(t)
			got := n.wait(n.run(test.image, test.change), cri.ContainerState_CONTAINER_EXITED)
			if got.ExitCode != test.code || got.Reason != test.reason || !strings.Contains(n.log(), test.log) {
				t.Errorf("ended with %d %s and log %q, want %d %s %q", got.ExitCode, got.Reason, n.log(), test.code, test.reason, test.log)
			}
		})
	}
}

func TestContainersStopAsTheirProgramsDo(t *testing.T) {
	script := func(text string) func(*cri.ContainerConfig) {
		return func(c *cri.ContainerConfig) { c.Command = []string{"sh", "-c", text} }
	}
	tests := map[string]struct {
		image  string
		change func(*cri.ContainerConfig)
		code   int32
		log    string
	}{
		"an app":                           {"shop/web:1.0", nil, 0, "bye"},
		"a shell without a trap is killed": {"busybox:1.37", script("sleep 1000"), 137, ""},
		"a shell with one runs it":         {"busybox:1.37", script("trap 'echo caught; exit 5' TERM; touch /tmp/ready; while true; do sleep 0.05; done"), 5, "caught"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			n := newNode(t)
			id := n.run(test.image, test.change)
			n.wait(id, cri.ContainerState_CONTAINER_RUNNING)
			if test.log == "caught" {
				n.eventually("the script is ready", func() bool {
					_, _, err := n.ExecSync(context.Background(), id, []string{"test", "-f", "/tmp/ready"}, 0)
					return err == nil
				})
			}
			if err := n.StopContainer(context.Background(), id, 1); err != nil {
				t.Fatal(err)
			}
			got := n.wait(id, cri.ContainerState_CONTAINER_EXITED)
			if got.ExitCode != test.code || !strings.Contains(n.log(), test.log) {
				t.Errorf("ended with %d and log %q, want %d %q", got.ExitCode, n.log(), test.code, test.log)
			}
		})
	}
}

func (n *node) eventually(what string, ok func() bool) {
	n.t.Helper()
	for end := time.Now().Add(10 * time.Second); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		if ok() {
			return
		}
	}
	n.t.Fatalf("never: %s", what)
}

func TestAProbeWaitsForAPortThatIsAboutToOpen(t *testing.T) {
	argv, err := probe.Encode(probe.Spec{Kind: probe.TCP, Port: 8080})
	if err != nil {
		t.Fatal(err)
	}
	for image, opens := range map[string]bool{"shop/soon:1.0": true, "shop/late:1.0": false} {
		n := newNode(t)
		_, _, err := n.ExecSync(context.Background(), n.run(image, nil), argv, 10*time.Second)
		if (err == nil) != opens {
			t.Errorf("the first probe of %s: %v", image, err)
		}
	}
}

func TestProbesSayWhatTheRealProberSays(t *testing.T) {
	n := newNode(t)
	id := n.run("shop/web:1.0", nil)
	tests := map[string]struct {
		spec probe.Spec
		want string
	}{
		"well":      {probe.Spec{Kind: probe.HTTP, Port: 8080, Path: "/"}, ""},
		"missing":   {probe.Spec{Kind: probe.HTTP, Port: 8080, Path: "/nope"}, "HTTP probe failed with statuscode: 404"},
		"bad":       {probe.Spec{Kind: probe.HTTP, Port: 8080, Path: "/bad"}, "HTTP probe failed with statuscode: 500"},
		"slow":      {probe.Spec{Kind: probe.HTTP, Port: 8080, Path: "/slow"}, `Get "http://10.244.1.2:8080/slow": context deadline exceeded (Client.Timeout exceeded while awaiting headers)`},
		"refused":   {probe.Spec{Kind: probe.HTTP, Port: 80, Path: "/"}, `Get "http://10.244.1.2:80/": dial tcp 10.244.1.2:80: connect: connection refused`},
		"https":     {probe.Spec{Kind: probe.HTTP, Scheme: "https", Port: 8080, Path: "/"}, `Get "https://10.244.1.2:8080/": http: server gave HTTP response to HTTPS client`},
		"tcp":       {probe.Spec{Kind: probe.TCP, Port: 8080}, ""},
		"tcp else":  {probe.Spec{Kind: probe.TCP, Port: 81}, "dial tcp 10.244.1.2:81: connect: connection refused"},
		"grpc else": {probe.Spec{Kind: probe.GRPC, Port: 81}, `timeout: failed to connect service "10.244.1.2:81" within 20ms: context deadline exceeded`},
	}
	ask := func(s probe.Spec) string {
		argv, err := probe.Encode(s)
		if err != nil {
			t.Fatal(err)
		}
		out, _, err := n.ExecSync(context.Background(), id, argv, 20*time.Millisecond)
		if err == nil {
			return ""
		}
		return string(out)
	}
	n.eventually("the app listens", func() bool { return ask(tests["tcp"].spec) == "" })
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if got := ask(test.spec); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
	if err := n.StopContainer(context.Background(), id, 0); err != nil {
		t.Fatal(err)
	}
	if got := ask(tests["well"].spec); !strings.HasSuffix(got, "connection refused") {
		t.Errorf("after the container ended: %q", got)
	}
}

func TestPullsFailAsARegistryWould(t *testing.T) {
	n := newNode(t)
	pull := func(image string, auth *cri.AuthConfig) error {
		_, err := n.images.PullImage(context.Background(), &cri.ImageSpec{Image: image}, auth, nil)
		return err
	}
	if err := pull("shop/absent:1.0", nil); status.Code(err) != codes.NotFound {
		t.Errorf("absent: %v", err)
	}
	if err := pull("shop/private:1.0", nil); err == nil || !strings.Contains(err.Error(), "pull access denied") {
		t.Errorf("private without a secret: %v", err)
	}
	if err := pull("shop/private:1.0", &cri.AuthConfig{Username: "shop", Password: "guess"}); err == nil || !strings.Contains(err.Error(), "401 Unauthorized") {
		t.Errorf("private with a wrong secret: %v", err)
	}
	if err := pull("docker.io/shop/private:1.0", &cri.AuthConfig{Username: "shop", Password: "s3cret"}); err != nil {
		t.Errorf("private with its secret: %v", err)
	}
	if err := pull("UPPER:CASE:X", nil); err == nil {
		t.Error("a reference that is none is pulled")
	}
}

func TestUnknownProgramDoesNotStart(t *testing.T) {
	n := newNode(t)
	ctx := context.Background()
	spec := &cri.ImageSpec{Image: "busybox:1.37"}
	if _, err := n.images.PullImage(ctx, spec, nil, nil); err != nil {
		t.Fatal(err)
	}
	id, err := n.CreateContainer(ctx, n.pod, &cri.ContainerConfig{Metadata: &cri.ContainerMetadata{}, Image: spec, Command: []string{"nginxzz"}, LogPath: "c.log"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := n.StartContainer(ctx, id); err == nil || !strings.Contains(err.Error(), `exec: "nginxzz": executable file not found in $PATH`) {
		t.Errorf("got %v", err)
	}
}

func TestDialOfAPodToItselfReachesItsApp(t *testing.T) {
	n := newNode(t)
	id := n.run("shop/web:1.0", nil)
	n.mu.Lock()
	c := n.containers[id]
	n.mu.Unlock()
	n.eventually("the app listens", func() bool {
		conn, err := c.Dial(context.Background(), "localhost:8080")
		if err == nil {
			_ = conn.Close()
		}
		return err == nil
	})
	if _, err := c.Dial(context.Background(), "127.0.0.1:81"); err == nil || !strings.HasSuffix(err.Error(), "connection refused") {
		t.Errorf("a port nobody listens on: %v", err)
	}
	if _, err := c.Resolve(context.Background(), "nope"); !errors.As(err, &shell.NoSuchName{}) {
		t.Errorf("a name nobody has: %v", err)
	}
}

func TestLoadShowsInStats(t *testing.T) {
	n := newNode(t)
	id := n.run("shop/web:1.0", func(c *cri.ContainerConfig) {
		c.Linux = &cri.LinuxContainerConfig{Resources: &cri.LinuxContainerResources{CpuQuota: 50000, CpuPeriod: 100000}}
	})
	for share, want := range map[int64]uint64{200: 200e6, 900: 500e6} { // The second is over the limit.
		n.SetLoad(map[string]demand.Share{"u": {Asked: share, Milli: share}})
		s, err := n.ContainerStats(context.Background(), id)
		if err != nil || s.Cpu.UsageNanoCores.Value != want {
			t.Errorf("share %d: %v %v, want %d nano cores", share, s.GetCpu().GetUsageNanoCores(), err, want)
		}
	}
}

func TestTheProbeAnswersAsInARealContainer(t *testing.T) {
	n := newNode(t)
	id := n.run("docker.io/shop/web:1.0", nil)
	for end := time.Now().Add(10 * time.Second); time.Now().Before(end) && n.Listener("10.244.1.2", 8080) == nil; {
		time.Sleep(5 * time.Millisecond)
	}
	for target, want := range map[string]live.Seen{
		"http http://localhost:8080/": {OK: true, Status: 200, Body: "hello\n"},
		"tcp localhost:81":            {Error: "refused"},
		"tcp 10.96.0.7:80":            {Error: "timeout"},
		"dns db":                      {Error: "no-such-host"},
	} {
		out, _, err := n.ExecSync(context.Background(), id, append([]string{live.Program, "probe"}, strings.Fields(target)...), 0)
		var seen live.Seen
		if bad := json.Unmarshal(out, &seen); bad != nil || err != nil || seen.Schema != live.Schema {
			t.Fatalf("%s: %q, %v", target, out, err)
		}
		if seen.OK != want.OK || seen.Error != want.Error || seen.Status != want.Status || seen.Body != want.Body {
			t.Errorf("%s: %+v", target, seen)
		}
	}
}

func TestASaturatedAppLogsAndAnswers503(t *testing.T) {
	n := newNode(t)
	id := n.run("shop/web:1.0", nil)
	n.eventually("the app listens", func() bool { return n.Listener("10.244.1.2", 8080) != nil })
	n.SetLoad(map[string]demand.Share{"u": {Asked: 380, Milli: 190, Failing: 0.5, LatencyMillis: 1}})
	n.mu.Lock()
	c := n.containers[id]
	n.mu.Unlock()
	var answers []bool
	for range 4 {
		answers = append(answers, c.Spend(context.Background(), cost.Cost{}))
	}
	if !slices.Equal(answers, []bool{true, false, true, false}) {
		t.Errorf("half of the requests are refused: %v", answers)
	}
	n.mu.Lock()
	for range 2 {
		c.logTraffic()
	}
	path := c.logPath()
	n.mu.Unlock()
	log, err := os.ReadFile(path)
	if err != nil || strings.Count(string(log), "/ 200 1ms") != 2 || strings.Count(string(log), "/ 503 1ms") != 2 {
		t.Errorf("%v: the access log:\n%s", err, log)
	}
}

func TestALoadThatNeedsMoreMemoryThanTheLimitKills(t *testing.T) {
	n := newNode(t)
	id := n.run("shop/web:1.0", func(c *cri.ContainerConfig) {
		c.Linux = &cri.LinuxContainerConfig{Resources: &cri.LinuxContainerResources{MemoryLimitInBytes: 64 << 20}}
	})
	n.SetLoad(map[string]demand.Share{"u": {Asked: 10, Milli: 10, Memory: 10 << 20}})
	if s, err := n.ContainerStats(context.Background(), id); err != nil || s.Memory.WorkingSetBytes.Value < 10<<20 {
		t.Errorf("memory follows the load: %v %v", s.GetMemory(), err)
	}
	n.SetLoad(map[string]demand.Share{"u": {Asked: 90, Milli: 90, Memory: 90 << 20}})
	status, err := n.ContainerStatus(context.Background(), id, false)
	if err != nil || status.Status.Reason != oomKilled {
		t.Errorf("over its limit the container is %v (%v)", status.GetStatus().GetReason(), err)
	}
}
