package shell

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"
	"syscall"

	"mvdan.cc/sh/v3/expand"
	"mvdan.cc/sh/v3/interp"
)

// NotFound is what Run returns when the image has no such program.
const NotFound = -127

// maxArgument is the longest word the kernel takes.
const maxArgument = 128 << 10

// maxNesting bounds how deep commands may start commands.
const maxNesting = 24

// Streams are a command's standard streams.
type Streams struct {
	In       io.Reader
	Out, Err io.Writer
	TTY      bool
	// Signals brings SIGTERM and others to the command, when it is not nil. Process 1 ignores what it has no trap for.
	Signals <-chan syscall.Signal
	// Sizes brings the sizes of the terminal's window.
	Sizes <-chan Size
	// First says that the command is the container's process 1.
	First bool
}

// Run runs argv, a shell or one command, and returns its exit code.
func Run(ctx context.Context, c Container, argv []string, s Streams) int {
	if len(argv) == 0 || !Runs(c, argv[0]) {
		return NotFound
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	go func() {
		select {
		case <-c.Done():
			cancel(errKilled)
		case <-ctx.Done():
		}
	}()
	if s.In == nil {
		s.In = strings.NewReader("")
	}
	var t *terminal
	if s.TTY {
		t = newTerminal(s.In, s.Out, func() { cancel(errInterrupted) })
		if s.Sizes != nil {
			go t.resize(s.Sizes)
		}
		s.Out, s.Err = t, t
		s.In = t.lines()
	}
	x := newSession(c, path.Base(argv[0]), t)
	x.first, x.replaced = s.First, true
	x.kill = cancel
	if s.Signals != nil {
		go x.listen(ctx, s.Signals)
	}
	k := &call{ctx: ctx, c: c, session: x, env: environment(c), dir: workingDir(c), in: s.In, out: s.Out, err: s.Err, args: argv}
	code := k.run(argv)
	if cause := context.Cause(ctx); cause != nil && ctx.Err() != nil {
		var ended ended
		if errors.As(cause, &ended) {
			return int(ended)
		}
	}
	return code
}

// ended is why a command was stopped, as an exit code.
type ended int

func (e ended) Error() string { return fmt.Sprintf("ended with %d", int(e)) }

const (
	errKilled      = ended(137)
	errInterrupted = ended(130)
	errTerminated  = ended(143)
)

// Runs tells whether the container can run argv[0]: a program, or a script in its file system.
func Runs(c Container, name string) bool {
	if Knows(c, name) {
		return true
	}
	if !strings.Contains(name, "/") {
		return false
	}
	st, err := c.Stat(name)
	return err == nil && st.Mode().IsRegular() && len(familyOf(c).shells) > 0
}

func workingDir(c Container) string {
	if d := c.WorkingDir(); d != "" {
		return d
	}
	return "/"
}

func environment(c Container) expand.Environ {
	var pairs []string
	for name, value := range c.Env() {
		pairs = append(pairs, name+"="+value)
	}
	return expand.ListEnviron(pairs...)
}

type nesting struct{}

// run runs other words with the same streams: a tool, a shell or a script.
func (k *call) run(argv []string) int {
	depth, _ := k.ctx.Value(nesting{}).(int)
	if depth > maxNesting {
		fmt.Fprintf(k.err, "%s: can't fork: Resource temporarily unavailable\n", k.session.name)
		return 2
	}
	next := k.with(argv)
	next.ctx = context.WithValue(k.ctx, nesting{}, depth+1)
	for _, a := range argv {
		if len(a) > maxArgument {
			fmt.Fprintf(k.err, "%s: %s: Argument list too long\n", k.session.name, argv[0])
			return 126
		}
	}
	at := locate(k.c, argv[0])
	base := path.Base(argv[0])
	switch {
	case at == "" && plays(k.c, argv[0]):
		return next.app()
	case at == "" && strings.Contains(argv[0], "/"):
		return next.script()
	case at == "":
		next.notFound(argv[0])
		return 127
	case isShell(base):
		return next.shell()
	case base == "test" || base == "[" || base == "[[":
		return next.classicTest()
	}
	return next.limited(tools[base])
}

// notFound says that there is no such command, in the shell's words.
func (k *call) notFound(name string) {
	switch f := familyOf(k.c); {
	case k.session.name == "bash":
		fmt.Fprintf(k.err, "%s: line 1: %s: command not found\n", k.session.name, name)
	case f.gnu:
		fmt.Fprintf(k.err, "%s: 1: %s: not found\n", k.session.name, name)
	default:
		fmt.Fprintf(k.err, "%s: %s: not found\n", k.session.name, name)
	}
}

// script runs a file of the container.
func (k *call) script() int {
	name := k.abs(k.args[0])
	st, err := k.c.Stat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		k.notFound(k.args[0])
		return 127
	case err != nil || !st.Mode().IsRegular() || st.Mode()&0o111 == 0:
		fmt.Fprintf(k.err, "%s: %s: Permission denied\n", k.session.name, k.args[0])
		return 126
	}
	text, err := k.readAll(name)
	if err != nil {
		fmt.Fprintf(k.err, "%s: %s: %s\n", k.session.name, k.args[0], reason(err))
		return 126
	}
	if strings.HasPrefix(string(text), machineCode) {
		return k.machine(name)
	}
	interpreter := []string{"/bin/sh"}
	if first, _, _ := strings.Cut(string(text), "\n"); strings.HasPrefix(first, "#!") {
		interpreter = strings.Fields(first[2:])
		if len(interpreter) > 1 && path.Base(interpreter[0]) == "env" {
			interpreter = interpreter[1:]
		}
	}
	if len(interpreter) == 0 || !Knows(k.c, interpreter[0]) {
		fmt.Fprintf(k.err, "%s: %s: not found\n", k.session.name, k.args[0])
		return 127
	}
	return k.run(append(append(interpreter, name), k.args[1:]...))
}

// machineCode is how a program for the kernel begins.
const machineCode = "\x7fELF"

// machine runs a program that is none of ours, where there is a kernel to run it.
func (k *call) machine(name string) int {
	real, ok := kernel(k.c)
	if !ok {
		fmt.Fprintf(k.err, "%s: %s: Exec format error\n", k.session.name, k.args[0])
		return 126
	}
	p := Program{Path: name, Dir: k.dir, Argv: k.args, In: k.in, Out: k.out, Err: k.err}
	for name, v := range k.env.Each {
		if v.Exported {
			p.Env = append(p.Env, name+"="+v.String())
		}
	}
	code, err := real.Exec(k.ctx, p)
	if err != nil {
		fmt.Fprintf(k.err, "%s: %s: %s\n", k.session.name, k.args[0], reason(err))
		return 126
	}
	return code
}

func (k *call) readAll(name string) ([]byte, error) {
	f, err := k.c.Open(name, os.O_RDONLY, 0)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, maxText))
}

// shell is sh itself: with -c, a script file, or what it reads.
func (k *call) shell() int {
	words, set := k.args[1:], []string{}
	script, given := "", false
	for len(words) > 0 && len(words[0]) > 1 && (words[0][0] == '-' || words[0][0] == '+') && words[0] != "--" {
		w := words[0]
		words = words[1:]
		switch {
		case w == "-o" || w == "+o":
			if len(words) > 0 {
				set = append(set, w, words[0])
				words = words[1:]
			}
			continue
		case strings.HasPrefix(w, "--"):
			continue
		}
		if w[0] == '-' && strings.Contains(w, "c") {
			given = true
			w = strings.ReplaceAll(w, "c", "")
		}
		w = strings.NewReplacer("l", "", "i", "", "s", "").Replace(w)
		if strings.Contains(w, "o") && len(words) > 0 { // -eo pipefail, -euo pipefail
			w = strings.ReplaceAll(w, "o", "")
			set = append(set, "-o", words[0])
			words = words[1:]
		}
		if len(w) > 1 {
			set = append(set, w)
		}
	}
	if len(words) > 0 && words[0] == "--" {
		words = words[1:]
	}
	name := k.name()
	switch {
	case given && len(words) == 0:
		fmt.Fprintf(k.err, "%s: -c requires an argument\n", name)
		return 2
	case given:
		script, words = words[0], words[1:]
	case len(words) > 0:
		b, err := k.readAll(k.abs(words[0]))
		if err != nil {
			fmt.Fprintf(k.err, "%s: can't open '%s': %s\n", name, words[0], reason(err))
			return 2
		}
		script = string(b)
	default:
		return k.interactive(name)
	}
	if len(words) > 0 {
		name, words = words[0], words[1:]
	}
	x := k.session.child(path.Base(k.args[0]))
	return x.script(k, script, name, append(set, append([]string{"--"}, words...)...))
}

func exitCode(err error) int {
	var status interp.ExitStatus
	var end ended
	switch {
	case err == nil:
		return 0
	case errors.As(err, &status):
		return int(status)
	case errors.As(err, &end):
		return int(end)
	default:
		return 137
	}
}
