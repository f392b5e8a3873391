package runtime

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"

	cri "k8s.io/cri-api/pkg/apis/runtime/v1"
	"k8s.io/cri-streaming/pkg/streaming"
	"k8s.io/cri-streaming/pkg/streaming/remotecommand"
	"k8s.io/utils/exec"

	"kubedrill.dev/sandbox/internal/shell"
)

// ServeStreams serves exec, attach and port-forward for the kubelet, on a free port of the loopback interface.
func (r *Runtime) ServeStreams() error {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("listen for streams: %w", err)
	}
	config := streaming.DefaultConfig
	config.BaseURL = &url.URL{Scheme: "http", Host: l.Addr().String()}
	server, err := streaming.NewServer(config, streams{r})
	if err != nil {
		return fmt.Errorf("make the streaming server: %w", err)
	}
	r.streaming = server
	go func() { _ = http.Serve(l, server) }()
	return nil
}

// Exec prepares a command.
func (r *Runtime) Exec(_ context.Context, req *cri.ExecRequest) (*cri.ExecResponse, error) {
	if _, err := r.findRunning(req.ContainerId); err != nil {
		return nil, err
	}
	return r.streaming.GetExec(req)
}

// Attach prepares to show a container's output.
func (r *Runtime) Attach(_ context.Context, req *cri.AttachRequest) (*cri.AttachResponse, error) {
	if _, err := r.findRunning(req.ContainerId); err != nil {
		return nil, err
	}
	return r.streaming.GetAttach(req)
}

// PortForward prepares tunnels into a Pod.
func (r *Runtime) PortForward(_ context.Context, req *cri.PortForwardRequest) (*cri.PortForwardResponse, error) {
	return r.streaming.GetPortForward(req)
}

// streams is what the streaming server calls.
type streams struct{ r *Runtime }

func (s streams) Exec(ctx context.Context, id string, argv []string, in io.Reader, out, errOut io.WriteCloser, tty bool, sizes <-chan remotecommand.TerminalSize) error {
	c, err := s.r.findRunning(id)
	if err != nil {
		return err
	}
	std := shell.Streams{In: in, Out: io.Discard, Err: io.Discard, TTY: tty}
	if in == nil {
		std.In = noInput{}
	}
	if out != nil {
		std.Out = out
	}
	switch {
	case errOut != nil && !tty:
		std.Err = errOut
	case tty:
		std.Err = std.Out
	}
	if tty && sizes != nil {
		std.Sizes = windowSizes(ctx, sizes)
	}
	switch code := c.exec(ctx, argv, std); code {
	case 0:
		return nil
	case shell.NotFound:
		return execNotFound(argv[0])
	default:
		return exec.CodeExitError{Err: fmt.Errorf("command terminated with exit code %d", code), Code: code}
	}
}

func windowSizes(ctx context.Context, from <-chan remotecommand.TerminalSize) <-chan shell.Size {
	ctx, cancel := context.WithCancel(ctx)
	to := make(chan shell.Size)
	go func() {
		defer cancel()
		defer close(to)
		for size := range from {
			select {
			case to <- shell.Size{Width: int(size.Width), Height: int(size.Height)}:
			case <-ctx.Done():
				return
			}
		}
	}()
	return to
}

func (s streams) Attach(ctx context.Context, id string, in io.Reader, out, _ io.WriteCloser, _ bool, _ <-chan remotecommand.TerminalSize) error {
	s.r.mu.Lock()
	c, err := s.r.find(id)
	if err != nil {
		s.r.mu.Unlock()
		return err
	}
	c.attached = out
	stdin := c.stdin
	s.r.mu.Unlock()
	if in != nil && stdin != nil {
		go func() {
			_, _ = io.Copy(stdin, in)
			if c.config.StdinOnce {
				_ = stdin.Close()
			}
		}()
	}
	select {
	case <-c.done:
	case <-ctx.Done():
	}
	s.r.mu.Lock()
	c.attached = nil
	s.r.mu.Unlock()
	return nil
}

func (s streams) PortForward(_ context.Context, podID string, port int32, stream io.ReadWriteCloser) error {
	defer func() { _ = stream.Close() }()
	s.r.mu.Lock()
	ip := ""
	if p := s.r.sandboxes[podID]; p != nil {
		ip = p.ip
	}
	s.r.mu.Unlock()
	app := s.r.Listener(ip, port)
	if app == nil {
		return fmt.Errorf("failed to execute portforward in network namespace: failed to connect to localhost:%d inside namespace %q, IPv4: dial tcp4 127.0.0.1:%d: connect: connection refused IPv6 dial tcp6: address localhost: no suitable address found ", port, podID, port)
	}
	app(stream)
	return nil
}
