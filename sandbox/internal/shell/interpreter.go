package shell

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"strconv"
	"sync/atomic"

	"mvdan.cc/sh/v3/expand"
	"mvdan.cc/sh/v3/interp"
	"mvdan.cc/sh/v3/syntax"
)

const (
	maxText     = 8 << 20 // What a tool reads of a file that it must hold as a whole.
	maxVariable = 1 << 20
	sourceMark  = "/.kubedrill-source"
)

// script runs a script's text with the streams of k; params are set -- words.
func (x *session) script(k *call, text, name string, params []string) int {
	defer x.end()
	file, err := parse(text, name, x.name)
	if err != nil {
		return k.syntaxError(err)
	}
	x.replaced = single(file)
	r, err := x.runner(k, k.in, params)
	if err != nil {
		fmt.Fprintf(k.err, "%s: %v\n", x.name, err)
		return 2
	}
	return x.result(k.ctx, r.Run(k.ctx, file))
}

func (x *session) result(ctx context.Context, err error) int {
	var status interp.ExitStatus
	var end ended
	if err != nil && !errors.As(err, &status) && errors.As(context.Cause(ctx), &end) {
		return int(end)
	}
	return exitCode(err)
}

func (k *call) syntaxError(err error) int {
	var parse syntax.ParseError
	if errors.As(err, &parse) {
		fmt.Fprintf(k.err, "%s: line %d: syntax error: %s\n", k.session.name, max(1, parse.Pos.Line()), parse.Text)
	} else {
		fmt.Fprintf(k.err, "%s: syntax error: %v\n", k.session.name, err)
	}
	return 2
}

// hiddenTemp keeps the interpreter from opening named pipes of this machine: its folder for them is one that cannot exist.
type hiddenTemp struct {
	expand.Environ
	shown atomic.Bool
}

func (e *hiddenTemp) Get(name string) expand.Variable {
	if name == "TMPDIR" && !e.shown.Load() {
		return expand.Variable{Set: true, Kind: expand.String, Str: "/\x00"}
	}
	return e.Environ.Get(name)
}

// runner makes an interpreter whose files, commands and network are the container's, and nothing of this machine's.
func (x *session) runner(k *call, in io.Reader, params []string) (*interp.Runner, error) {
	uid, gid := x.c.User()
	env := &hiddenTemp{Environ: overlay{k.env, map[string]string{
		"UID": strconv.FormatInt(uid, 10), "EUID": strconv.FormatInt(uid, 10), "GID": strconv.FormatInt(gid, 10),
		pidVariable: strconv.Itoa(pid(x.c)), jobVariable: "0",
	}, "/"}}
	r, err := interp.New(
		interp.Env(env),
		interp.StdIO(in, k.out, k.err),
		interp.Params(params...),
		interp.OpenHandler(x.open),
		interp.StatHandler(func(_ context.Context, name string, follow bool) (fs.FileInfo, error) {
			if l, ok := x.c.(Links); ok && !follow {
				return l.Lstat(name)
			}
			return x.c.Stat(name)
		}),
		interp.ReadDirHandler2(func(ctx context.Context, name string) ([]fs.DirEntry, error) {
			return x.c.ReadDir(at(interp.HandlerCtx(ctx).Dir, name))
		}),
		interp.AccessHandler(x.access),
		interp.CallHandler(x.call),
		interp.ExecHandlers(func(interp.ExecHandlerFunc) interp.ExecHandlerFunc { return x.exec }),
	)
	if err != nil {
		return nil, err
	}
	r.Dir = k.dir
	if st, err := x.c.Stat(k.dir); err != nil || !st.IsDir() {
		r.Dir = "/"
	}
	dir := r.Dir
	r.Reset() // It settles the folder for named pipes.
	r.Dir = dir
	env.shown.Store(true)
	return r, nil
}

func at(dir, name string) string {
	if path.IsAbs(name) {
		return name
	}
	return path.Join(dir, name)
}

// overlay adds what the shell needs without exporting it.
type overlay struct {
	expand.Environ
	more map[string]string
	home string
}

func (o overlay) Get(name string) expand.Variable {
	v := o.Environ.Get(name)
	if v.IsSet() {
		return v
	}
	if s, ok := o.more[name]; ok {
		return expand.Variable{Set: true, Kind: expand.String, Str: s}
	}
	if name == "HOME" {
		return expand.Variable{Set: true, Kind: expand.String, Str: o.home}
	}
	return v
}
