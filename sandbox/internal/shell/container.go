// Package shell runs commands for simulated containers: a POSIX shell and the tools people use in it. It starts no process
// and touches no file or network of this machine; all that a command sees comes through Container.
package shell

import (
	"context"
	"io"
	"io/fs"
	"net"
	"syscall"

	"kubedrill.dev/sandbox/internal/catalogue"
)

// Container is what a command sees of the container it runs in.
type Container interface {
	Files
	Network
	Processes

	Image() *catalogue.Image
	Hostname() string
	Env() map[string]string
	WorkingDir() string
	User() (uid, gid int64)
	Done() <-chan struct{} // Closed when the container ends.
	// Play runs the image's own program, as when a script calls it, until it ends.
	Play(ctx context.Context, argv []string) (code int)
}

// Files are a container's volumes and its own layer in memory. Paths are absolute.
type Files interface {
	Open(name string, flag int, perm fs.FileMode) (io.ReadWriteCloser, error)
	Stat(name string) (fs.FileInfo, error)
	ReadDir(name string) ([]fs.DirEntry, error)
	Mkdir(name string, perm fs.FileMode) error
	Remove(name string) error // Of a file or an empty folder.
	RemoveAll(name string) error
	Rename(from, to string) error
}

// Network is the cluster's, seen from the Pod.
type Network interface {
	// Dial connects to host:port; the error's text is what a real program would get.
	Dial(ctx context.Context, address string) (net.Conn, error)
	Resolve(ctx context.Context, name string) (Answer, error)
	PodIP() string
}

// Answer is what cluster DNS says.
type Answer struct {
	Name      string // The full name that matched, without a trailing dot.
	CNAME     string // Set when the name is an alias.
	Addresses []string
}

// NoSuchName is the error of Resolve for a name that does not exist.
type NoSuchName struct{ Name string }

func (e NoSuchName) Error() string { return "lookup " + e.Name + ": no such host" }

// Process is one that runs in the container.
type Process struct {
	PID  int
	Argv []string
}

// Processes are the container's own: number 1 and what exec started.
type Processes interface {
	List() []Process
	Signal(pid int, signal syscall.Signal) error
}

// The rest is what a container may have beside what it must have.

// Links is a file system with symbolic links.
type Links interface {
	Lstat(name string) (fs.FileInfo, error)
	Readlink(name string) (string, error)
	Symlink(target, name string) error
	RealPath(name string) (string, error)
}

// Attributes is a file system whose permissions and times can be changed.
type Attributes interface {
	Chmod(name string, perm fs.FileMode) error
	Touch(name string) error
}

// Logger is a container whose log can be written to, as /proc/1/fd/1 does.
type Logger interface {
	Log(stream string) io.Writer
}

// Listener lets a command take connections on a port of the Pod.
type Listener interface {
	Listen(port int32) (net.Listener, error)
}

// Resources tells how much the container may use and uses.
type Resources interface {
	Limits() (milliCPU, memory int64) // Zero is no limit.
	MemoryUse() int64
}

// First is a container whose process 1 can give its place to another program, as exec does; own says that it is the image's.
type First interface {
	Become(argv []string, own bool)
}
