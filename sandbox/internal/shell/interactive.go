package shell

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"strings"

	"golang.org/x/term"
	"mvdan.cc/sh/v3/syntax"
)

// interactive is a shell with someone typing: with a terminal it echoes and edits lines, as the terminal of a real container would.
func interactive(ctx context.Context, c Container, s Streams) int {
	lines := bufio.NewScanner(s.In)
	read := func() (string, error) {
		if !lines.Scan() {
			return "", io.EOF
		}
		return lines.Text(), nil
	}
	if s.TTY {
		t := term.NewTerminal(struct {
			io.Reader
			io.Writer
		}{s.In, s.Out}, "/ # ")
		s.Out, s.Err, read = t, t, t.ReadLine
	}
	r, err := newRunner(c, "sh", Streams{In: strings.NewReader(""), Out: s.Out, Err: s.Err})
	if err != nil {
		return 2
	}
	parser := syntax.NewParser(syntax.Variant(syntax.LangPOSIX))
	code, text := 0, ""
	for ctx.Err() == nil {
		line, err := read()
		if err != nil {
			break
		}
		text += line + "\n"
		file, err := parser.Parse(strings.NewReader(text), "sh")
		if syntax.IsIncomplete(err) {
			continue
		}
		text = ""
		if err != nil {
			fmt.Fprintln(s.Err, err)
			continue
		}
		code = exitCode(r.Run(ctx, file))
		if r.Exited() {
			break
		}
	}
	return code
}
