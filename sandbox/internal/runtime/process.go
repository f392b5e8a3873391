package runtime

import (
	"context"
	"net"
	"strconv"
	"strings"
	"time"

	"kubedrill.dev/sandbox/internal/catalogue"
	"kubedrill.dev/sandbox/internal/shell"
)

// UserAnnotation holds the user that all containers of a Pod run as, when the kubelet is not told.
const UserAnnotation = "sandbox.kubedrill.dev/run-as-user"

// The container as a command in it sees it: shell.Container.

// Image is what the catalogue says of the container's image.
func (c *container) Image() *catalogue.Image { return c.image }

// Hostname is the Pod's; on the host network it is the node's, which the kubelet leaves out.
func (c *container) Hostname() string {
	if name := c.pod.config.Hostname; name != "" {
		return name
	}
	return c.rt.config.Node
}

// PodIP is the Pod's address.
func (c *container) PodIP() string { return c.pod.ip }

// Done is closed when the container ends.
func (c *container) Done() <-chan struct{} { return c.done }

// Env is the environment: what every container has, the image's, then the Pod's.
func (c *container) Env() map[string]string {
	out := map[string]string{"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOSTNAME": c.Hostname(), "HOME": "/root"}
	for name, value := range c.image.Env {
		out[name] = c.image.Expand(value, catalogue.Values{})
	}
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
	if n, err := strconv.ParseInt(c.pod.config.Annotations[UserAnnotation], 10, 64); err == nil {
		uid, gid = n, 0
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
		n, err := strconv.ParseUint(port, 10, 16)
		if err != nil {
			return nil, err
		}
		return c.rt.dialLocal(c.pod, "127.0.0.1", int32(n))
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
func (c *container) Play(ctx context.Context, argv []string) int {
	end := make(chan int32, 1)
	c.rt.mu.Lock()
	c.play(argv, func(code int32) { end <- code })
	c.rt.mu.Unlock()
	defer func() {
		c.rt.mu.Lock()
		c.listening = time.Time{}
		c.site.Stop()
		c.rt.mu.Unlock()
	}()
	select {
	case code := <-end:
		return int(code)
	case <-ctx.Done():
	case <-c.done:
	}
	return exitKilled
}

// Become gives process 1 a new program, as exec does; own says that it is the image's.
func (c *container) Become(argv []string, own bool) {
	c.rt.mu.Lock()
	defer c.rt.mu.Unlock()
	c.appIsFirst = own
	for i, p := range c.processes.list {
		if p.PID == firstProcess {
			c.processes.list[i].Argv = argv
		}
	}
}
