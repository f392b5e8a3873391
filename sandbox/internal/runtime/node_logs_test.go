package runtime

import (
	"strings"
	"testing"

	cri "k8s.io/cri-api/pkg/apis/runtime/v1"
)

func TestOnlyAVolumeOfTheNodeShowsItsLogs(t *testing.T) {
	for at, sees := range map[string]bool{"/var/log": true, "/var": true, "/var/log/containers/": true, "/var/log/pods": false, "/var/lo": false} {
		n := newNode(t)
		_, host := n.config.Paths.Real(at)
		id := n.run("shop/web:1.0", func(c *cri.ContainerConfig) {
			c.Mounts = []*cri.Mount{{ContainerPath: "/logs", HostPath: host, Readonly: true}}
		})
		n.mu.Lock()
		c := n.containers[id]
		n.mu.Unlock()
		logs := c.Logs()
		if !sees {
			if len(logs) > 0 {
				t.Errorf("%s shows %v", at, logs)
			}
			continue
		}
		if len(logs) != 1 || !strings.HasPrefix(logs[0], "/var/log/containers/p_shop_c-") {
			t.Fatalf("%s shows %v", at, logs)
		}
		if text, _ := c.LogFrom(logs[0], 0, 1000); !strings.Contains(string(text), "web starts") {
			t.Errorf("%q", text)
		}
	}
}
