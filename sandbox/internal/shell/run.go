package shell

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"

	"mvdan.cc/sh/v3/interp"
	"mvdan.cc/sh/v3/syntax"
)

// NotFound is what Run returns when the image has no such program.
const NotFound = -127

// Streams are a command's standard streams.
type Streams struct {
	In       io.Reader
	Out, Err io.Writer
	TTY      bool
}

var builtins = []string{"echo", "printf", "test", "[", "true", "false", "pwd"}

// Knows tells whether the container has a program of that name.
func Knows(c Container, name string) bool {
	name = path.Base(name)
	if only := c.Image().Tools; len(only) > 0 && !slices.Contains(only, name) {
		return false
	}
	return isShell(name) || tools[name] != nil || slices.Contains(builtins, name)
}

func isShell(name string) bool {
	return slices.Contains([]string{"sh", "bash", "ash"}, path.Base(name))
}

// Run runs argv, a shell or one command, and returns its exit code.
func Run(ctx context.Context, c Container, argv []string, s Streams) int {
	script, name := "", "sh"
	switch {
	case len(argv) == 0 || !Knows(c, argv[0]):
		return NotFound
	case isShell(argv[0]) && len(argv) >= 3 && strings.HasPrefix(argv[1], "-") && strings.HasSuffix(argv[1], "c"):
		script = argv[2]
		if len(argv) > 3 {
			name = argv[3]
		}
	case isShell(argv[0]):
		return interactive(ctx, c, s)
	default:
		quoted, err := quote(argv)
		if err != nil {
			fmt.Fprintf(s.Err, "%v\n", err)
			return 2
		}
		script = quoted
	}
	file, err := syntax.NewParser(syntax.Variant(syntax.LangPOSIX)).Parse(strings.NewReader(script), name)
	if err != nil {
		fmt.Fprintf(s.Err, "%v\n", err)
		return 2
	}
	r, err := newRunner(c, name, s)
	if err != nil {
		fmt.Fprintln(s.Err, err)
		return 2
	}
	return exitCode(r.Run(ctx, file))
}

func quote(argv []string) (string, error) {
	words := make([]string, len(argv))
	for i, w := range argv {
		q, err := syntax.Quote(w, syntax.LangPOSIX)
		if err != nil {
			return "", err
		}
		words[i] = q
	}
	return strings.Join(words, " "), nil
}

func exitCode(err error) int {
	var status interp.ExitStatus
	switch {
	case err == nil:
		return 0
	case errors.As(err, &status):
		return int(status)
	default:
		return 137
	}
}
