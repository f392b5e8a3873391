//go:build linux

package main

import (
	"archive/tar"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
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

	"kubedrill.dev/sandbox/internal/live"
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

func TestAServerListensAnswersAndStopsItsOwnWay(t *testing.T) {
	port := freePort(t)
	image := unpack(t, "registry.shop.example/shop/backend:1.4.2")
	c := image.start([]string{"PORT=" + port, "DATABASE_HOST=db.shop"})
	c.logs("listening on :" + port)
	resp, err := http.Get("http://127.0.0.1:" + port + "/products")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if body, _ := io.ReadAll(resp.Body); resp.StatusCode != 200 || !strings.Contains(string(body), "winter coat") {
		t.Errorf("status %d, %s", resp.StatusCode, body)
	}
	c.logs("database db.shop:5432")
	c.until("it uses the 36 MiB of the catalogue, and a little for itself", func() bool {
		kilobytes := anonymous(t, c.cmd.Process.Pid)
		return kilobytes > 34<<10 && kilobytes < 48<<10
	})
	c.signal(syscall.SIGTERM)
	if code := c.wait(); code != 0 || !strings.Contains(c.log.String(), "SIGTERM, no new requests; bye") {
		t.Errorf("it ended with %d; log:\n%s", code, c.log)
	}
}

func TestAnAppThatLacksSomethingSaysSoAndEnds(t *testing.T) {
	c := unpack(t, "postgres:17").start(nil)
	if code := c.wait(); code != 1 || !strings.Contains(c.log.String(), "superuser password is not specified") {
		t.Errorf("it ended with %d; log:\n%s", code, c.log)
	}
}

func TestCommandsRunInTheShellOfTheImage(t *testing.T) {
	image := unpack(t, "busybox:1.36")
	for _, c := range []struct {
		command []string
		out     string
		code    int
	}{
		{[]string{"sh", "-c", "echo one; echo two > /tmp/x; cat /tmp/x; exit 3"}, "one\ntwo\n", 3},
		{[]string{"sh", "-c", "echo $$"}, "1\n", 0},
		{[]string{"cat", "/tmp/x"}, "two\n", 0},
		{[]string{"sh", "-c", "nginx"}, "sh: nginx: not found\n", 127},
		{[]string{"sh", "-c", "sleep 100 & kill $!; wait; echo over"}, "over\n", 0},
	} {
		r := image.start(nil, c.command...)
		if code := r.wait(); code != c.code || r.log.String() != c.out {
			t.Errorf("%q: %d, %q; want %d, %q", c.command, code, r.log, c.code, c.out)
		}
	}
}

func TestProcessOneHeedsOnlyTheSignalsItHasATrapFor(t *testing.T) {
	image := unpack(t, "busybox:1.36")
	trapped := image.start(nil, "sh", "-c", `trap "echo bye; exit 7" TERM; echo ready; while true; do sleep 0.05; done`)
	trapped.logs("ready")
	trapped.signal(syscall.SIGTERM)
	if code := trapped.wait(); code != 7 || !strings.Contains(trapped.log.String(), "bye") {
		t.Errorf("with a trap: %d; log:\n%s", code, trapped.log)
	}
	deaf := image.start(nil, "sh", "-c", "echo ready; while true; do sleep 0.05; echo on; done")
	deaf.logs("ready")
	deaf.signal(syscall.SIGTERM)
	before := strings.Count(deaf.log.String(), "on")
	deaf.until("it goes on", func() bool { return strings.Count(deaf.log.String(), "on") > before+4 })
	beside := image.launch(0, nil, []string{"sleep", "100"})
	beside.until("it runs", func() bool { return beside.cmd.Process.Signal(syscall.Signal(0)) == nil })
	time.AfterFunc(300*time.Millisecond, func() { _ = beside.cmd.Process.Signal(syscall.SIGTERM) })
	if code := beside.wait(); code != 143 && code != -1 {
		t.Errorf("a command beside process 1 ended with %d", code)
	}
}

func TestRedisSpeaksToItsClient(t *testing.T) {
	port := freePort(t)
	image := unpack(t, "redis:7")
	c := image.start(nil, "redis-server", "--port", port)
	c.until("it listens", func() bool {
		conn, err := net.Dial("tcp", "127.0.0.1:"+port)
		if err == nil {
			_ = conn.Close()
		}
		return err == nil
	})
	for _, step := range [][2]string{{"set stock 12", "OK\n"}, {"incr stock", "13\n"}} {
		if out, code := image.exec(append([]string{"redis-cli", "-p", port}, strings.Fields(step[0])...)...); out != step[1] || code != 0 {
			t.Errorf("%s: %q, code %d", step[0], out, code)
		}
	}
}

func TestTheProbeTellsWhatItSaw(t *testing.T) {
	port := freePort(t)
	image := unpack(t, "registry.shop.example/shop/backend:1.4.2")
	look := func(words ...string) live.Seen {
		t.Helper()
		out, code := image.exec(append([]string{live.Program, "probe"}, words...)...)
		var seen live.Seen
		if err := json.Unmarshal([]byte(out), &seen); err != nil || code != 0 || seen.Schema != live.Schema {
			t.Fatalf("%q: %q, code %d: %v", words, out, code, err)
		}
		return seen
	}
	if seen := look("tcp", "127.0.0.1:"+port); seen.OK || seen.Error != "refused" {
		t.Errorf("nobody listens: %+v", seen)
	}
	c := image.start([]string{"PORT=" + port})
	c.logs("listening")
	if seen := look("http", "http://127.0.0.1:"+port+"/healthz"); !seen.OK || seen.Status != 200 || seen.Body != "ok\n" {
		t.Errorf("a healthy server: %+v", seen)
	}
	if out, code := image.exec(live.Program, "probe", "smell", "it"); code != 2 || !strings.Contains(out, "usage") {
		t.Errorf("nonsense: %q, %d", out, code)
	}
}

func TestTheLoadGeneratorsDemandIsBurnt(t *testing.T) {
	port := freePort(t)
	c := unpack(t, "registry.shop.example/shop/backend:1.4.2").start([]string{"PORT=" + port})
	c.logs("listening")
	generator := unpack(t, oci.LoadReference)
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	before := cpuTime(t, c.cmd.Process.Pid)
	began := time.Now()
	g := generator.launch(syscall.CLONE_NEWPID, nil, append(generator.config.Entrypoint, "--url", "http://127.0.0.1:"+port+"/", "--demand", "300m", "--cap", "200m"))
	used := time.Duration(0)
	for ; used < 400*time.Millisecond && ctx.Err() == nil; used = cpuTime(t, c.cmd.Process.Pid) - before {
		time.Sleep(50 * time.Millisecond)
	}
	// A busy machine may give less than the cap; more than it is wrong on any machine.
	share := used.Seconds() / time.Since(began).Seconds()
	if used < 400*time.Millisecond || share > 0.26 {
		t.Errorf("%v of CPU in %v: %.2f of a core, where the cap is 0.2", used, time.Since(began), share)
	}
	g.signal(syscall.SIGTERM)
	if code := g.wait(); code != 0 {
		t.Errorf("the generator ended with %d: %s", code, g.log)
	}
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

func TestToolsActOnTheRealKernel(t *testing.T) {
	image := unpack(t, "busybox:1.36")
	out, code := image.exec("sh", "-c", `mkdir -p /data/in && touch /data/in/x && chown -R 1000:2000 /data && chmod -R 0750 /data && stat -c %u:%a /data/in/x && test -w /data/in/x && uname -m && echo $$`)
	lines := strings.Fields(out)
	if code != 0 || len(lines) != 3 || lines[0] != "1000:750" || lines[2] == "1" {
		t.Errorf("%q, code %d", out, code)
	}
	st, err := os.Stat(filepath.Join(image.dir, "data/in/x"))
	if err != nil {
		t.Fatal(err)
	}
	if owner := st.Sys().(*syscall.Stat_t); owner.Uid != 1000 || owner.Gid != 2000 {
		t.Errorf("the file is %d:%d's", owner.Uid, owner.Gid)
	}
	if out, code := image.exec("sh", "-c", "cp /bin/cat /data/cat && chmod +x /data/cat && echo hello > /data/x && /data/cat /data/x"); code != 0 || out != "hello\n" {
		t.Errorf("a copied program: %q, %d", out, code)
	}
	if out, code := image.exec("busybox", "echo", "hello"); code != 0 || out != "hello\n" {
		t.Errorf("busybox: %q, %d", out, code)
	}
	if out, code := image.exec("ping", "-c", "1", "127.0.0.1"); code != 0 || !strings.Contains(out, "1 packets received") {
		t.Errorf("ping: %q, %d", out, code)
	}
}
