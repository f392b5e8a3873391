package shell

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"time"

	"mvdan.cc/sh/v3/expand"
	"mvdan.cc/sh/v3/interp"
)

// callPause keeps a busy loop in a script from taking a core of this machine.
const callPause = 200 * time.Microsecond

// newRunner makes an interpreter whose files, commands and network are the container's.
func newRunner(c Container, name string, s Streams) (*interp.Runner, error) {
	var env []string
	for k, v := range c.Env() {
		env = append(env, k+"="+v)
	}
	return interp.New(
		interp.Env(expand.ListEnviron(env...)), interp.Dir("/"), interp.StdIO(s.In, s.Out, s.Err),
		interp.OpenHandler(func(_ context.Context, name string, flag int, perm os.FileMode) (io.ReadWriteCloser, error) {
			return c.Open(name, flag, perm)
		}),
		interp.StatHandler(func(_ context.Context, name string, _ bool) (fs.FileInfo, error) { return c.Stat(name) }),
		interp.ReadDirHandler2(func(_ context.Context, name string) ([]fs.DirEntry, error) { return c.ReadDir(name) }),
		interp.AccessHandler(func(_ context.Context, name string, _ interp.AccessMode) error { _, err := c.Stat(name); return err }),
		interp.CallHandler(func(ctx context.Context, args []string) ([]string, error) {
			time.Sleep(callPause)
			return args, ctx.Err()
		}),
		interp.ExecHandlers(func(interp.ExecHandlerFunc) interp.ExecHandlerFunc {
			return func(ctx context.Context, args []string) error {
				hc := interp.HandlerCtx(ctx)
				if c.Image().Plays(args[0]) {
					return status(c.Play(ctx, args))
				}
				tool := tools[path.Base(args[0])]
				if tool == nil || !Knows(c, args[0]) {
					fmt.Fprintf(hc.Stderr, "%s: %s: not found\n", name, args[0])
					return interp.ExitStatus(127)
				}
				return status(int(tool(ctx, c, hc, args)))
			}
		}),
	)
}

func status(code int) error {
	if code == 0 {
		return nil
	}
	return interp.ExitStatus(code)
}
