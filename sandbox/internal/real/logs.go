//go:build linux

package real

import (
	"path/filepath"

	"kubedrill.dev/sandbox/internal/app"
)

// Logs are the log files of the node's containers, as far as they are mounted.
func (c *Container) Logs() []string {
	// The pattern is sound, and where nothing is mounted there is nothing.
	names, _ := filepath.Glob("/var/log/containers/*.log")
	return names
}

// LogFrom reads one of them.
func (c *Container) LogFrom(name string, offset int64, most int) ([]byte, int64) {
	return app.Tail(name, offset, most)
}
