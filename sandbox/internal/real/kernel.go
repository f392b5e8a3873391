//go:build linux

package real

import (
	"bytes"
	"context"
	"net"
	"os"
	"runtime"
	"strings"
	"syscall"
	"time"

	"golang.org/x/net/icmp"
	"golang.org/x/net/ipv4"
	"golang.org/x/sys/unix"

	"kubedrill.dev/sandbox/internal/shell"
)

// What only a real kernel can tell or do: shell.Kernel.

// PID is this process' number.
func (c *Container) PID() int { return os.Getpid() }

// Uname is what the kernel says of itself.
func (c *Container) Uname() shell.Uname {
	var u unix.Utsname
	if err := unix.Uname(&u); err != nil {
		return shell.Uname{}
	}
	text := func(b []byte) string { return string(bytes.TrimRight(b, "\x00")) }
	return shell.Uname{Release: text(u.Release[:]), Version: text(u.Version[:]), Machine: text(u.Machine[:])}
}

// CPUs is how many there are.
func (c *Container) CPUs() int { return runtime.NumCPU() }

// Disks are the file systems that hold files, or the one that a path is on.
func (c *Container) Disks(path string) ([]shell.Disk, error) {
	text, err := os.ReadFile("/proc/self/mounts")
	if err != nil {
		return nil, err
	}
	var out []shell.Disk
	for line := range strings.SplitSeq(string(text), "\n") {
		f := strings.Fields(line)
		var s unix.Statfs_t
		if len(f) < 2 || unix.Statfs(f[1], &s) != nil || s.Blocks == 0 {
			continue
		}
		size := uint64(s.Bsize)
		d := shell.Disk{Device: f[0], Path: f[1], Total: s.Blocks * size, Used: (s.Blocks - s.Bfree) * size, Free: s.Bavail * size}
		switch {
		case path == "":
			out = append(out, d)
		case path == d.Path || strings.HasPrefix(path, strings.TrimSuffix(d.Path, "/")+"/"):
			if len(out) == 0 || len(d.Path) >= len(out[0].Path) {
				out = []shell.Disk{d}
			}
		}
	}
	if path != "" {
		_, err = os.Stat(path)
	}
	return out, err
}

// Own gives a file to a user and group.
func (c *Container) Own(name string, uid, gid int) error { return os.Lchown(name, uid, gid) }

// Access tells whether this process may do that.
func (c *Container) Access(name string, mode uint32) error {
	if err := unix.Access(name, mode); err != nil {
		return &os.PathError{Op: "access", Path: name, Err: err}
	}
	return nil
}

// Ping sends one ICMP echo, over the kind of socket that the kernel lets this user have.
func (c *Container) Ping(ctx context.Context, address string, number int) (time.Duration, error) {
	ip := net.ParseIP(address)
	var to net.Addr = &net.UDPAddr{IP: ip}
	conn, err := icmp.ListenPacket("udp4", "0.0.0.0")
	if err != nil {
		to = &net.IPAddr{IP: ip}
		if conn, err = icmp.ListenPacket("ip4:icmp", "0.0.0.0"); err != nil {
			return 0, syscall.EPERM
		}
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { _ = conn.SetReadDeadline(time.Unix(1, 0)) })()
	mark := []byte("kubedrill" + time.Now().String())
	message := icmp.Message{Type: ipv4.ICMPTypeEcho, Body: &icmp.Echo{ID: os.Getpid() & 0xffff, Seq: number, Data: mark}}
	packed, err := message.Marshal(nil)
	if err != nil {
		return 0, err
	}
	began := time.Now()
	if _, err := conn.WriteTo(packed, to); err != nil {
		return 0, err
	}
	const icmpProtocol = 1
	for buffer := make([]byte, 1500); ; {
		n, _, err := conn.ReadFrom(buffer)
		if err != nil {
			return 0, err
		}
		answer, err := icmp.ParseMessage(icmpProtocol, buffer[:n])
		if err != nil || answer.Type != ipv4.ICMPTypeEchoReply {
			continue
		}
		if echo, ok := answer.Body.(*icmp.Echo); ok && bytes.Equal(echo.Data, mark) {
			return time.Since(began), nil
		}
	}
}
