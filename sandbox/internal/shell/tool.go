package shell

import (
	"context"
	"path"
	"slices"
	"strings"

	"mvdan.cc/sh/v3/interp"
)

// Tool is a command that is not part of the shell itself; args[0] is its name, the result its exit code.
type Tool func(ctx context.Context, c Container, hc interp.HandlerContext, args []string) uint8

var tools map[string]Tool

func init() {
	tools = map[string]Tool{
		"cat": cat, "ls": ls, "touch": touch, "rm": rm,
		"env": env, "printenv": env, "hostname": hostname, "date": date, "id": id, "sleep": sleep,
		"wget": wget, "curl": wget, "nslookup": nslookup,
	}
}

func absolute(hc interp.HandlerContext, p string) string {
	if path.IsAbs(p) {
		return path.Clean(p)
	}
	return path.Join(hc.Dir, p)
}

func operands(args []string) []string {
	return slices.DeleteFunc(slices.Clone(args[1:]), func(s string) bool { return strings.HasPrefix(s, "-") && s != "-" })
}
