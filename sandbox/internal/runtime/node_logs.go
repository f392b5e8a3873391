package runtime

import (
	"fmt"
	"strings"

	"kubedrill.dev/sandbox/internal/app"
)

// nodeLogs is where a node keeps links to the logs of its containers.
const nodeLogs = "/var/log/containers"

// Logs are the log files of the node's containers under the names that they have on a node, where a volume shows these.
func (c *container) Logs() []string {
	c.rt.mu.Lock()
	defer c.rt.mu.Unlock()
	if !c.seesLogs() {
		return nil
	}
	var names []string
	for _, other := range c.rt.containers {
		if other.log != nil {
			names = append(names, other.logName())
		}
	}
	return names
}

// LogFrom reads one of them.
func (c *container) LogFrom(name string, offset int64, most int) ([]byte, int64) {
	c.rt.mu.Lock()
	file := ""
	for _, other := range c.rt.containers {
		if other.logName() == name {
			file = other.logPath()
		}
	}
	c.rt.mu.Unlock()
	if file == "" {
		return nil, max(offset, 0)
	}
	return app.Tail(file, offset, most)
}

// seesLogs tells whether a volume of the node shows the folder, or one around it.
func (c *container) seesLogs() bool {
	_, logs := c.rt.config.Paths.Real(nodeLogs)
	for _, m := range c.config.Mounts {
		if _, at := c.rt.config.Paths.Real(m.HostPath); strings.HasPrefix(logs+"/", strings.TrimSuffix(at, "/")+"/") {
			return true
		}
	}
	return false
}

func (c *container) logName() string {
	pod := c.pod.config.GetMetadata()
	return fmt.Sprintf("%s/%s_%s_%s-%s.log", nodeLogs, pod.GetName(), pod.GetNamespace(), c.config.GetMetadata().GetName(), c.id)
}
