//go:build linux

package main

import (
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"kubedrill.dev/sandbox/internal/live"
	"kubedrill.dev/sandbox/internal/oci"
)

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
