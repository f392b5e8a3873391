//go:build linux

package real

import (
	"context"
	"errors"
	"os/exec"
	"syscall"

	"kubedrill.dev/sandbox/internal/shell"
)

// Exec runs a program that is none of ours, such as one that an init container left in a volume.
func (c *Container) Exec(ctx context.Context, p shell.Program) (int, error) {
	command := exec.CommandContext(ctx, p.Path)
	command.Args, command.Env, command.Dir = p.Argv, p.Env, p.Dir
	command.Stdin, command.Stdout, command.Stderr = p.In, p.Out, p.Err
	var exit *exec.ExitError
	switch err := command.Run(); {
	case err == nil:
		return 0, nil
	case errors.As(err, &exit):
		if status, ok := exit.Sys().(syscall.WaitStatus); ok && status.Signaled() {
			return 128 + int(status.Signal()), nil
		}
		return exit.ExitCode(), nil
	default:
		return 0, err
	}
}
