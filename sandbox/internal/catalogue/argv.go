package catalogue

import (
	"path"
	"slices"
)

// complete fills in what an entry need not say: an image without a command has one called "app",
// and the first word of its command is its program unless that is a shell.
func (im *Image) complete() {
	if len(im.Entrypoint)+len(im.Cmd) == 0 {
		im.Entrypoint = []string{"app"}
	}
	first := path.Base(im.Argv(nil, nil)[0])
	if im.Programs == nil && !slices.Contains([]string{"sh", "ash", "bash"}, first) {
		im.Programs = []string{first}
	}
}

// Plays tells whether a command of that name is the app itself.
func (im *Image) Plays(program string) bool {
	return slices.Contains(im.Programs, path.Base(program))
}

// Argv is what a container of the image runs, by the rules of Kubernetes for command and args.
func (im *Image) Argv(command, args []string) []string {
	switch {
	case len(command) > 0:
		return append(slices.Clone(command), args...)
	case len(args) > 0:
		return append(slices.Clone(im.Entrypoint), args...)
	default:
		return append(slices.Clone(im.Entrypoint), im.Cmd...)
	}
}

// EndsByItself is the end that the app comes to when it runs with this command; nil when it goes on for ever.
func (im *Image) EndsByItself(argv []string) *Exit {
	if im.Exit == nil || im.Exit.WithArg != "" && !slices.Contains(argv, im.Exit.WithArg) {
		return nil
	}
	return im.Exit
}
