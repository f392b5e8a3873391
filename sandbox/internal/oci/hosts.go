package oci

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"kubedrill.dev/sandbox/internal/catalogue"
)

// reserved are top-level domains that no real registry can have.
var reserved = []string{".example", ".test", ".invalid", ".localhost"}

// Hosts gives containerd's settings by their path below its folder certs.d, for a registry of ours that listens at an address: every
// pull asks it first and goes on to the real registry for what it does not have. Hosts that cannot exist are ours alone.
func Hosts(c catalogue.Catalogue, listen string) map[string]string {
	mirror := fmt.Sprintf("[host.%q]\n  capabilities = [\"pull\", \"resolve\"]\n", "http://"+listen)
	out := map[string]string{filepath.Join("_default", "hosts.toml"): mirror}
	load, _, _ := strings.Cut(LoadReference, "/")
	for _, host := range append(c.Hosts(), load) {
		if host == load || slices.ContainsFunc(reserved, func(end string) bool { return strings.HasSuffix(host, end) }) {
			out[filepath.Join(strings.ReplaceAll(host, ":", "_")+portMark(host), "hosts.toml")] = fmt.Sprintf("server = %q\ncapabilities = [\"pull\", \"resolve\"]\n", "http://"+listen)
		}
	}
	return out
}

// portMark ends the folder of a host with a port: HOST_PORT_.
func portMark(host string) string {
	if strings.Contains(host, ":") {
		return "_"
	}
	return ""
}

// WriteHosts writes the settings below a folder.
func WriteHosts(dir string, hosts map[string]string) error {
	for name, text := range hosts {
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			return fmt.Errorf("make a folder for containerd's settings: %w", err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			return fmt.Errorf("write containerd's settings: %w", err)
		}
	}
	return nil
}
