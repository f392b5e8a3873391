package runtime

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"kubedrill.dev/sandbox/internal/shell"
)

func (c *container) logPath() string {
	return filepath.Join(c.pod.config.LogDirectory, c.config.LogPath)
}

// openLog opens the container's log file, in the form that the kubelet reads; with rt.mu held.
func (c *container) openLog() error {
	if err := os.MkdirAll(filepath.Dir(c.logPath()), 0o755); err != nil {
		return err
	}
	f, err := os.OpenFile(c.logPath(), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o640)
	if err != nil {
		return err
	}
	if c.log != nil {
		_ = c.log.Close()
	}
	c.log = f
	return nil
}

// print writes lines to the log; with rt.mu held.
func (c *container) print(stream, text string) {
	if c.log == nil {
		return
	}
	for line := range strings.SplitSeq(strings.TrimSuffix(text, "\n"), "\n") {
		fmt.Fprintf(c.log, "%s %s F %s\n", time.Now().Format(time.RFC3339Nano), stream, line)
	}
}

// runCommand runs the container's command to its end.
func (c *container) runCommand(ctx context.Context, in io.Reader, signals <-chan syscall.Signal) {
	out, errOut := &output{c: c, stream: "stdout"}, &output{c: c, stream: "stderr"}
	code := shell.Run(ctx, c, c.Argv(), shell.Streams{In: in, Out: out, Err: errOut, TTY: c.config.Tty, Signals: signals, First: true})
	c.rt.mu.Lock()
	defer c.rt.mu.Unlock()
	out.flush()
	errOut.flush()
	c.exit(int32(code), "")
}

// output goes to the log, line by line, and to whoever is attached.
type output struct {
	c      *container
	stream string
	rest   []byte
}

func (w *output) Write(p []byte) (int, error) {
	w.c.rt.mu.Lock()
	to := w.c.attached
	w.rest = append(w.rest, p...)
	for {
		line, rest, ok := bytes.Cut(w.rest, []byte("\n"))
		if !ok {
			break
		}
		w.c.print(w.stream, string(line))
		w.rest = rest
	}
	w.c.rt.mu.Unlock()
	if to != nil {
		_, _ = to.Write(p)
	}
	return len(p), nil
}

// flush writes the last line, which has no end; with rt.mu held.
func (w *output) flush() {
	if len(w.rest) > 0 {
		w.c.print(w.stream, string(w.rest))
		w.rest = nil
	}
}

// Log writes to the container's log, as a command does that writes to the streams of process 1.
func (c *container) Log(stream string) io.Writer { return &output{c: c, stream: stream} }
