//go:build linux

package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"path"
	"runtime/debug"
	"syscall"

	"golang.org/x/term"

	"kubedrill.dev/sandbox/internal/app"
	"kubedrill.dev/sandbox/internal/catalogue"
	"kubedrill.dev/sandbox/internal/oci"
	"kubedrill.dev/sandbox/internal/real"
	"kubedrill.dev/sandbox/internal/shell"
)

// garbagePercent keeps the program's own memory small beside what it takes for the image: memory is what a lesson looks at.
const garbagePercent = 30

// deaf are signals that the program has no use for.
var deaf = map[os.Signal]bool{syscall.SIGURG: true, syscall.SIGCHLD: true, syscall.SIGPIPE: true, syscall.SIGWINCH: true}

// play is a process of a container: the image's own program, or a shell or tool.
func play(words []string) int {
	debug.SetGCPercent(garbagePercent)
	text, err := os.ReadFile(oci.BehaviorPath)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 126
	}
	im, err := catalogue.Decode(text)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 126
	}
	argv := im.Argv(words, nil)
	if base := path.Base(argv[0]); !im.Plays(base) && shell.IsTool(base) {
		argv[0] = base // Also a copy of a tool at another place is that tool.
	}
	c := real.New(im.With(argv), argv)
	all := make(chan os.Signal, 16)
	signal.Notify(all)
	signals := make(chan syscall.Signal, 8)
	go forward(all, signals, c)
	if app.PlaysItself(im, argv) {
		return c.Play(context.Background(), argv)
	}
	s := shell.Streams{In: os.Stdin, Out: os.Stdout, Err: os.Stderr, Signals: signals, First: os.Getpid() == 1}
	if term.IsTerminal(0) && term.IsTerminal(1) {
		state, err := term.MakeRaw(0)
		if err == nil {
			defer func() { _ = term.Restore(0, state) }()
			s.TTY, s.Sizes = true, sizes()
		}
	}
	code := shell.Run(context.Background(), c, argv, s)
	if code == shell.NotFound {
		fmt.Fprintf(os.Stderr, "%s: not found\n", argv[0])
		return 127
	}
	return code
}

// forward brings signals to whom they are for: the image's own program stops its own way.
func forward(all <-chan os.Signal, to chan<- syscall.Signal, c *real.Container) {
	for s := range all {
		number, ok := s.(syscall.Signal)
		switch {
		case !ok || deaf[s]:
		case number == syscall.SIGHUP && c.Site().Runs():
			app.Reload(c)
		case !c.PlaysFirst():
			select {
			case to <- number:
			default: // As the kernel does: one more of a kind that waits already changes nothing.
			}
		case number == syscall.SIGTERM || number == syscall.SIGINT || number == syscall.SIGQUIT:
			app.Stop(c, c.End)
		}
	}
}

// sizes follows the size of the terminal's window.
func sizes() <-chan shell.Size {
	changes := make(chan os.Signal, 1)
	signal.Notify(changes, syscall.SIGWINCH)
	out := make(chan shell.Size, 1)
	go func() {
		for {
			if width, height, err := term.GetSize(0); err == nil {
				out <- shell.Size{Width: width, Height: height}
			}
			<-changes
		}
	}()
	return out
}
