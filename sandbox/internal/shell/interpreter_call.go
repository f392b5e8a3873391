package shell

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path"
	"runtime"
	"strconv"
	"strings"
	"time"

	"mvdan.cc/sh/v3/interp"
	"mvdan.cc/sh/v3/syntax"
)

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
