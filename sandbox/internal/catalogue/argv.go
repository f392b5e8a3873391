package catalogue

import (
	"path"
	"slices"
	"strconv"
	"strings"

	"k8s.io/apimachinery/pkg/api/resource"
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

// With is the image as it behaves when it runs this command: one of its variants, and with the memory that an argument asks for.
func (im *Image) With(argv []string) *Image {
	one := *im
	for _, w := range argv {
		if v := im.variants[w]; v != nil {
			one = *v
			one.Tag, one.Version, one.Base = im.Tag, im.Version, im.Base
			break
		}
	}
	if text, ok := argument(argv, one.MemoryArg); ok && one.MemoryArg != "" {
		if n, err := byteSize(text); err == nil {
			one.Memory = *resource.NewQuantity(n, resource.BinarySI)
		}
	}
	return &one
}

// byteSize reads a size as programs take it: 250M, 1G, 64k, 150Mi.
func byteSize(text string) (int64, error) {
	text = strings.TrimSuffix(strings.TrimSuffix(text, "i"), "B")
	unit := int64(1)
	for i, letters := range []string{"kK", "mM", "gG"} {
		if n := len(text) - 1; n > 0 && strings.IndexByte(letters, text[n]) >= 0 {
			text, unit = text[:n], 1<<(10*(i+1))
			break
		}
	}
	n, err := strconv.ParseInt(text, 10, 64)
	return n * unit, err
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
