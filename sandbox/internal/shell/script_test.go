package shell

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// started is a command that runs in the background of a test.
type started struct {
	out     safeBuffer
	signals chan syscall.Signal
	code    chan int
	cancel  context.CancelFunc
}

func (f *fake) start(t *testing.T, argv ...string) *started {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	t.Cleanup(cancel)
	s := &started{signals: make(chan syscall.Signal, 1), code: make(chan int, 1), cancel: cancel}
	go func() {
		s.code <- Run(ctx, f, argv, Streams{Out: &s.out, Err: &s.out, Signals: s.signals, First: true})
	}()
	return s
}

func (s *started) until(t *testing.T, text string) {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		if strings.Contains(s.out.String(), text) {
			return
		}
	}
	t.Fatalf("%q never came: %q", text, s.out.String())
}

func (s *started) ends(t *testing.T) int {
	t.Helper()
	select {
	case code := <-s.code:
		return code
	case <-time.After(10 * time.Second):
		t.Fatalf("did not end: %q", s.out.String())
		return -1
	}
}

func TestTermTrapsRun(t *testing.T) {
	for name, script := range map[string]string{
		"between commands": `trap 'echo bye; exit 5' TERM; echo ready; while true; do sleep 0.05; done`,
		"during wait":      `trap 'echo bye; exit 5' TERM INT; sleep 3600 & echo ready; wait`,
		"during wait $!":   `trap 'echo bye; exit 5' SIGTERM; sleep 3600 & p=$!; echo ready; wait $p`,
		"in a nested sh":   `sh -c 'trap "echo bye; exit 5" 15; echo ready; while :; do sleep 0.05; done'`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newFake(t, "busybox").start(t, "sh", "-c", script)
			s.until(t, "ready")
			time.Sleep(20 * time.Millisecond)
			s.signals <- syscall.SIGTERM
			if code := s.ends(t); code != 5 || !strings.HasSuffix(s.out.String(), "bye\n") {
				t.Fatalf("code %d, out %q", code, s.out.String())
			}
		})
	}
}

func TestFirstProcessIgnoresTermWithoutATrap(t *testing.T) {
	s := newFake(t, "busybox").start(t, "sh", "-c", "echo ready; sleep 0.4; echo done")
	s.until(t, "ready")
	s.signals <- syscall.SIGTERM
	if code := s.ends(t); code != 0 || !strings.Contains(s.out.String(), "done") {
		t.Fatalf("code %d, out %q", code, s.out.String())
	}
}

func TestTheContainersEndStopsCommands(t *testing.T) {
	f := newFake(t, "busybox")
	s := f.start(t, "sh", "-c", "echo ready; cat; sleep infinity")
	s.until(t, "ready")
	close(f.done)
	if code := s.ends(t); code != 137 {
		t.Fatalf("code %d", code)
	}
}

func TestJobs(t *testing.T) {
	for script, want := range map[string]string{
		`sleep 0.05 && echo a & wait; echo b`:                                          "a\nb\n",
		`(exit 4) & wait $!; echo $?`:                                                  "4\n",
		`sleep 60 & kill $!; wait; echo ended`:                                         "ended\n",
		`sleep 60 & kill -0 $! && echo alive; kill %1; wait; echo end`:                 "alive\nend\n",
		`for i in 1 2 3; do (sleep 0.05; echo $i >> /tmp/o) & done; wait; sort /tmp/o`: "1\n2\n3\n",
		`trap 'echo out' EXIT; echo in`:                                                "in\nout\n",
	} {
		t.Run(script, func(t *testing.T) {
			t.Parallel()
			if got := newFake(t, "busybox").run(t, "sh", "-c", script); got.out != want || got.err != "" {
				t.Fatalf("%+v, want %q", got, want)
			}
		})
	}
}

func TestBoundsOfScripts(t *testing.T) {
	for name, c := range map[string]struct {
		script string
		code   int
	}{
		"recursion":        {`f() { f; }; f`, 139},
		"eval recursion":   {`x='eval "$x"'; eval "$x"`, 139},
		"nested shells":    {`echo 'sh /tmp/s' > /tmp/s; sh /tmp/s`, 2},
		"a growing text":   {`x=aaaaaaaaaaaaaaaa; while [[ 1 ]]; do x=$x$x; done`, 2},
		"braces":           {`bash -c 'echo {1..999999999} | wc -c' | grep -q .`, 1},
		"more output":      {`x=$(cat /dev/zero | head -c 90000000 | wc -c); [ $x -le 67108864 ]`, 0},
		"too long a word":  {`head -c 200000 /dev/zero | tr '\0' a > /tmp/a; /bin/echo $(cat /tmp/a)`, 126},
		"a file too large": {`yes > /tmp/big & sleep 0.2; kill $!; wait; true`, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := newFake(t, "busybox").run(t, "sh", "-c", c.script); got.code != c.code {
				t.Fatalf("code %d, want %d; out %.200q err %.200q", got.code, c.code, got.out, got.err)
			}
		})
	}
}

func TestBusyLoopsAreSlow(t *testing.T) {
	for _, script := range []string{
		`while true; do :; done`, `while [[ 1 ]]; do x=1; done`, `for ((;;)); do ((i++)); done`,
		`eval 'while [[ 1 ]]; do x=1; done'`, `echo 'until ((0)); do x=1; done' > /tmp/s; . /tmp/s`,
	} {
		t.Run(script, func(t *testing.T) {
			s := newFake(t, "busybox").start(t, "sh", "-c", script)
			time.Sleep(time.Second) // The burst.
			before := cpu(t)
			time.Sleep(500 * time.Millisecond)
			if used := cpu(t) - before; used > 150*time.Millisecond {
				t.Errorf("used %v of a core in 500ms", used)
			}
			s.cancel()
			s.ends(t)
		})
	}
}

func cpu(t *testing.T) time.Duration {
	t.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		t.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func TestNothingOfThisMachineIsReached(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	secret := filepath.Join(dir, "sh-interp-secret")
	if err := os.WriteFile(secret, []byte("host secret"), 0o644); err != nil {
		t.Fatal(err)
	}
	script := filepath.Join(dir, "host.sh")
	if err := os.WriteFile(script, []byte("echo host script"), 0o755); err != nil {
		t.Fatal(err)
	}
	f := newFake(t, "")
	f.env["TMPDIR"] = dir
	f.env["PATH"] = dir
	for _, s := range []string{
		"cat " + secret, "cat < " + secret, "echo $(<" + secret + ")", "echo changed > " + secret, "echo made > " + dir + "/sh-interp-made",
		". host.sh", ". " + script, "source " + script, script, "sh " + script, "command -v host.sh", "type host.sh",
		"bash -c 'cat <(echo x)'", "cd " + dir + " && ls", "pwd -P", "test -e " + script + " && echo seen", "echo " + dir + "/*.sh",
		"cat /proc/self/environ", "cat /etc/shadow", "find / -name 'host*'", "readlink -f " + secret,
	} {
		got := f.run(t, "sh", "-c", s)
		if text := got.out + got.err; strings.Contains(text, "host secret") || strings.Contains(text, "host script") || strings.Contains(text, "seen") {
			t.Errorf("%s: %+v", s, got)
		}
	}
	if b, _ := os.ReadFile(secret); string(b) != "host secret" {
		t.Errorf("a file of this machine was changed: %q", b)
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 2 {
		t.Errorf("this machine's folder holds %v, %v", entries, err)
	}
}

func TestInteractive(t *testing.T) {
	f := newFake(t, "busybox")
	in, keys := io.Pipe()
	var out safeBuffer
	code := make(chan int, 1)
	go func() {
		code <- Run(context.Background(), f, []string{"sh"}, Streams{In: in, Out: &out, Err: &out, TTY: true})
	}()
	until := func(text string) {
		t.Helper()
		for end := time.Now().Add(10 * time.Second); !strings.Contains(out.String(), text); time.Sleep(5 * time.Millisecond) {
			if time.Now().After(end) {
				t.Fatalf("%q never came: %q", text, out.String())
			}
		}
	}
	until("/ # ")
	for _, step := range []struct{ say, want string }{
		{"cd /tmp\r", "/tmp # "},
		{"if true\r", "> "},
		{"then echo yes; fi\r", "yes\r\n"},
		{"sleep 100\r", "sleep 100\r\n"},
		{"\x03", "^C"},
		{"echo $?\r", "130\r\n"},
		{"redis-cli get x\r", "not found"},
		{"exit 3\r", "exit 3"},
	} {
		if step.say == "\x03" {
			time.Sleep(50 * time.Millisecond)
		}
		if _, err := io.WriteString(keys, step.say); err != nil {
			t.Fatal(err)
		}
		until(step.want)
	}
	select {
	case c := <-code:
		if c != 3 {
			t.Fatalf("code %d", c)
		}
	case <-time.After(10 * time.Second):
		t.Fatalf("did not end: %q", out.String())
	}
}

func TestCommandsFromStandardInput(t *testing.T) {
	got := newFake(t, "busybox").runWith(t, "echo a\nfor i in 1 2\ndo echo $i\ndone\nexit 3\necho no\n", "sh")
	if got.out != "a\n1\n2\n" || got.code != 3 {
		t.Fatalf("%+v", got)
	}
}

func TestFileServer(t *testing.T) {
	f := newFake(t, "busybox", "python3")
	s := f.start(t, "sh", "-c", "echo page > /tmp/index.html; echo ready; exec httpd -f -p 8080 -h /tmp")
	s.until(t, "ready")
	var got result
	for end := time.Now().Add(5 * time.Second); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		if got = f.run(t, "wget", "-qO-", "http://localhost:8080/"); got.code == 0 {
			break
		}
	}
	if got.out != "page\n" {
		t.Fatalf("%+v", got)
	}
}
