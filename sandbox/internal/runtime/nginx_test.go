package runtime

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	cri "k8s.io/cri-api/pkg/apis/runtime/v1"
)

// mounted puts files into a volume at nginx's folder of configurations; the folder comes back.
func mounted(n *node, conf string) (string, func(*cri.ContainerConfig)) {
	n.t.Helper()
	volume := filepath.Join(n.dir, "kubelet", "conf")
	if err := os.MkdirAll(volume, 0o755); err != nil {
		n.t.Fatal(err)
	}
	write(n.t, volume, conf)
	return volume, func(c *cri.ContainerConfig) {
		c.Mounts = append(c.Mounts, &cri.Mount{ContainerPath: "/etc/nginx/conf.d", HostPath: volume, Readonly: true})
	}
}

func write(t *testing.T, volume, conf string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(volume, "default.conf"), []byte(conf), 0o644); err != nil {
		t.Fatal(err)
	}
}

func (n *node) exec(id string, argv ...string) (string, error) {
	out, errOut, err := n.ExecSync(context.Background(), id, argv, 0)
	return string(out) + string(errOut), err
}

func TestAMountedConfigurationIsWhatNginxDoes(t *testing.T) {
	n := newNode(t)
	volume, mount := mounted(n, "server { listen 8080; location / { root /html; } location = /a { return 200 one; } location /api { proxy_pass http://10.96.0.9; } }")
	id := n.run("nginx:1.29", mount)
	get := func(url string) string { out, _ := n.exec(id, "curl", "-s", url); return out }
	n.eventually("the page is there", func() bool { return get("http://localhost:8080/") == "welcome\n" })
	if got := get("http://localhost:8080/a"); got != "one" {
		t.Errorf("%q", got)
	}
	if got := get("http://localhost:8080/api"); !strings.Contains(got, "504 Gateway Time-out") {
		t.Errorf("%q", got)
	}
	if _, err := n.exec(id, "curl", "-s", "http://localhost:80/"); err == nil {
		t.Error("a port is open that the configuration does not have")
	}
	if log := n.log(); !strings.Contains(log, `"GET /a HTTP/1.1" 200 3 "-" "curl/`) || !strings.Contains(log, `upstream timed out (110: Connection timed out) while connecting to upstream`) {
		t.Errorf("%s", log)
	}

	write(t, volume, "server { listen 8080; return 200 two\n}")
	if out, err := n.exec(id, "nginx", "-t"); err == nil || !strings.Contains(out, "nginx: [emerg] unexpected \"}\" in /etc/nginx/conf.d/default.conf:2\nnginx: configuration file /etc/nginx/nginx.conf test failed") {
		t.Errorf("%v %s", err, out)
	}
	if _, err := n.exec(id, "nginx", "-s", "reload"); err == nil {
		t.Error("a wrong configuration is sent")
	}
	write(t, volume, "server { listen 8081; return 200 two; }")
	if out, err := n.exec(id, "nginx", "-t"); err != nil || !strings.Contains(out, "test is successful") {
		t.Errorf("%v %s", err, out)
	}
	if got := get("http://localhost:8080/a"); got != "one" {
		t.Errorf("before it is told to reload: %q", got)
	}
	if out, err := n.exec(id, "nginx", "-s", "reload"); err != nil {
		t.Errorf("%v %s", err, out)
	}
	n.eventually("the new configuration counts", func() bool { return get("http://localhost:8081/") == "two" })
}

func TestNginxEndsWithAMistakeInItsConfiguration(t *testing.T) {
	for _, command := range [][]string{nil, {"nginx", "-g", "daemon off;"}, {"sh", "-c", "exec nginx -g 'daemon off;'"}} {
		n := newNode(t)
		_, mount := mounted(n, "server {\n  listen 80;\n  location / {\n    proxy_pass http://backend:8080;\n  }\n}\n")
		got := n.wait(n.run("nginx:1.29", func(c *cri.ContainerConfig) { mount(c); c.Command = command }), cri.ContainerState_CONTAINER_EXITED)
		const why = `nginx: [emerg] host not found in upstream "backend" in /etc/nginx/conf.d/default.conf:4`
		if got.ExitCode != 1 || got.Reason != "Error" || !strings.Contains(n.log(), "stderr F "+why) || strings.Contains(n.log(), "ready") {
			t.Errorf("%q: %d %s %s", command, got.ExitCode, got.Reason, n.log())
		}
	}
}

func TestNginxWithItsOwnConfigurationIsAsTheCatalogueSays(t *testing.T) {
	n := newNode(t)
	id := n.run("nginx:1.29", nil)
	n.eventually("it listens", func() bool { out, _ := n.exec(id, "curl", "-s", "http://localhost/"); return out == "welcome\n" })
	if log := n.log(); !strings.Contains(log, "ready") || strings.Contains(log, "GET") { // The entry has no access log.
		t.Errorf("%s", log)
	}
}
