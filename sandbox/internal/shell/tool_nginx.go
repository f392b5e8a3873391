package shell

import (
	"context"
	"fmt"
	"path"
	"slices"
	"strings"
	"syscall"

	"kubedrill.dev/sandbox/internal/nginx"
)

// nginxTool tests its configuration, tells the one that runs to read it again or to end, or runs.
func nginxTool(k *call) int {
	version := k.getenv("NGINX_VERSION")
	if version == "" {
		version = "1.29.3"
	}
	words := k.args[1:]
	has := func(options ...string) bool {
		return slices.ContainsFunc(words, func(w string) bool { return slices.Contains(options, w) })
	}
	switch {
	case has("-v", "-V"):
		fmt.Fprintf(k.err, "nginx version: nginx/%s\n", version)
		return 0
	case has("-t", "-T", "-tq"):
		return k.nginxTest(version, has("-T"))
	case has("-s"):
		return k.nginxSignal(version, words)
	}
	return k.app()
}

// nginxConfig reads the configuration as the container has it, and says what nginx says of it.
func (k *call) nginxConfig(version string) (nginx.Source, bool) {
	uid, _ := k.c.User()
	source := nginx.Source{Files: k.c, Argv: k.args, Version: version, Root: uid == 0, Resolve: func(ctx context.Context, name string) ([]string, error) {
		found, err := Lookup(ctx, k.c, name)
		return found.Addresses, err
	}}
	config, err := nginx.Read(k.ctx, source)
	say := func(level string, what error) {
		fmt.Fprintf(k.err, "%s\nnginx: [%s] %s\n", nginx.Stamp(level, pid(k.c)+36, what.Error()), level, what)
	}
	if err != nil {
		say("emerg", err)
		return source, false
	}
	for _, w := range config.Warnings {
		say("warn", w)
	}
	return source, true
}

func (k *call) nginxTest(version string, show bool) int {
	source, ok := k.nginxConfig(version)
	if !ok {
		fmt.Fprintf(k.err, "nginx: configuration file %s test failed\n", source.File())
		return 1
	}
	fmt.Fprintf(k.err, "nginx: the configuration file %[1]s syntax is ok\nnginx: configuration file %[1]s test is successful\n", source.File())
	if show {
		for _, name := range nginx.FilesOf(source) {
			if text, err := k.readAll(name); err == nil {
				k.printf("# configuration file %s:\n%s\n", name, text)
			}
		}
	}
	return 0
}

// nginxSignal is what -s does: the configuration must be a good one for it, too.
func (k *call) nginxSignal(version string, words []string) int {
	at := slices.Index(words, "-s")
	signals := map[string]syscall.Signal{"reload": syscall.SIGHUP, "quit": syscall.SIGQUIT, "stop": syscall.SIGTERM, "reopen": syscall.SIGUSR1}
	if at+1 >= len(words) {
		fmt.Fprintln(k.err, `nginx: option "-s" requires parameter`)
		return 1
	}
	signal, known := signals[words[at+1]]
	if !known {
		fmt.Fprintf(k.err, "nginx: invalid option: \"-s %s\"\n", words[at+1])
		return 1
	}
	if _, ok := k.nginxConfig(version); !ok {
		return 1
	}
	master := slices.IndexFunc(k.c.List(), func(p Process) bool {
		return p.PID == 1 && slices.ContainsFunc(p.Argv, func(w string) bool {
			return path.Base(w) == "nginx" || strings.Contains(w, "nginx -g") || strings.HasSuffix(w, "docker-entrypoint.sh")
		})
	})
	if master < 0 {
		fmt.Fprintf(k.err, "%s\nnginx: [error] open() \"/run/nginx.pid\" failed (2: No such file or directory)\n", nginx.Stamp("notice", pid(k.c)+36, "signal process started"))
		return 1
	}
	fmt.Fprintln(k.err, nginx.Stamp("notice", pid(k.c)+36, "signal process started"))
	if err := k.c.Signal(1, signal); err != nil {
		return 1
	}
	return 0
}
