package runtime

import (
	"context"
	"io"
	"maps"
	"net"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"kubedrill.dev/sandbox/internal/catalogue"
	"kubedrill.dev/sandbox/internal/files"
	"kubedrill.dev/sandbox/internal/shell"
)

// The container as a command in it sees it: shell.Container.

// Image is what the catalogue says of the container's image.
func (c *container) Image() *catalogue.Image { return c.image }

// Hostname is the Pod's.
func (c *container) Hostname() string { return c.pod.config.Hostname }

// PodIP is the Pod's address.
func (c *container) PodIP() string { return c.pod.ip }

// Done is closed when the container ends.
func (c *container) Done() <-chan struct{} { return c.done }

// Env is the environment: what every container has, the image's, then the Pod's.
func (c *container) Env() map[string]string {
	out := map[string]string{"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOSTNAME": c.Hostname(), "HOME": "/root"}
	maps.Copy(out, c.image.Env)
	for _, kv := range c.config.Envs {
		out[kv.Key] = string(kv.Value)
	}
	return out
}

// WorkingDir is the Pod's choice, or the image's.
func (c *container) WorkingDir() string {
	for _, dir := range []string{c.config.WorkingDir, c.image.WorkingDir} {
		if dir != "" {
			return dir
		}
	}
	return "/"
}

// User is the Pod's choice, or the image's.
func (c *container) User() (uid, gid int64) {
	if c.image.User != nil {
		uid, gid = *c.image.User, *c.image.User
	}
	sc := c.config.GetLinux().GetSecurityContext()
	if sc.GetRunAsUser() != nil {
		uid, gid = sc.GetRunAsUser().GetValue(), 0
	}
	if sc.GetRunAsGroup() != nil {
		gid = sc.GetRunAsGroup().GetValue()
	}
	return uid, gid
}

// Dial connects from the Pod; its own loopback reaches its own containers.
func (c *container) Dial(ctx context.Context, address string) (net.Conn, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	if host == "localhost" || host == "127.0.0.1" || host == "::1" {
		return c.rt.dialLocal(c.pod, "127.0.0.1", port)
	}
	return c.rt.config.Network.Dial(ctx, c.pod.from(), address)
}

// Resolve asks cluster DNS.
func (c *container) Resolve(ctx context.Context, name string) (shell.Answer, error) {
	switch strings.TrimSuffix(name, ".") {
	case "localhost":
		return shell.Answer{Name: "localhost", Addresses: []string{"127.0.0.1"}}, nil
	case c.Hostname():
		return shell.Answer{Name: name, Addresses: []string{c.pod.ip}}, nil
	}
	return c.rt.config.Network.Resolve(ctx, c.pod.from(), name)
}

// Play runs the image's program for a script.
func (c *container) Play(ctx context.Context, _ []string) int {
	end := make(chan int32, 1)
	c.rt.mu.Lock()
	c.play(func(code int32) { end <- code })
	c.rt.mu.Unlock()
	select {
	case code := <-end:
		return int(code)
	case <-ctx.Done():
	case <-c.done:
	}
	return exitKilled
}

// newTree mounts the Pod's volumes. What lies outside the node's folders stands for the node's own file system: nothing of this machine is reached.
func (c *container) newTree() (*files.Tree, error) {
	var mounts []files.Mount
	for _, m := range c.config.Mounts {
		path, err := c.rt.volume(m.HostPath)
		if err != nil {
			return nil, err
		}
		mounts = append(mounts, files.Mount{Path: m.ContainerPath, HostPath: path, ReadOnly: m.Readonly})
	}
	return files.New(mounts, c.image.Files, c.config.GetLinux().GetSecurityContext().GetReadonlyRootfs()), nil
}

func (r *Runtime) volume(hostPath string) (string, error) {
	path := HostPath(hostPath, r.config.Host, r.config.Root, r.config.Storage)
	if path == filepath.Clean(hostPath) {
		return path, nil
	}
	return path, files.MakeAll(r.config.Host, hostPath)
}

// HostPath maps a path of the node to one of this machine: own folders stay, everything else lies below host.
func HostPath(path, host string, own ...string) string {
	path = filepath.Clean("/" + path)
	if slices.ContainsFunc(own, func(dir string) bool { return dir != "" && strings.HasPrefix(path, strings.TrimSuffix(dir, "/")+"/") }) {
		return path
	}
	return filepath.Join(host, path)
}

// processes are those of a container: number 1 and what exec started.
type processes struct {
	last int
	list []process
}

type process struct {
	shell.Process
	cancel context.CancelFunc // Nil for number 1.
}

func (p *processes) start(argv []string, cancel context.CancelFunc) int {
	p.last++
	p.list = append(p.list, process{shell.Process{PID: p.last, Argv: argv}, cancel})
	return p.last
}

func (p *processes) end(pid int) {
	p.list = slices.DeleteFunc(p.list, func(q process) bool { return q.PID == pid })
}

// List is what ps shows.
func (c *container) List() []shell.Process {
	c.rt.mu.Lock()
	defer c.rt.mu.Unlock()
	var out []shell.Process
	for _, p := range c.processes.list {
		out = append(out, p.Process)
	}
	return out
}

// Signal is what kill does.
func (c *container) Signal(pid int, signal syscall.Signal) error {
	c.rt.mu.Lock()
	defer c.rt.mu.Unlock()
	i := slices.IndexFunc(c.processes.list, func(p process) bool { return p.PID == pid })
	switch {
	case i < 0:
		return syscall.ESRCH
	case pid == 1 && signal == syscall.SIGTERM:
		c.terminate()
	case pid != 1 && signal != 0:
		c.processes.list[i].cancel()
	}
	return nil
}

// noInput is the standard input of a command that has none.
type noInput struct{}

func (noInput) Read([]byte) (int, error) { return 0, io.EOF }
