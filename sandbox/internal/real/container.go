//go:build linux

// Package real is a container of a real runtime as the program in it sees it: the kernel's files, network and processes behind the same
// interfaces that a simulated container has. It knows neither Kubernetes nor the simulated runtime.
package real

import (
	"context"
	"net"
	"os"
	"strings"
	"sync"
	"time"

	"kubedrill.dev/sandbox/internal/app"
	"kubedrill.dev/sandbox/internal/catalogue"
	"kubedrill.dev/sandbox/internal/redis"
	"kubedrill.dev/sandbox/internal/search"
)

// Container is the one that this process runs in.
type Container struct {
	files
	processes
	image   *catalogue.Image
	argv    []string
	env     map[string]string
	ip      string
	ended   chan int32
	load    load
	ballast ballast

	mu        sync.Mutex
	ports     []int32
	listeners map[int32]net.Listener
	opened    time.Time
	store     *redis.Store
	documents *search.Store
	site      app.Site
	ownFirst  bool // A shell gave its place as process 1 to the image's program.
}

// New is the container of this process, whose image behaves as given and which runs argv.
func New(im *catalogue.Image, argv []string) *Container {
	env := map[string]string{}
	for _, pair := range os.Environ() {
		name, value, _ := strings.Cut(pair, "=")
		env[name] = value
	}
	return &Container{image: im, argv: argv, env: env, ip: podIP(), ended: make(chan int32, 1)}
}

// Image is what the catalogue said of the image when it was made.
func (c *Container) Image() *catalogue.Image { return c.image }

// Argv is what this process runs.
func (c *Container) Argv() []string { return c.argv }

// Hostname is the Pod's.
func (c *Container) Hostname() string {
	name, err := os.Hostname()
	if err != nil {
		return c.env["HOSTNAME"]
	}
	return name
}

// Env is this process' environment.
func (c *Container) Env() map[string]string { return c.env }

// WorkingDir is where this process was started.
func (c *Container) WorkingDir() string {
	dir, err := os.Getwd()
	if err != nil {
		return "/"
	}
	return dir
}

// User is who this process runs as.
func (c *Container) User() (uid, gid int64) { return int64(os.Getuid()), int64(os.Getgid()) }

// Done is never closed: the kernel ends this process with its container.
func (c *Container) Done() <-chan struct{} { return nil }

// PodIP is the Pod's address.
func (c *Container) PodIP() string { return c.ip }

// podIP is the first address of this machine that is not its loopback's.
func podIP() string {
	addresses, err := net.InterfaceAddrs()
	if err != nil {
		return ""
	}
	for _, a := range addresses {
		if n, ok := a.(*net.IPNet); ok && !n.IP.IsLoopback() && n.IP.To4() != nil {
			return n.IP.String()
		}
	}
	return ""
}

// Dial connects.
func (c *Container) Dial(ctx context.Context, address string) (net.Conn, error) {
	return (&net.Dialer{}).DialContext(ctx, "tcp", address)
}

// Listen takes connections on a port of the Pod.
func (c *Container) Listen(port int32) (net.Listener, error) {
	return net.ListenTCP("tcp", &net.TCPAddr{Port: int(port)})
}
