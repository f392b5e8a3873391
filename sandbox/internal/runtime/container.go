package runtime

import (
	"context"
	"os"
	"strings"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	cri "k8s.io/cri-api/pkg/apis/runtime/v1"

	"kubedrill.dev/sandbox/internal/shell"
)

const unableToStart = "failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: "

// CreateContainer makes a container out of a pulled image.
func (r *Runtime) CreateContainer(_ context.Context, podID string, config *cri.ContainerConfig, _ *cri.PodSandboxConfig) (string, error) {
	pulled := r.images.lookup(config.Image.Image)
	if pulled == nil {
		return "", status.Errorf(codes.NotFound, "failed to get image %q: not found", config.Image.Image)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	s := r.sandboxes[podID]
	if s == nil || !s.ready {
		return "", status.Errorf(codes.NotFound, "failed to find sandbox id %q: not found", podID)
	}
	c := &container{
		rt: r, id: newID(), pod: s, config: config, image: r.images.catalogue.Find(pulled.RepoTags[0]), imageID: pulled.Id,
		created: time.Now(), state: cri.ContainerState_CONTAINER_CREATED, done: make(chan struct{}),
	}
	c.image = c.image.With(c.Argv())
	tree, err := c.newTree()
	if err != nil {
		return "", status.Errorf(codes.Unknown, "failed to generate container %q spec: failed to generate spec: %v", c.id, err)
	}
	c.Tree = tree
	r.containers[c.id] = c
	if c.image.Unlisted && r.config.Unlisted != nil {
		m := s.config.GetMetadata()
		r.config.Unlisted(m.GetNamespace(), m.GetName(), m.GetUid(), config.Image.UserSpecifiedImage)
	}
	return c.id, nil
}

func (r *Runtime) find(id string) (*container, error) {
	c := r.containers[id]
	if c == nil {
		return nil, status.Errorf(codes.NotFound, "an error occurred when try to find container %q: not found", id)
	}
	return c, nil
}

// StartContainer starts a container, or says that its image has no such program.
func (r *Runtime) StartContainer(_ context.Context, id string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	c, err := r.find(id)
	if err != nil {
		return err
	}
	if err := c.openLog(); err != nil {
		return status.Error(codes.Unknown, err.Error())
	}
	argv := c.Argv()
	switch {
	case len(argv) == 0:
		return status.Error(codes.Unknown, "failed to generate spec: no command specified")
	case !c.playsItself() && !shell.Runs(c, argv[0]) && strings.Contains(argv[0], "/"):
		return status.Errorf(codes.Unknown, "%sexec: %q: stat %s: no such file or directory: unknown", unableToStart, argv[0], argv[0])
	case !c.playsItself() && !shell.Runs(c, argv[0]):
		return status.Errorf(codes.Unknown, "%sexec: %q: executable file not found in $PATH: unknown", unableToStart, argv[0])
	}
	c.state, c.started, c.cpuAt = cri.ContainerState_CONTAINER_RUNNING, time.Now(), time.Now()
	c.setRate(0)
	c.start()
	c.takeLoad()
	return nil
}

// StopContainer asks a container to end and ends it when the time is up.
func (r *Runtime) StopContainer(_ context.Context, id string, timeout int64) error {
	r.mu.Lock()
	c, err := r.find(id)
	if err != nil || c.state != cri.ContainerState_CONTAINER_RUNNING {
		r.mu.Unlock()
		return nil
	}
	if timeout > 0 {
		c.terminate()
	}
	r.mu.Unlock()
	timer := time.NewTimer(time.Duration(timeout) * time.Second)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-c.done:
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	c.exit(exitKilled, "")
	return nil
}

// RemoveContainer forgets a container and its log.
func (r *Runtime) RemoveContainer(_ context.Context, id string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if c := r.containers[id]; c != nil {
		c.exit(exitKilled, "")
		r.spent += c.cpuNow(time.Now())
		delete(r.containers, id)
		if err := os.Remove(c.logPath()); err != nil && !os.IsNotExist(err) {
			return status.Error(codes.Unknown, err.Error())
		}
	}
	return nil
}

// ListContainers lists the containers that a filter lets through.
func (r *Runtime) ListContainers(_ context.Context, f *cri.ContainerFilter) ([]*cri.Container, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	out := make([]*cri.Container, 0, len(r.containers))
	for _, c := range r.containers {
		if f.GetId() != "" && f.GetId() != c.id || f.GetPodSandboxId() != "" && f.GetPodSandboxId() != c.pod.id || f.GetState() != nil && f.GetState().State != c.state || !matches(f.GetLabelSelector(), c.config.Labels) {
			continue
		}
		out = append(out, &cri.Container{Id: c.id, PodSandboxId: c.pod.id, Metadata: c.config.Metadata, Image: c.config.Image, ImageRef: c.imageID, ImageId: c.imageID, State: c.state, CreatedAt: c.created.UnixNano(), Labels: c.config.Labels, Annotations: c.config.Annotations})
	}
	return out, nil
}

func nanos(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixNano()
}

// ContainerStatus tells all about one container.
func (r *Runtime) ContainerStatus(_ context.Context, id string, _ bool) (*cri.ContainerStatusResponse, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	c, err := r.find(id)
	if err != nil {
		return nil, err
	}
	ref := c.imageID
	if im := r.images.lookup(c.imageID); im != nil {
		ref = im.RepoDigests[0]
	}
	return &cri.ContainerStatusResponse{Status: &cri.ContainerStatus{
		Id: c.id, Metadata: c.config.Metadata, State: c.state, CreatedAt: c.created.UnixNano(), StartedAt: nanos(c.started), FinishedAt: nanos(c.finished),
		ExitCode: c.code, Reason: c.reason, Image: &cri.ImageSpec{Image: c.config.Image.UserSpecifiedImage}, ImageRef: ref, ImageId: c.imageID,
		Labels: c.config.Labels, Annotations: c.config.Annotations, Mounts: c.config.Mounts, LogPath: c.logPath(),
		Resources: &cri.ContainerResources{Linux: c.config.GetLinux().GetResources()},
	}}, nil
}

// UpdateContainerResources is an in-place resize.
func (r *Runtime) UpdateContainerResources(_ context.Context, id string, res *cri.ContainerResources) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	c, err := r.find(id)
	if err != nil {
		return err
	}
	if c.config.Linux == nil {
		c.config.Linux = &cri.LinuxContainerConfig{}
	}
	c.config.Linux.Resources = res.GetLinux()
	c.takeLoad()
	return nil
}

// ReopenContainerLog follows a rotated log.
func (r *Runtime) ReopenContainerLog(_ context.Context, id string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	c, err := r.find(id)
	if err != nil {
		return err
	}
	return c.openLog()
}
