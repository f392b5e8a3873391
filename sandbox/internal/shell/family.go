package shell

import (
	"maps"
	"path"
	"slices"
	"strings"

	"kubedrill.dev/sandbox/internal/catalogue"
)

// family is the kind of base an image is built on: which shell and which tools it has, and how they speak.
type family struct {
	name   string
	shell  string // What /bin/sh is.
	shells []string
	gnu    bool
	tools  []string
	prompt func(c Container, dir string) string
}

var busyboxTools = strings.Fields(`[ [[ awk base64 basename busybox cat chgrp chmod chown clear cp cut date dd df dirname du echo egrep env
	expr false fgrep find free getopt grep gunzip gzip head hostname httpd id kill killall ln ls md5sum mkdir mktemp mount mv nc nohup
	nproc nslookup paste pgrep pidof ping printenv printf ps pwd readlink realpath rev rm rmdir sed seq sha1sum sha256sum
	sha512sum sleep sort split stat stty sync tac tail tar tee telnet test time timeout top touch tr traceroute true tty uname uniq
	uptime usleep vi wc wget which whoami xargs yes zcat`)

var debianTools = strings.Fields(`[ awk base64 basename cat chgrp chmod chown clear cp cut date dd df dirname du echo egrep env expr false
	fgrep find getent grep gunzip gzip head hostname id kill ln ls md5sum mkdir mktemp mount mv nohup nproc paste printenv
	printf pwd readlink realpath rev rm rmdir sed seq sha1sum sha256sum sha512sum sleep sort split stat stty sync tac tail tar tee
	test time timeout touch tr true tty uname uniq wc which whoami xargs yes zcat`)

var families = map[string]*family{
	"busybox": {name: "busybox", shell: "ash", shells: []string{"sh", "ash"}, tools: busyboxTools, prompt: ashPrompt},
	"alpine":  {name: "alpine", shell: "ash", shells: []string{"sh", "ash"}, tools: append(slices.Clone(busyboxTools), "getent"), prompt: ashPrompt},
	"debian":  {name: "debian", shell: "dash", shells: []string{"sh", "dash", "bash"}, gnu: true, tools: debianTools, prompt: debianPrompt},
	"ubuntu":  {name: "ubuntu", shell: "dash", shells: []string{"sh", "dash", "bash"}, gnu: true, tools: append(slices.Clone(debianTools), "ps", "free", "uptime", "pgrep", "top"), prompt: debianPrompt},
	"none":    {name: "none", shell: "ash", prompt: ashPrompt},
}

// everything is what an image has about which the catalogue says nothing.
var everything = &family{name: "", shell: "ash", shells: []string{"sh", "ash", "bash"}, prompt: ashPrompt}

func ashPrompt(c Container, dir string) string {
	if uid, _ := c.User(); uid != 0 {
		return dir + " $ "
	}
	return dir + " # "
}

func debianPrompt(c Container, _ string) string {
	if uid, _ := c.User(); uid != 0 {
		return "$ "
	}
	return "# "
}

func familyOf(c Container) *family {
	if im := c.Image(); im != nil {
		if f := families[im.Base]; f != nil {
			return f
		}
	}
	return everything
}

// IsBase tells whether the catalogue may name that base.
func IsBase(name string) bool { return name == "" || families[name] != nil }

// IsTool tells whether the shell has a command of that name.
func IsTool(name string) bool {
	return tools[name] != nil || slices.Contains(builtins, name) || slices.Contains([]string{"sh", "ash", "dash", "bash"}, name)
}

// builtins are the commands that the shell itself has and that images also have as programs.
var builtins = []string{"echo", "printf", "test", "[", "[[", "true", "false", "pwd", "kill"}

func isShell(name string) bool {
	return slices.Contains([]string{"sh", "bash", "ash", "dash"}, path.Base(name))
}

// Knows tells whether the container has a program of that name.
func Knows(c Container, name string) bool { return locate(c, name) != "" || plays(c, name) }

// plays tells whether a name is the image's own program and none of the shell's.
func plays(c Container, name string) bool {
	im := c.Image()
	return im != nil && im.Plays(name) && tools[path.Base(name)] == nil
}

// locate is the path of a program that the image has; nothing when it has none of that name.
func locate(c Container, name string) string {
	base := path.Base(name)
	if base == "." || base == "/" {
		return ""
	}
	f := familyOf(c)
	im := c.Image()
	has := slices.Contains(f.tools, base) || slices.Contains(f.shells, base)
	if im != nil {
		has = has || slices.Contains(im.Tools, base) || im.Plays(base)
	}
	if f == everything && (im == nil || len(im.Tools) == 0) {
		has = has || IsTool(base)
	}
	if !has || !IsTool(base) {
		return ""
	}
	at := place(f, base)
	if strings.Contains(name, "/") && path.Clean(name) != at && path.Clean(name) != "/bin/"+base && path.Clean(name) != "/usr/bin/"+base {
		return ""
	}
	return at
}

// place is where an image of that kind has a tool.
func place(f *family, base string) string {
	switch {
	case slices.Contains(added, base):
		return "/usr/local/bin/" + base
	case f.gnu && slices.Contains([]string{"ps", "free", "uptime", "env", "id", "head", "tail", "sort", "wc", "which", "whoami", "curl", "wget", "getent", "find", "xargs", "awk", "test", "["}, base):
		return "/usr/bin/" + base
	case !f.gnu && slices.Contains([]string{"nslookup", "nc", "wget", "head", "tail", "sort", "wc", "which", "whoami", "id", "env", "curl", "find", "xargs", "awk", "test", "[", "cut", "tr", "uniq", "seq", "tee", "top", "uptime", "free", "timeout", "readlink", "basename", "dirname", "sha256sum", "md5sum"}, base) && f.name == "alpine":
		return "/usr/bin/" + base
	}
	return "/bin/" + base
}

// added are programs that images put into /usr/local/bin.
var added = []string{"redis-cli", "redis-server", "node", "npm", "python", "python3", "pip", "psql", "pg_isready", "pg_dump", "docker-entrypoint.sh"}

// Programs are the paths of the programs that an image has, for its file system.
func Programs(im *catalogue.Image) []string {
	f := families[im.Base]
	if f == nil {
		f = everything
	}
	names := slices.Concat(f.tools, f.shells, im.Tools)
	if f == everything && len(im.Tools) == 0 {
		names = slices.Concat(names, builtins, slices.Collect(maps.Keys(tools)))
	}
	var out []string
	for _, n := range names {
		if IsTool(n) && n != "[[" {
			out = append(out, place(f, n))
		}
	}
	for _, n := range im.Programs {
		if !strings.Contains(n, "/") {
			out = append(out, "/usr/local/bin/"+n)
		}
	}
	for _, n := range slices.Concat(im.Entrypoint, im.Cmd)[:1] {
		if path.IsAbs(n) {
			out = append(out, n)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
