package runtime

import (
	"context"
	"os"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	cri "k8s.io/cri-api/pkg/apis/runtime/v1"
)

// sandbox is a Pod's network and life, in which its containers run.
type sandbox struct {
	id      string
	config  *cri.PodSandboxConfig
	ip      string
	host    bool // It has the node's address.
	ready   bool
	created time.Time
}

func (s *sandbox) uid() string { return s.config.GetMetadata().GetUid() }
func (s *sandbox) from() string {
	return s.config.GetMetadata().GetNamespace() + "/" + s.config.GetMetadata().GetName()
}

func (s *sandbox) state() cri.PodSandboxState {
	if s.ready {
		return cri.PodSandboxState_SANDBOX_READY
	}
	return cri.PodSandboxState_SANDBOX_NOTREADY
}

// RunPodSandbox gives a Pod its address.
func (r *Runtime) RunPodSandbox(_ context.Context, config *cri.PodSandboxConfig, _ string) (string, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	s := &sandbox{id: newID(), config: config, ready: true, created: time.Now()}
	if config.GetLinux().GetSecurityContext().GetNamespaceOptions().GetNetwork() == cri.NamespaceMode_NODE {
		s.ip, s.host = r.config.NodeIP, true
	} else {
		if !r.addresses.prefix.IsValid() {
			return "", status.Error(codes.Unknown, "cni plugin not initialized")
		}
		ip, err := r.addresses.next(r.uses)
		if err != nil {
			return "", status.Errorf(codes.Unknown, "failed to setup network for sandbox %q: plugin type=\"bridge\" failed (add): %v", s.id, err)
		}
		s.ip = ip
	}
	if config.LogDirectory != "" {
		if err := os.MkdirAll(config.LogDirectory, 0o755); err != nil {
			return "", status.Error(codes.Unknown, err.Error())
		}
	}
	r.sandboxes[s.id] = s
	return s.id, nil
}

func (r *Runtime) uses(ip string) bool {
	for _, s := range r.sandboxes {
		if s.ready && s.ip == ip {
			return true
		}
	}
	return false
}

// StopPodSandbox ends what still runs in a Pod.
func (r *Runtime) StopPodSandbox(_ context.Context, id string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.stopSandbox(id)
	return nil
}

func (r *Runtime) stopSandbox(id string) {
	s := r.sandboxes[id]
	if s == nil {
		return
	}
	s.ready = false
	for _, c := range r.containers {
		if c.pod == s {
			c.exit(exitKilled, "")
		}
	}
}

// RemovePodSandbox forgets a Pod and its containers.
func (r *Runtime) RemovePodSandbox(_ context.Context, id string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.stopSandbox(id)
	for cid, c := range r.containers {
		if c.pod.id == id {
			r.spent += c.cpuNow(time.Now())
			delete(r.containers, cid)
		}
	}
	delete(r.sandboxes, id)
	return nil
}

// PodSandboxStatus tells a Pod's address and state.
func (r *Runtime) PodSandboxStatus(_ context.Context, id string, _ bool) (*cri.PodSandboxStatusResponse, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	s := r.sandboxes[id]
	if s == nil {
		return nil, status.Error(codes.NotFound, "an error occurred when try to find sandbox: not found")
	}
	return &cri.PodSandboxStatusResponse{Status: &cri.PodSandboxStatus{
		Id: id, Metadata: s.config.Metadata, State: s.state(), CreatedAt: s.created.UnixNano(), Labels: s.config.Labels, Annotations: s.config.Annotations,
		Network: &cri.PodSandboxNetworkStatus{Ip: s.ip},
		Linux:   &cri.LinuxPodSandboxStatus{Namespaces: &cri.Namespace{Options: s.config.GetLinux().GetSecurityContext().GetNamespaceOptions()}},
	}}, nil
}

// ListPodSandbox lists the Pods that a filter lets through.
func (r *Runtime) ListPodSandbox(_ context.Context, f *cri.PodSandboxFilter) ([]*cri.PodSandbox, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	out := make([]*cri.PodSandbox, 0, len(r.sandboxes))
	for _, s := range r.sandboxes {
		if f.GetId() != "" && f.GetId() != s.id || f.GetState() != nil && f.GetState().State != s.state() || !matches(f.GetLabelSelector(), s.config.Labels) {
			continue
		}
		out = append(out, &cri.PodSandbox{Id: s.id, Metadata: s.config.Metadata, State: s.state(), CreatedAt: s.created.UnixNano(), Labels: s.config.Labels, Annotations: s.config.Annotations})
	}
	return out, nil
}

// UpdatePodSandboxResources has nothing to do: only containers have a use.
func (r *Runtime) UpdatePodSandboxResources(context.Context, *cri.UpdatePodSandboxResourcesRequest) (*cri.UpdatePodSandboxResourcesResponse, error) {
	return &cri.UpdatePodSandboxResourcesResponse{}, nil
}
