package shell

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"mvdan.cc/sh/v3/interp"
)

func cat(_ context.Context, c Container, hc interp.HandlerContext, args []string) uint8 {
	if len(args) == 1 {
		_, _ = io.Copy(hc.Stdout, hc.Stdin)
	}
	for _, p := range args[1:] {
		f, err := c.Open(absolute(hc, p), os.O_RDONLY, 0)
		if err != nil {
			fmt.Fprintf(hc.Stderr, "cat: can't open '%s': No such file or directory\n", p)
			return 1
		}
		_, _ = io.Copy(hc.Stdout, f)
		_ = f.Close()
	}
	return 0
}

func ls(_ context.Context, c Container, hc interp.HandlerContext, args []string) uint8 {
	names := operands(args)
	if len(names) == 0 {
		names = []string{"."}
	}
	for _, p := range names {
		if st, err := c.Stat(absolute(hc, p)); err == nil && !st.IsDir() {
			fmt.Fprintln(hc.Stdout, p)
			continue
		}
		list, err := c.ReadDir(absolute(hc, p))
		if err != nil {
			fmt.Fprintf(hc.Stderr, "ls: %s: No such file or directory\n", p)
			return 1
		}
		for _, e := range list {
			if !strings.HasPrefix(e.Name(), ".") {
				fmt.Fprintln(hc.Stdout, e.Name())
			}
		}
	}
	return 0
}

func touch(_ context.Context, c Container, hc interp.HandlerContext, args []string) uint8 {
	for _, p := range operands(args) {
		f, err := c.Open(absolute(hc, p), os.O_CREATE|os.O_WRONLY, 0o644)
		if err != nil {
			fmt.Fprintf(hc.Stderr, "touch: %s: %v\n", p, errors.Unwrap(err))
			return 1
		}
		_ = f.Close()
	}
	return 0
}

func rm(_ context.Context, c Container, hc interp.HandlerContext, args []string) uint8 {
	for _, p := range operands(args) {
		_ = c.RemoveAll(absolute(hc, p))
	}
	return 0
}
