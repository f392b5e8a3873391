package catalogue

import (
	"path"
	"slices"
	"strconv"
	"strings"
)

// complete fills in what an entry need not say: an image without a command has one called "app",
// and the first word of its command is its program unless that is a shell.
func (im *Image) complete() {
	if len(im.Entrypoint)+len(im.Cmd) == 0 {
		im.Entrypoint = []string{"app"}
	}
	first := path.Base(im.Argv(nil, nil)[0])
	if im.Programs == nil && !slices.Contains([]string{"sh", "ash", "dash", "bash"}, first) {
		im.Programs = []string{first}
	}
}

// Plays tells whether a command of that name is the app itself.
func (im *Image) Plays(program string) bool {
	return slices.Contains(im.Programs, path.Base(program))
}

// Argv is what a container of the image runs, by the rules of Kubernetes for command and args. An entrypoint script, which gives way
// to any other program that it is told to run, is left out for those.
func (im *Image) Argv(command, args []string) []string {
	argv := append(slices.Clone(im.Entrypoint), im.Cmd...)
	switch {
	case len(command) > 0:
		argv = append(slices.Clone(command), args...)
	case len(args) > 0:
		argv = append(slices.Clone(im.Entrypoint), args...)
	}
	if len(argv) > 1 && strings.HasSuffix(argv[0], "entrypoint.sh") && !strings.HasPrefix(argv[1], "-") && !im.Plays(argv[1]) {
		return argv[1:]
	}
	return argv
}

// EndsByItself is the end that the app comes to when it runs with this command; nil when it goes on for ever.
func (im *Image) EndsByItself(argv []string) *Exit {
	if im.Exit == nil || im.Exit.WithArg != "" && !slices.Contains(argv, im.Exit.WithArg) {
		return nil
	}
	return im.Exit
}

// argument is the value of an option of the command: "-x=v", "-x v" or "--x=v".
func argument(argv []string, name string) (string, bool) {
	for i, w := range argv {
		if v, ok := strings.CutPrefix(w, name+"="); ok {
			return v, true
		}
		if w == name && i+1 < len(argv) {
			return argv[i+1], true
		}
	}
	return "", false
}

// Listens is the ports that the app opens with this command and environment.
func (im *Image) Listens(argv []string, env map[string]string) []int32 {
	for _, s := range im.PortFrom {
		value, ok := env[s.Env], s.Env != ""
		if s.Arg != "" {
			value, ok = argument(argv, s.Arg)
		}
		value = value[strings.LastIndexByte(value, ':')+1:]
		if n, err := strconv.ParseInt(value, 10, 32); ok && err == nil && n > 0 && n < 65536 {
			return append([]int32{int32(n)}, im.Ports[min(1, len(im.Ports)):]...)
		}
	}
	return im.Ports
}

// MissingEnv is the first variable that the app needs and does not have, or nothing.
func (im *Image) MissingEnv(env map[string]string) string {
	for _, need := range im.NeedsEnv {
		if !slices.ContainsFunc(strings.Split(need, "|"), func(one string) bool {
			name, want, exact := strings.Cut(one, "=")
			value := env[name]
			return value != "" && (!exact || value == want)
		}) {
			name, _, _ := strings.Cut(need, "|")
			return name
		}
	}
	return ""
}
