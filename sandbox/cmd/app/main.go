//go:build linux

// Command app is the one program of every application image: it plays what the catalogue says of the image, under the names of the
// image's own programs and tools. Under its own name it makes those images and serves them.
package main

import (
	"errors"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"kubedrill.dev/sandbox/internal/live"
	"kubedrill.dev/sandbox/internal/oci"
)

// role is what the program does under its own name.
type role struct {
	usage string
	run   func(args []string) error
}

const (
	archiveUsage  = "archive --catalogue FILE --binary FILE --platform linux/ARCH --output FILE REFERENCE…"
	programUsage  = "program --reference NAME:TAG --binary FILE --platform linux/ARCH --output FILE [ARGUMENT…]"
	registryUsage = "registry --catalogue FILE --listen HOST:PORT"
	hostsUsage    = "hosts --catalogue FILE --listen HOST:PORT --output FOLDER"
	pinUsage      = "pin --catalogue FILE"
	loadUsage     = "load --url URL (--demand CPU [--cap CPU] [--cost TIME] | --rate N/s)"
)

var roles = map[string]role{
	"archive":  {archiveUsage, archive},
	"program":  {programUsage, program},
	"registry": {registryUsage, registry},
	"hosts":    {hostsUsage, hosts},
	"pin":      {pinUsage, pin},
	"load":     {loadUsage, generate},
	"probe":    {live.Usage, probe},
}

func main() {
	// Images' own programs may be called app, too.
	if _, err := os.Stat(oci.BehaviorPath); err == nil && os.Args[0] != oci.ProgramPath {
		os.Exit(play(os.Args))
	}
	if len(os.Args) < 2 || roles[os.Args[1]].run == nil {
		fmt.Fprintf(os.Stderr, "usage:\n")
		for _, name := range slices.Sorted(maps.Keys(roles)) {
			fmt.Fprintf(os.Stderr, "  %s %s\n", filepath.Base(os.Args[0]), roles[name].usage)
		}
		os.Exit(2)
	}
	if err := roles[os.Args[1]].run(os.Args[2:]); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			os.Exit(2)
		}
		fmt.Fprintf(os.Stderr, "%s: %v\n", os.Args[1], err)
		os.Exit(1)
	}
}

// flags reads a role's options; all that are named must be given.
func flags(usage string, args []string, options map[string]*string) ([]string, error) {
	set := flag.NewFlagSet(usage, flag.ContinueOnError)
	for option, value := range options {
		set.StringVar(value, option, *value, "")
	}
	set.Usage = func() { fmt.Fprintf(set.Output(), "usage: %s\n", usage) }
	if err := set.Parse(args); err != nil {
		return nil, flag.ErrHelp
	}
	var absent []string
	for option, value := range options {
		if *value == "" {
			absent = append(absent, "--"+option)
		}
	}
	if len(absent) > 0 {
		slices.Sort(absent)
		return nil, fmt.Errorf("%s missing; usage: %s", strings.Join(absent, " and "), usage)
	}
	return set.Args(), nil
}
