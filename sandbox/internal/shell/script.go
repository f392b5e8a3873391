package shell

import (
	"regexp"
	"strconv"
	"strings"

	"mvdan.cc/sh/v3/syntax"
)

// maxScript bounds a script, and with it how deep it can nest.
const maxScript = 128 << 10

// tick is the command that rewritten loops call in every round; jobVariable tells a background job which one it is.
const (
	tick          = "__kubedrill_tick"
	finished      = "__kubedrill_finished"
	jobVariable   = "__kubedrill_job"
	pidVariable   = "__kubedrill_pid"
	inJobVariable = "__kubedrill_in_job"
)

// parse reads a script and rewrites it such that the shell keeps its hold on it: every round of a loop is seen, and
// a background job can be waited for and ended.
func parse(text, name, shell string) (*syntax.File, error) {
	if len(text) > maxScript {
		return nil, syntax.ParseError{Filename: name, Text: "script too long"}
	}
	file, err := syntax.NewParser(syntax.Variant(syntax.LangBash)).Parse(strings.NewReader(text), name)
	if err != nil {
		return nil, err
	}
	rewrite(file, shell)
	return file, nil
}

func rewrite(root syntax.Node, shell string) {
	jobs := []*syntax.Stmt{}
	syntax.Walk(root, func(n syntax.Node) bool {
		switch n := n.(type) {
		case *syntax.WhileClause:
			n.Do = append([]*syntax.Stmt{command(tick)}, n.Do...)
		case *syntax.ForClause:
			n.Do = append([]*syntax.Stmt{command(tick)}, n.Do...)
		case *syntax.Stmt:
			if n.Background {
				jobs = append(jobs, n)
			}
		case *syntax.Word:
			plainBraces(n, shell == "bash")
		case *syntax.ParamExp:
			if n.Param != nil && n.Param.Value == "$" {
				n.Param.Value = pidVariable
				n.Short = false
			}
		}
		return true
	})
	for _, s := range jobs {
		background(s)
	}
}

func literal(text string) *syntax.Word {
	return &syntax.Word{Parts: []syntax.WordPart{&syntax.Lit{Value: text}}}
}

func command(words ...string) *syntax.Stmt {
	c := &syntax.CallExpr{}
	for _, w := range words {
		c.Args = append(c.Args, literal(w))
	}
	return &syntax.Stmt{Cmd: c}
}

// background turns "X &" into "{ job=$((job+1)); { in_job=1; (X) && finished || finished; } & }".
func background(s *syntax.Stmt) {
	inner := *s
	inner.Background = false
	inner.Comments = nil
	counted, err := syntax.NewParser().Parse(strings.NewReader(jobVariable+"=$(("+jobVariable+"+1))"), "")
	if err != nil {
		return
	}
	body := &syntax.Stmt{Cmd: &syntax.BinaryCmd{Op: syntax.OrStmt,
		X: &syntax.Stmt{Cmd: &syntax.BinaryCmd{Op: syntax.AndStmt,
			X: &syntax.Stmt{Cmd: &syntax.Subshell{Stmts: []*syntax.Stmt{&inner}}},
			Y: command(finished)}},
		Y: command(finished)}}
	marked, err := syntax.NewParser().Parse(strings.NewReader(inJobVariable+"=1"), "")
	if err != nil {
		return
	}
	body = &syntax.Stmt{Cmd: &syntax.Block{Stmts: append(marked.Stmts, body)}}
	body.Background = true
	*s = syntax.Stmt{Cmd: &syntax.Block{Stmts: append(counted.Stmts, body)}, Position: s.Position}
}

var braceRange = regexp.MustCompile(`\{(-?\d+)\.\.(-?\d+)`)

// plainBraces keeps a{b,c} as it is for shells that do not expand it, and for ranges no machine could hold.
func plainBraces(w *syntax.Word, expands bool) {
	for _, p := range w.Parts {
		lit, ok := p.(*syntax.Lit)
		if !ok || !strings.Contains(lit.Value, "{") {
			continue
		}
		if expands {
			m := braceRange.FindStringSubmatch(lit.Value)
			if m == nil {
				continue
			}
			a, errA := strconv.Atoi(m[1])
			b, errB := strconv.Atoi(m[2])
			if errA == nil && errB == nil && max(a-b, b-a) <= 100_000 {
				continue
			}
		}
		if lit.Value != "{" && lit.Value != "{}" {
			lit.Value = strings.ReplaceAll(strings.ReplaceAll(lit.Value, `\{`, "{"), "{", `\{`)
		}
	}
}

// again gives the rewritten text of code that the shell will read itself (eval, a sourced file).
func again(text, shell string) (string, error) {
	file, err := parse(text, "", shell)
	if err != nil {
		return "", err
	}
	var out strings.Builder
	err = syntax.NewPrinter().Print(&out, file)
	return out.String(), err
}
