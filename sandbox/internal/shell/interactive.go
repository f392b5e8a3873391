package shell

import (
	"bufio"
	"context"
	"errors"
	"io"
	"strings"

	"mvdan.cc/sh/v3/interp"
	"mvdan.cc/sh/v3/syntax"
)

// interactive is a shell with someone typing, or with its commands on standard input.
func (k *call) interactive(name string) int {
	x := k.session.child(name)
	defer x.end()
	t := x.terminal
	read := func(string) (string, error) { return "", io.EOF }
	var in io.Reader = strings.NewReader("")
	if t != nil {
		k.out, k.err = t, t
		read = func(prompt string) (string, error) {
			t.SetPrompt(prompt)
			defer t.SetPrompt("")
			t.keys.interrupted(nil)
			return t.ReadLine()
		}
	} else {
		lines := bufio.NewReader(k.in)
		read = func(string) (string, error) {
			text, err := lines.ReadString('\n')
			if text != "" {
				err = nil
			}
			return strings.TrimSuffix(text, "\n"), err
		}
	}
	r, err := x.runner(k, in, nil)
	if err != nil {
		return 2
	}
	code, text := 0, ""
	for k.ctx.Err() == nil {
		prompt := x.prompt(k, r)
		if text != "" {
			prompt = "> "
		}
		line, err := read(prompt)
		if err != nil {
			break
		}
		text += line + "\n"
		file, err := parse(text, name, name)
		if syntax.IsIncomplete(err) {
			continue
		}
		text = ""
		if err != nil {
			code = k.syntaxError(err)
			continue
		}
		code = x.typed(k, r, file)
		if r.Exited() {
			return code
		}
	}
	if t != nil && k.ctx.Err() == nil {
		k.println("exit")
	}
	return code
}

// typed runs one line; Control-C ends the line but not the shell.
func (x *session) typed(k *call, r *interp.Runner, file *syntax.File) int {
	ctx, cancel := context.WithCancelCause(k.ctx)
	defer cancel(nil)
	if x.terminal != nil {
		x.terminal.keys.interrupted(func() { cancel(errInterrupted) })
	}
	err := r.Run(ctx, file)
	if ctx.Err() != nil && errors.Is(context.Cause(ctx), errInterrupted) {
		k.printf("^C\n")
		return int(errInterrupted)
	}
	return x.result(ctx, err)
}

func (x *session) prompt(k *call, r *interp.Runner) string {
	if v := r.Vars["PS1"]; v.IsSet() {
		return v.String()
	}
	if x.name == "bash" {
		uid, _ := x.c.User()
		user, sign := userName(x.c, uid), "$"
		if uid == 0 {
			sign = "#"
		}
		if user == "" {
			user = "I have no name!"
		}
		return user + "@" + x.c.Hostname() + ":" + r.Dir + sign + " "
	}
	return familyOf(x.c).prompt(x.c, r.Dir)
}
