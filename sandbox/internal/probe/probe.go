// Package probe is what the kubelet's side and the runtime's side agree on for probes that would dial a Pod: they are
// rewritten to exec probes of a command that the runtime answers, since no packet can reach a simulated Pod.
package probe

import (
	"encoding/json"
	"fmt"
	"strings"

	v1 "k8s.io/api/core/v1"
)

// command is the first word of an exec probe that stands for an HTTP, TCP or gRPC one.
const command = "kubedrill-probe"

// Kinds of probe.
const (
	HTTP = "http"
	TCP  = "tcp"
	GRPC = "grpc"
)

// Spec is what a rewritten probe asks of the runtime.
type Spec struct {
	Kind    string          `json:"kind"`
	Scheme  string          `json:"scheme,omitempty"`
	Host    string          `json:"host,omitempty"` // The Pod's own address when empty.
	Port    int             `json:"port"`
	Path    string          `json:"path,omitempty"`
	Headers []v1.HTTPHeader `json:"headers,omitempty"`
	Service string          `json:"service,omitempty"`
}

// Encode makes the command of the exec probe.
func Encode(s Spec) ([]string, error) {
	b, err := json.Marshal(s)
	if err != nil {
		return nil, fmt.Errorf("encode probe: %w", err)
	}
	// The kubelet expands $(NAME) in a command.
	return []string{command, strings.ReplaceAll(string(b), "$(", "$$(")}, nil
}

// Decode reads a command that the kubelet has expanded; ok is false when it is no rewritten probe.
func Decode(argv []string) (s Spec, ok bool, err error) {
	if len(argv) != 2 || argv[0] != command {
		return Spec{}, false, nil
	}
	if err := json.Unmarshal([]byte(argv[1]), &s); err != nil {
		return Spec{}, true, fmt.Errorf("decode probe: %w", err)
	}
	return s, true, nil
}
