package runtime

import (
	"context"
	"fmt"
	"strings"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	remote "k8s.io/cri-client/pkg"
	"k8s.io/utils/exec"

	"kubedrill.dev/sandbox/internal/live"
	"kubedrill.dev/sandbox/internal/probe"
	"kubedrill.dev/sandbox/internal/shell"
)

// ExecSync answers exec probes and hooks, and through them the rewritten HTTP, TCP and gRPC ones.
func (r *Runtime) ExecSync(ctx context.Context, id string, argv []string, timeout time.Duration) (stdout, stderr []byte, err error) {
	spec, isProbe, err := probe.Decode(argv)
	if err != nil {
		return nil, nil, err
	}
	if isProbe { // It must answer on a container that has ended, too: connection refused.
		r.mu.Lock()
		c, err := r.find(id)
		r.mu.Unlock()
		if err != nil {
			return nil, nil, err
		}
		if problem := r.probe(ctx, c, spec, timeout); problem != "" {
			return []byte(problem), nil, exec.CodeExitError{Err: fmt.Errorf("%s", problem), Code: 1}
		}
		return []byte("ok"), nil, nil
	}
	c, err := r.findRunning(id)
	if err != nil {
		return nil, nil, err
	}
	if timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, timeout)
		defer cancel()
	}
	var out, errOut strings.Builder
	code := c.exec(ctx, argv, shell.Streams{In: noInput{}, Out: &out, Err: &errOut})
	switch {
	case ctx.Err() != nil:
		return nil, nil, fmt.Errorf("%w: command %q timed out", remote.ErrCommandTimedOut, strings.Join(argv, " "))
	case code == shell.NotFound:
		return nil, nil, execNotFound(argv[0])
	case code != 0:
		err = exec.CodeExitError{Err: fmt.Errorf("command %q exited with %d: %s", strings.Join(argv, " "), code, errOut.String()), Code: code}
	}
	return []byte(out.String()), []byte(errOut.String()), err
}

func (r *Runtime) findRunning(id string) (*container, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	c, err := r.find(id)
	if err == nil && !c.running() {
		err = status.Errorf(codes.Unknown, "failed to exec in container: container is in %s state", c.state)
	}
	return c, err
}

// exec runs a command beside the container's own.
func (c *container) exec(ctx context.Context, argv []string, s shell.Streams) int {
	c.rt.mu.Lock()
	p := c.processes.start(argv)
	c.rt.mu.Unlock()
	s.Signals = p.signals
	defer func() {
		c.rt.mu.Lock()
		c.processes.end(p.PID)
		c.rt.mu.Unlock()
	}()
	if live.Asked(argv) {
		return live.Run(ctx, c, argv[2:], s.Out, s.Err)
	}
	return shell.Run(ctx, c, argv, s)
}

func execNotFound(name string) error {
	return fmt.Errorf("failed to exec in container: failed to start exec: OCI runtime exec failed: exec failed: unable to start container process: exec: %q: executable file not found in $PATH", name)
}
