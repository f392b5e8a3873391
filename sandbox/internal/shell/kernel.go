package shell

import (
	"context"
	"io"
	"time"
)

// Kernel is what a real container has beside what every container has: a kernel that bounds what commands take, so that nothing need be
// slowed down or cut short to spare this machine, and that tools ask about the machine.
type Kernel interface {
	// PID is the number of the shell's own process.
	PID() int
	Uname() Uname
	CPUs() int
	// Disks are the file systems, or that of one path.
	Disks(path string) ([]Disk, error)
	// Own gives a file to a user and group; -1 leaves one as it is.
	Own(name string, uid, gid int) error
	// Access tells whether the user may do that, in the bits of permissions.
	Access(name string, mode uint32) error
	// Exec runs a program that is none of ours and gives its exit code.
	Exec(ctx context.Context, p Program) (int, error)
	// Ping sends one ICMP echo and waits for its answer.
	Ping(ctx context.Context, address string, number int) (time.Duration, error)
}

// Program is a file of the machine's own code, with what it is to run with.
type Program struct {
	Path, Dir string
	Argv, Env []string
	In        io.Reader
	Out, Err  io.Writer
}

// Uname is what a kernel says of itself.
type Uname struct{ Release, Version, Machine string }

// Disk is a file system, in bytes.
type Disk struct {
	Device, Path      string
	Total, Used, Free uint64
}

// kernel is the container's own, when it has one.
func kernel(c Container) (Kernel, bool) {
	k, ok := c.(Kernel)
	return k, ok
}

// isFree tells whether the kernel alone bounds what commands take.
func isFree(c Container) bool {
	_, ok := kernel(c)
	return ok
}

// pid is the number of the shell's own process.
func pid(c Container) int {
	if k, ok := kernel(c); ok {
		return k.PID()
	}
	return 1
}
