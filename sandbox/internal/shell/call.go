package shell

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
	"syscall"

	"mvdan.cc/sh/v3/expand"
)

// Tool is a command that is not part of the shell itself; the result is its exit code.
type Tool func(k *call) int

// call is one run of a tool: what a process would have.
type call struct {
	ctx      context.Context
	c        Container
	session  *session
	env      expand.Environ
	dir      string
	in       io.Reader
	out, err io.Writer
	args     []string // The name comes first.
}

// with is the same call with other words.
func (k *call) with(args []string) *call {
	other := *k
	other.args = args
	return &other
}

func (k *call) name() string { return strings.TrimPrefix(path.Base(k.args[0]), "__kubedrill_") }

func (k *call) printf(format string, a ...any) { fmt.Fprintf(k.out, format, a...) }

func (k *call) println(a ...any) { fmt.Fprintln(k.out, a...) }

// fail writes an error the way tools do, with their name before it, and gives exit code 1.
func (k *call) fail(format string, a ...any) int {
	fmt.Fprintf(k.err, k.name()+": "+format+"\n", a...)
	return 1
}

// gnu tells whether the tools are those of a Debian-like image rather than busybox.
func (k *call) gnu() bool { return familyOf(k.c).gnu }

// abs is a path as the file system wants it.
func (k *call) abs(p string) string {
	if path.IsAbs(p) {
		return path.Clean(p)
	}
	return path.Join(k.dir, p)
}

func (k *call) getenv(name string) string { return k.env.Get(name).String() }

// reason is what the C library says of an error.
func reason(err error) string {
	var e syscall.Errno
	if !errors.As(err, &e) {
		var inner error
		if inner = errors.Unwrap(err); inner == nil {
			inner = err
		}
		return capital(inner.Error())
	}
	switch e {
	case syscall.EISDIR:
		return "Is a directory"
	case syscall.EXDEV:
		return "Invalid cross-device link"
	}
	return capital(e.Error())
}

func capital(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

// options are a command's words, sorted.
type options struct {
	flags []string
	value map[string][]string
	rest  []string
}

func (o *options) has(names ...string) bool {
	return slices.ContainsFunc(names, func(n string) bool { return slices.Contains(o.flags, n) })
}

// get is the last value of an option, or otherwise.
func (o *options) get(name, otherwise string) string {
	if v := o.value[name]; len(v) > 0 {
		return v[len(v)-1]
	}
	return otherwise
}

// parse sorts the words as getopt does: spec holds the letters, each with a colon when it takes a value; a leading plus
// stops at the first word that is no option. Long names are given as "name=letter" or "name=letter:".
func (k *call) parse(spec string, long ...string) (*options, bool) {
	return parseWords(k, k.args[1:], spec, long)
}

func parseWords(k *call, words []string, spec string, long []string) (*options, bool) {
	o := &options{value: map[string][]string{}}
	spec, stop := strings.CutPrefix(spec, "+")
	for i := 0; i < len(words); i++ {
		w := words[i]
		switch {
		case w == "--":
			o.rest = append(o.rest, words[i+1:]...)
			return o, true
		case strings.HasPrefix(w, "--"):
			name, value, given := strings.Cut(w[2:], "=")
			letter, takes, ok := findLong(name, long)
			if !ok {
				return nil, k.unrecognised(w)
			}
			if takes && !given {
				if i++; i >= len(words) {
					return nil, k.missing(w)
				}
				value = words[i]
			}
			o.set(letter, value, takes)
		case len(w) > 1 && w[0] == '-':
			for j := 1; j < len(w); j++ {
				at := strings.IndexByte(spec, w[j])
				if at < 0 || w[j] == ':' {
					return nil, k.unrecognised("-" + w[j:j+1])
				}
				if at+1 >= len(spec) || spec[at+1] != ':' {
					o.set(w[j:j+1], "", false)
					continue
				}
				value := w[j+1:]
				if value == "" {
					if i++; i >= len(words) {
						return nil, k.missing(w[j : j+1])
					}
					value = words[i]
				}
				o.set(w[j:j+1], value, true)
				break
			}
		default:
			if stop {
				o.rest = append(o.rest, words[i:]...)
				return o, true
			}
			o.rest = append(o.rest, w)
		}
	}
	return o, true
}

func (o *options) set(letter, value string, takes bool) {
	o.flags = append(o.flags, letter)
	if takes {
		o.value[letter] = append(o.value[letter], value)
	}
}

func findLong(name string, long []string) (letter string, takes, ok bool) {
	for _, l := range long {
		if n, to, _ := strings.Cut(l, "="); n == name {
			to, takes = strings.CutSuffix(to, ":")
			return to, takes, true
		}
	}
	return "", false, false
}

func (k *call) unrecognised(word string) bool {
	switch {
	case k.name() == "curl":
		fmt.Fprintf(k.err, "curl: option %s: is unknown\ncurl: try 'curl --help' or 'curl --manual' for more information\n", word)
	case k.gnu():
		k.fail("unrecognized option '%s'", word)
		fmt.Fprintf(k.err, "Try '%s --help' for more information.\n", k.name())
	default:
		k.fail("unrecognized option: %s", strings.TrimLeft(word, "-"))
	}
	return false
}

func (k *call) missing(word string) bool {
	if k.name() == "curl" {
		fmt.Fprintf(k.err, "curl: option -%s: requires parameter\ncurl: try 'curl --help' or 'curl --manual' for more information\n", word)
		return false
	}
	k.fail("option requires an argument: %s", word)
	return false
}
