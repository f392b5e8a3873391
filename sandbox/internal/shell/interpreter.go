package shell

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"path"
	"runtime"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

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

func (x *session) access(_ context.Context, name string, mode interp.AccessMode) error {
	st, err := x.c.Stat(name)
	if err != nil {
		return err
	}
	uid, _ := x.c.User()
	if mode&0o1 != 0 && !st.IsDir() && st.Mode()&0o111 == 0 {
		return &fs.PathError{Op: "access", Path: name, Err: syscall.EACCES}
	}
	if uid != 0 && mode&0o2 != 0 && st.Mode()&0o002 == 0 && ownerOf(st) != uid {
		return &fs.PathError{Op: "access", Path: name, Err: syscall.EACCES}
	}
	return nil
}

func ownerOf(st fs.FileInfo) int64 {
	if o, ok := st.(interface{ Owner() int64 }); ok {
		return o.Owner()
	}
	return 0
}

// open is for redirections and sourced files; every error is a *fs.PathError in the shell's words, since any other
// would end the interpreter.
func (x *session) open(ctx context.Context, name string, flag int, perm os.FileMode) (io.ReadWriteCloser, error) {
	hc := interp.HandlerCtx(ctx)
	writes := flag&(os.O_WRONLY|os.O_RDWR|os.O_CREATE) != 0
	if file, ok := strings.CutPrefix(name, sourceMark); ok {
		return x.openSource(file)
	}
	name = at(hc.Dir, name)
	switch name {
	case "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1":
		return stream{hc.Stdout}, nil
	case "/dev/stderr", "/dev/fd/2", "/proc/self/fd/2":
		return stream{hc.Stderr}, nil
	case "/proc/1/fd/1":
		if l, ok := x.c.(Logger); ok {
			return stream{l.Log("stdout")}, nil
		}
	case "/proc/1/fd/2":
		if l, ok := x.c.(Logger); ok {
			return stream{l.Log("stderr")}, nil
		}
	}
	if rest, ok := strings.CutPrefix(name, "/dev/tcp/"); ok && x.name == "bash" {
		host, port, _ := strings.Cut(rest, "/")
		conn, err := x.c.Dial(ctx, net.JoinHostPort(host, port))
		if err != nil {
			return nil, &fs.PathError{Op: x.name + ": connect:", Path: name, Err: errors.New(dialReason(err))}
		}
		return conn, nil
	}
	f, err := x.c.Open(name, flag, perm)
	if err == nil {
		return f, nil
	}
	text := reason(err)
	op := "can't open"
	switch {
	case writes && errors.Is(err, fs.ErrNotExist):
		op, text = "can't create", "nonexistent directory"
	case writes:
		op = "can't create"
	case errors.Is(err, fs.ErrNotExist):
		text = "no such file"
	}
	switch {
	case x.name == "bash":
		op, text = "line 1:", reason(err)
	case familyOf(x.c).gnu && errors.Is(err, fs.ErrNotExist):
		op, text = "cannot open", "No such file"
		if writes {
			op, text = "cannot create", "Directory nonexistent"
		}
	case familyOf(x.c).gnu:
		op = strings.Replace(op, "can't", "cannot", 1)
	}
	return nil, &fs.PathError{Op: x.name + ": " + op, Path: name, Err: errors.New(text)}
}

type stream struct{ io.Writer }

func (stream) Read([]byte) (int, error) { return 0, io.EOF }
func (stream) Close() error             { return nil }

type source struct{ *strings.Reader }

func (source) Write([]byte) (int, error) { return 0, syscall.EBADF }
func (source) Close() error              { return nil }

func (x *session) openSource(file string) (io.ReadWriteCloser, error) {
	f, err := x.c.Open(file, os.O_RDONLY, 0)
	if err != nil {
		return nil, &fs.PathError{Op: x.name + ": can't open", Path: file, Err: errors.New(reason(err))}
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, maxScript+1))
	if err != nil {
		return nil, &fs.PathError{Op: x.name + ": can't open", Path: file, Err: errors.New(reason(err))}
	}
	text, err := again(string(b), x.name)
	if err != nil {
		return nil, &fs.PathError{Op: x.name + ":", Path: file, Err: err}
	}
	return source{strings.NewReader(text)}, nil
}

// call sees every simple command before it runs.
func (x *session) call(ctx context.Context, args []string) ([]string, error) {
	hc := interp.HandlerCtx(ctx)
	if err := x.allow(ctx, hc); err != nil {
		return nil, err
	}
	switch args[0] {
	case "exec":
		if len(args) > 1 {
			x.replaced = true
		}
	case tick:
		return []string{"true"}, x.checkSizes(hc)
	case "wait":
		started, _ := strconv.Atoi(hc.Env.Get(jobVariable).String())
		x.wait(ctx, args, started)
		if code := x.take(); code != "" {
			return x.eval(code)
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
	case "trap":
		args = x.trap(args)
	case "eval":
		text, err := again(strings.Join(args[1:], " "), x.name)
		if err != nil {
			break // The interpreter finds the same mistake and says so.
		}
		args = []string{"eval", text}
	case "source", ".":
		if len(args) > 1 {
			args[1] = sourceMark + x.find(hc, args[1])
		}
	case "type", "command", "which", "hash":
		args = x.look(args)
	case "pwd":
		args = []string{"pwd"}
	case "cd":
		if len(args) == 2 && args[1] != "-" {
			args = x.cd(hc, args)
		}
	case "ulimit", "umask":
		args = []string{"__kubedrill_" + args[0]}
	case "echo", "printf", "kill":
		if Knows(x.c, args[0]) || x.name != "" {
			args[0] = "__kubedrill_" + args[0]
		}
	}
	if code := x.take(); code != "" {
		quoted, err := quote(args)
		if err != nil {
			return nil, err
		}
		return x.eval(code + "\n" + quoted)
	}
	return args, nil
}

// cd says in the shell's words why it cannot go there.
func (x *session) cd(hc interp.HandlerContext, args []string) []string {
	st, err := x.c.Stat(at(hc.Dir, args[1]))
	why := "Not a directory"
	switch {
	case err == nil && st.IsDir():
		return args
	case err != nil:
		why = reason(err)
	}
	switch {
	case x.name == "bash":
		fmt.Fprintf(hc.Stderr, "bash: line 1: cd: %s: %s\n", args[1], why)
	case familyOf(x.c).gnu:
		fmt.Fprintf(hc.Stderr, "sh: 1: cd: can't cd to %s\n", args[1])
	default:
		fmt.Fprintf(hc.Stderr, "%s: cd: can't cd to %s: %s\n", x.name, args[1], why)
	}
	return []string{"false"}
}

func (x *session) eval(code string) ([]string, error) {
	text, err := again(code, x.name)
	if err != nil {
		text = code
	}
	return []string{"eval", text}, nil
}

// allow keeps a script's pace, depth and life in bounds.
func (x *session) allow(ctx context.Context, hc interp.HandlerContext) error {
	if n := hc.Env.Get(jobVariable).String(); n != "" && n != "0" {
		x.mu.Lock()
		j := x.jobs[n]
		x.mu.Unlock()
		if j != nil && j.ctx.Err() != nil && x.inJob(hc) {
			return context.Cause(j.ctx)
		}
	}
	var frames [1]uintptr
	if runtime.Callers(frameBound, frames[:]) > 0 {
		fmt.Fprintf(hc.Stderr, "%s: maximum recursion depth exceeded\n", x.name)
		return ended(139)
	}
	if !isFree(x.c) {
		x.pace.wait(ctx)
	}
	return ctx.Err()
}

// inJob tells whether a command runs in a background job rather than in the shell that started it.
func (x *session) inJob(hc interp.HandlerContext) bool {
	return hc.Env.Get(inJobVariable).IsSet()
}

func (x *session) checkSizes(hc interp.HandlerContext) error {
	if isFree(x.c) {
		return nil
	}
	total := 0
	for _, v := range hc.Env.Each {
		total += len(v.Str)
		for _, s := range v.List {
			total += len(s)
		}
	}
	if total > maxVariable {
		fmt.Fprintf(hc.Stderr, "%s: out of memory\n", x.name)
		return ended(2)
	}
	return nil
}

// find is the path of a file to source: as it is, or one on the PATH.
func (x *session) find(hc interp.HandlerContext, name string) string {
	if !strings.Contains(name, "/") {
		for _, d := range strings.Split(hc.Env.Get("PATH").String(), ":") {
			if st, err := x.c.Stat(path.Join("/", d, name)); err == nil && st.Mode().IsRegular() {
				return path.Join("/", d, name)
			}
		}
	}
	return at(hc.Dir, name)
}

// look turns the commands that would search this machine's PATH into ones of ours.
func (x *session) look(args []string) []string {
	switch {
	case args[0] == "type":
		return append([]string{"__kubedrill_type"}, args[1:]...)
	case args[0] == "command" && len(args) > 1 && (args[1] == "-v" || args[1] == "-V"):
		return append([]string{"__kubedrill_command"}, args[1:]...)
	}
	return args
}

func quote(argv []string) (string, error) {
	words := make([]string, len(argv))
	for i, w := range argv {
		q, err := syntax.Quote(w, syntax.LangBash)
		if err != nil {
			return "", err
		}
		words[i] = q
	}
	return strings.Join(words, " "), nil
}

// exec runs what is neither a function nor part of the shell.
func (x *session) exec(ctx context.Context, args []string) error {
	hc := interp.HandlerCtx(ctx)
	number := hc.Env.Get(jobVariable).String()
	var j *job
	if number != "" && number != "0" && x.inJob(hc) {
		j = x.job(ctx, number)
		var cancel context.CancelCauseFunc
		ctx, cancel = context.WithCancelCause(ctx)
		defer cancel(nil)
		defer context.AfterFunc(j.ctx, func() { cancel(context.Cause(j.ctx)) })()
	}
	if args[0] == finished {
		if j != nil {
			j.finish()
		}
		return status(hc.LastExitStatus)
	}
	in := hc.Stdin
	if f, ok := in.(*os.File); ok && f != nil {
		stop := context.AfterFunc(ctx, func() { _ = f.SetReadDeadline(time.Unix(1, 0)) })
		defer func() {
			if !stop() {
				_ = f.SetReadDeadline(time.Time{})
			}
		}()
	}
	if in == nil {
		in = strings.NewReader("")
	}
	k := &call{ctx: ctx, c: x.c, session: x, env: hc.Env, dir: hc.Dir, in: in, out: hc.Stdout, err: hc.Stderr, args: args}
	if tool := inner[args[0]]; tool != nil {
		return status(k.limited(tool))
	}
	x.becomes(args)
	code := k.run(args)
	if err := ctx.Err(); err != nil && code != 0 {
		var end ended
		if j != nil && errors.As(context.Cause(ctx), &end) {
			return end
		}
	}
	return status(code)
}

// single tells whether a script is one simple command, which a shell runs in its own place.
func single(file *syntax.File) bool {
	if len(file.Stmts) != 1 || file.Stmts[0].Background {
		return false
	}
	_, simple := file.Stmts[0].Cmd.(*syntax.CallExpr)
	return simple
}

// becomes tells the container that its process 1 is now another program.
func (x *session) becomes(args []string) {
	if f, ok := x.c.(First); ok && x.first && x.replaced && !isShell(args[0]) {
		f.Become(args, plays(x.c, args[0]))
	}
}

func status(code int) error {
	if code == 0 {
		return nil
	}
	return interp.ExitStatus(uint8(code))
}
