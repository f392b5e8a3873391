package shell

import (
	"bytes"
	"io"
	"math"
	"os"
	"strings"
	"syscall"
)

// tools are the commands that images may have, by name; inner are those that stand for the shell's own.
var tools, inner map[string]Tool

func init() {
	tools = map[string]Tool{
		"cat": cat, "tac": tac, "rev": rev, "head": head, "tail": tail, "wc": wc, "tee": tee, "nl": nl, "paste": paste,
		"grep": grep, "egrep": grep, "fgrep": grep, "sed": sed, "awk": awk,
		"sort": sortLines, "uniq": uniq, "cut": cut, "tr": tr, "seq": seq, "split": unsupported, "vi": unsupported,
		"ls": ls, "touch": touch, "rm": rm, "mkdir": mkdir, "rmdir": rmdir, "cp": cp, "mv": mv, "ln": ln,
		"chmod": chmod, "chown": chown, "chgrp": chown, "stat": stat, "find": find, "mktemp": mktemp, "dd": dd,
		"readlink": readlink, "realpath": realpath, "basename": basename, "dirname": dirname, "which": which,
		"df": df, "du": du, "mount": mount, "sync": yesSir, "tar": tarTool, "gzip": gzipTool, "gunzip": gzipTool, "zcat": gzipTool,
		"busybox": busybox,
		"echo":    echo, "printf": printfTool, "true": yesSir, "false": falseTool, "pwd": pwd, "yes": yes, "expr": expr,
		"env": env, "printenv": printenv, "xargs": xargs, "timeout": timeout, "nohup": nohup, "time": timeTool,
		"sleep": sleep, "usleep": usleep, "date": date, "id": id, "whoami": whoami, "hostname": hostname, "uname": uname,
		"ps": ps, "top": top, "kill": kill, "killall": killall, "pidof": pidof, "pgrep": pgrep, "free": free, "uptime": uptime,
		"nproc": nproc, "tty": tty, "clear": yesSir, "stty": yesSir, "getopt": unsupported,
		"base64": base64Tool, "md5sum": sum, "sha1sum": sum, "sha256sum": sum, "sha512sum": sum,
		"nslookup": nslookup, "getent": getent, "dig": dig, "host": host, "ping": ping, "traceroute": traceroute,
		"wget": wget, "curl": curl, "nc": nc, "telnet": telnet, "httpd": httpd,
		"python": python, "python3": python, "node": nodejs, "npm": unsupported, "pip": unsupported, "nginx": nginxTool,
		"pg_isready": pgIsReady, "psql": psql, "pg_dump": unsupported,
		"mysqladmin": mysqladmin, "mariadb-admin": mysqladmin, "mysql": mysql, "mariadb": mysql, "healthcheck.sh": healthcheck,
		"redis-cli": redisCLI, "rabbitmq-diagnostics": rabbitmq, "rabbitmqctl": rabbitmq,
		"promtool": promtool, "amtool": unsupported, "apt": packages, "apt-get": packages, "apk": packages,
		"ip": ip, "ifconfig": ip, "ss": sockets, "netstat": sockets,
	}
	inner = map[string]Tool{
		"__kubedrill_echo": echo, "__kubedrill_printf": printfTool, "__kubedrill_kill": kill, "__kubedrill_type": typeTool,
		"__kubedrill_command": commandV, "__kubedrill_ulimit": ulimit, "__kubedrill_umask": umask,
	}
}

func yesSir(*call) int    { return 0 }
func falseTool(*call) int { return 1 }

// unsupported is honest: the image has the program, and kubedrill does not play it.
func unsupported(k *call) int {
	return k.fail("kubedrill does not play this program")
}

// maxOutput bounds what one command may write, so that $(yes) cannot fill this machine's memory.
const maxOutput = 64 << 20

// limited runs a tool with a bound to its output; a pipe that nobody reads ends it, as SIGPIPE would.
func (k *call) limited(tool Tool) int {
	next := *k
	w := &bounded{to: k.out, left: maxOutput, ctx: k.ctx.Err}
	if isFree(k.c) {
		w.left = math.MaxInt
	}
	next.out = w
	code := tool(&next)
	if w.broken && code == 0 {
		return 141
	}
	return code
}

type bounded struct {
	to     io.Writer
	left   int
	broken bool
	ctx    func() error
}

func (b *bounded) Write(p []byte) (int, error) {
	if b.broken || b.left < len(p) {
		b.broken = true
		return 0, syscall.EPIPE
	}
	if err := b.ctx(); err != nil {
		return 0, err
	}
	b.left -= len(p)
	n, err := b.to.Write(p)
	if err != nil {
		b.broken = true
	}
	return n, err
}

// each opens the named files in turn, or standard input when there are none; what cannot be opened is said.
func (k *call) each(names []string, do func(name string, r io.Reader) error) int {
	if len(names) == 0 {
		names = []string{"-"}
	}
	code := 0
	for _, n := range names {
		if n == "-" {
			if err := do(n, k.stdin()); err != nil {
				code = 1
			}
			continue
		}
		f, err := k.open(n)
		if err != nil {
			code = k.cannotOpen(n, err)
			continue
		}
		if err := do(n, f); err != nil {
			if isDir(err) {
				code = k.cannotRead(n, err)
			} else {
				code = 1
			}
		}
		_ = f.Close()
	}
	return code
}

func isDir(err error) bool { return strings.Contains(err.Error(), "is a directory") }

// stdin is standard input; in a terminal it is what is typed.
func (k *call) stdin() io.Reader {
	if k.session != nil && k.session.terminal != nil {
		return k.session.terminal.lines()
	}
	return k.in
}

func (k *call) open(name string) (io.ReadWriteCloser, error) {
	name = k.abs(name)
	switch name {
	case "/dev/stdin", "/dev/fd/0", "/proc/self/fd/0":
		return readCloser{k.in}, nil
	case "/proc/self/cmdline":
		return readCloser{strings.NewReader(strings.Join(k.args, "\x00") + "\x00")}, nil
	}
	return k.c.Open(name, os.O_RDONLY, 0)
}

func (k *call) create(name string, flag int) (io.ReadWriteCloser, error) {
	name = k.abs(name)
	switch name {
	case "/dev/stdout":
		return stream{k.out}, nil
	case "/dev/stderr":
		return stream{k.err}, nil
	}
	return k.c.Open(name, os.O_WRONLY|os.O_CREATE|flag, 0o644)
}

type readCloser struct{ io.Reader }

func (readCloser) Write([]byte) (int, error) { return 0, syscall.EBADF }
func (readCloser) Close() error              { return nil }

func (k *call) cannotOpen(name string, err error) int {
	switch {
	case k.gnu() && (k.name() == "head" || k.name() == "tail"):
		return k.fail("cannot open '%s' for reading: %s", name, reason(err))
	case k.gnu() || k.name() == "grep" || k.name() == "wc" || k.name() == "sort" || k.name() == "sed":
		return k.fail("%s: %s", name, reason(err))
	}
	return k.fail("can't open '%s': %s", name, reason(err))
}

func (k *call) cannotRead(name string, err error) int {
	if k.gnu() || k.name() == "grep" {
		return k.fail("%s: %s", name, reason(err))
	}
	return k.fail("read error: %s", reason(err))
}

// lines calls do with every line of r, without its end; do tells whether to go on. A line has a bound.
func (k *call) lines(r io.Reader, do func(line string) bool) error {
	buf := make([]byte, 0, 64<<10)
	p := make([]byte, 32<<10)
	for {
		n, err := r.Read(p)
		buf = append(buf, p[:n]...)
		for {
			i := bytes.IndexByte(buf, '\n')
			if i < 0 {
				break
			}
			if !do(string(buf[:i])) {
				return nil
			}
			buf = buf[i+1:]
		}
		if len(buf) > maxText || err != nil {
			if len(buf) > 0 && !do(string(buf)) {
				return nil
			}
			buf = buf[:0]
			if err == io.EOF {
				return nil
			}
			if err != nil {
				return err
			}
		}
		if k.ctx.Err() != nil {
			return k.ctx.Err()
		}
	}
}
