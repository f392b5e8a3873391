//go:build linux

package main

import (
	"archive/tar"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/mutate"

	"kubedrill.dev/sandbox/internal/oci"
)

// TestMain makes this test's own program the one in the images: started in a container's root, it is the container's process.
func TestMain(m *testing.M) {
	if _, err := os.Stat(oci.BehaviorPath); err == nil {
		main()
		return
	}
	os.Exit(m.Run())
}

const patience = 20 * time.Second

// root is an image's files in a folder.
type root struct {
	t      *testing.T
	dir    string
	config v1.Config
}

// unpack puts an image of the shipped catalogue into a folder to be a process' root.
func unpack(t *testing.T, ref string) root {
	t.Helper()
	if runtime.GOOS != "linux" || os.Geteuid() != 0 {
		t.Skip("SKIPPED, NOT PASSED: to run an image's files as a root of their own, this test must be run as root on Linux")
	}
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	builder, err := newBuilder(filepath.Join("..", "..", "..", "labs", "images.yaml"), program, "linux/"+runtime.GOARCH)
	if err != nil {
		t.Fatal(err)
	}
	image, err := builder.Image(ref)
	if err != nil {
		t.Fatal(err)
	}
	file, err := image.ConfigFile()
	if err != nil {
		t.Fatal(err)
	}
	r := root{t, t.TempDir(), file.Config}
	flat := mutate.Extract(image)
	defer flat.Close()
	for files := tar.NewReader(flat); ; {
		h, err := files.Next()
		if errors.Is(err, io.EOF) {
			return r
		}
		if err == nil {
			err = r.write(h, files)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

func (r root) write(h *tar.Header, from io.Reader) error {
	to := filepath.Join(r.dir, h.Name)
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		return err
	}
	switch h.Typeflag {
	case tar.TypeDir:
		return os.MkdirAll(to, 0o755)
	case tar.TypeSymlink:
		return os.Symlink(h.Linkname, to)
	}
	f, err := os.OpenFile(to, os.O_CREATE|os.O_WRONLY, os.FileMode(h.Mode))
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = io.Copy(f, from)
	return err
}

// output collects what a process writes.
type output struct {
	mu   sync.Mutex
	text strings.Builder
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}

// container is a process in a root.
type container struct {
	t    *testing.T
	cmd  *exec.Cmd
	log  *output
	done chan int
}

// start runs a command, or the image's own, as process 1 of a name space of its own.
func (r root) start(env []string, command ...string) container {
	r.t.Helper()
	return r.launch(syscall.CLONE_NEWPID, env, command)
}

// exec runs a command beside, as kubectl exec does.
func (r root) exec(command ...string) (string, int) {
	r.t.Helper()
	c := r.launch(0, nil, command)
	code := c.wait()
	return c.log.String(), code
}

func (r root) launch(flags uintptr, env, argv []string) container {
	r.t.Helper()
	if len(argv) == 0 {
		argv = append(append([]string{}, r.config.Entrypoint...), r.config.Cmd...)
	}
	c := container{r.t, &exec.Cmd{Path: r.find(argv[0]), Args: argv, Dir: "/", Env: append(append([]string{}, r.config.Env...), env...)}, &output{}, make(chan int, 1)}
	c.cmd.Stdout, c.cmd.Stderr = c.log, c.log
	c.cmd.SysProcAttr = &syscall.SysProcAttr{Chroot: r.dir, Cloneflags: flags, Pdeathsig: syscall.SIGKILL}
	if err := c.cmd.Start(); err != nil {
		if errors.Is(err, syscall.EPERM) {
			r.t.Skipf("SKIPPED, NOT PASSED: this machine does not let a process have a root of its own: %v", err)
		}
		r.t.Fatal(err)
	}
	go func() {
		_ = c.cmd.Wait()
		c.done <- c.cmd.ProcessState.ExitCode()
	}()
	r.t.Cleanup(func() { _ = c.cmd.Process.Kill() })
	return c
}

// find is where a runtime finds a program of the image.
func (r root) find(name string) string {
	if filepath.IsAbs(name) {
		return name
	}
	for _, pair := range r.config.Env {
		list, isPath := strings.CutPrefix(pair, "PATH=")
		for _, dir := range filepath.SplitList(list) {
			if _, err := os.Lstat(filepath.Join(r.dir, dir, name)); isPath && err == nil {
				return filepath.Join(dir, name)
			}
		}
	}
	r.t.Fatalf("exec: %q: executable file not found in $PATH", name)
	return ""
}

func (c container) wait() int {
	c.t.Helper()
	select {
	case code := <-c.done:
		return code
	case <-time.After(patience):
		c.t.Fatalf("it did not end; log:\n%s", c.log)
	}
	return -1
}

// logs waits for a text in the log.
func (c container) logs(text string) {
	c.t.Helper()
	c.until("the log has "+text, func() bool { return strings.Contains(c.log.String(), text) })
}

func (c container) until(what string, holds func() bool) {
	c.t.Helper()
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		if holds() {
			return
		}
	}
	c.t.Fatalf("not so after %v: %s; log:\n%s", patience, what, c.log)
}

func (c container) signal(s syscall.Signal) {
	c.t.Helper()
	if err := c.cmd.Process.Signal(s); err != nil {
		c.t.Fatal(err)
	}
}

func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	_, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return port
}

// anonymous is the memory of a process, in KiB.
func anonymous(t *testing.T, pid int) int {
	t.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(status), "RssAnon:")
	kilobytes, err := strconv.Atoi(strings.Fields(rest)[0])
	if err != nil {
		t.Fatal(err)
	}
	return kilobytes
}

// cpuTime is what a process has used, in user and kernel mode.
func cpuTime(t *testing.T, pid int) time.Duration {
	t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(text), ") ")
	fields := strings.Fields(rest)
	ticks := 0
	for _, f := range fields[11:13] {
		n, err := strconv.Atoi(f)
		if err != nil {
			t.Fatal(err)
		}
		ticks += n
	}
	const tick = 10 * time.Millisecond
	return time.Duration(ticks) * tick
}
