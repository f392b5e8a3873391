package shell

import (
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// python knows its version, a file server, and the one-liners that people put into probes: print, sleep, exit.
func python(k *call) int {
	w := k.args[1:]
	for len(w) > 0 && (w[0] == "-u" || w[0] == "-B" || w[0] == "-I") {
		w = w[1:]
	}
	version := k.getenv("PYTHON_VERSION")
	if version == "" {
		version = "3.13.1"
	}
	switch {
	case len(w) == 0:
		return k.fail("kubedrill does not play an interactive Python")
	case w[0] == "-V" || w[0] == "--version":
		k.println("Python " + version)
		return 0
	case w[0] == "-m" && len(w) > 1 && w[1] == "http.server":
		return k.pythonServer(w[2:])
	case w[0] == "-m" && len(w) > 1:
		fmt.Fprintf(k.err, "/usr/local/bin/%s: No module named %s\n", k.name(), w[1])
		return 1
	case w[0] == "-c" && len(w) > 1:
		return k.statements(w[1], regexp.MustCompile(`^print\((.*)\)$`))
	}
	if _, err := k.c.Stat(k.abs(w[0])); err != nil {
		fmt.Fprintf(k.err, "/usr/local/bin/%s: can't open file '%s': [Errno 2] No such file or directory\n", k.name(), k.abs(w[0]))
		return 2
	}
	if im := k.c.Image(); im != nil && im.Files[k.abs(w[0])] != "" {
		return k.app()
	}
	return k.fail("kubedrill does not play Python programs")
}

func (k *call) pythonServer(w []string) int {
	port, dir, bind := "8000", k.dir, "0.0.0.0"
	for i := 0; i < len(w); i++ {
		switch {
		case (w[i] == "-d" || w[i] == "--directory") && i+1 < len(w):
			i++
			dir = k.abs(w[i])
		case (w[i] == "-b" || w[i] == "--bind") && i+1 < len(w):
			i++
			bind = w[i]
		default:
			port = w[i]
		}
	}
	if _, err := strconv.Atoi(port); err != nil {
		fmt.Fprintf(k.err, "server.py: error: argument port: invalid int value: '%s'\n", port)
		return 2
	}
	if k.getenv("PYTHONUNBUFFERED") != "" {
		k.printf("Serving HTTP on %s port %s (http://%s:%s/) ...\n", bind, port, bind, port)
	}
	return k.serveFiles(port, dir, func(r *http.Request, status int) {
		fmt.Fprintf(k.err, "10.244.0.1 - - [%s] \"%s %s HTTP/1.1\" %d -\n", time.Now().UTC().Format("02/Jan/2006 15:04:05"), r.Method, r.URL.RequestURI(), status)
	})
}

var (
	quoted   = regexp.MustCompile(`^(?:"([^"\\]*)"|'([^'\\]*)')$`)
	sleeping = regexp.MustCompile(`^time\.sleep\(([0-9.]+)\)$`)
	exiting  = regexp.MustCompile(`^(?:sys\.)?exit\((\d*)\)$|^process\.exit\((\d*)\)$`)
)

// statements runs the few one-liners it knows, and says so of others.
func (k *call) statements(text string, show *regexp.Regexp) int {
	for s := range strings.FieldsFuncSeq(text, func(r rune) bool { return r == ';' || r == '\n' }) {
		s = strings.TrimSpace(s)
		switch m := show.FindStringSubmatch(s); {
		case s == "" || strings.HasPrefix(s, "import ") || s == "pass":
		case m != nil && quoted.MatchString(strings.TrimSpace(m[1])):
			q := quoted.FindStringSubmatch(strings.TrimSpace(m[1]))
			k.println(q[1] + q[2])
		case m != nil:
			v, ok := arithmetic(m[1])
			if !ok {
				return k.fail("the sandbox plays only print of texts and sums, sleep and exit: %s", s)
			}
			k.println(v)
		case sleeping.MatchString(s):
			d, _ := duration(sleeping.FindStringSubmatch(s)[1])
			if !sleepFor(k.ctx, d) {
				return 143
			}
		case exiting.MatchString(s):
			q := exiting.FindStringSubmatch(s)
			code, _ := strconv.Atoi(q[1] + q[2])
			return code
		default:
			return k.fail("the sandbox plays only print of texts and sums, sleep and exit: %s", s)
		}
	}
	return 0
}

// arithmetic reads a number, or two with an operator between them.
func arithmetic(s string) (int, bool) {
	m := regexp.MustCompile(`^\s*(-?\d+)\s*(?:([-+*])\s*(-?\d+)\s*)?$`).FindStringSubmatch(s)
	if m == nil {
		return 0, false
	}
	a, errA := strconv.Atoi(m[1])
	b, errB := strconv.Atoi(m[3])
	switch {
	case errA != nil:
		return 0, false
	case m[2] == "":
		return a, true
	case errB != nil:
		return 0, false
	case m[2] == "+":
		return a + b, true
	case m[2] == "-":
		return a - b, true
	}
	return a * b, true
}

// nodejs knows its version, the image's own program, and one-liners.
func nodejs(k *call) int {
	w := k.args[1:]
	switch {
	case len(w) == 0:
		return k.fail("kubedrill does not play an interactive Node.js")
	case w[0] == "-v" || w[0] == "--version":
		version := k.getenv("NODE_VERSION")
		if version == "" {
			version = "22.12.0"
		}
		k.println("v" + version)
		return 0
	case (w[0] == "-e" || w[0] == "--eval" || w[0] == "-p") && len(w) > 1:
		return k.statements(w[1], regexp.MustCompile(`^console\.log\((.*)\)$`))
	}
	file := w[0]
	for _, a := range w {
		if !strings.HasPrefix(a, "-") {
			file = a
			break
		}
	}
	full := k.abs(file)
	if _, err := k.c.Stat(full); err != nil {
		if _, err := k.c.Stat(full + ".js"); err != nil {
			fmt.Fprintf(k.err, "node:internal/modules/cjs/loader:1228\n  throw err;\n  ^\n\nError: Cannot find module '%s'\n    at Module._resolveFilename (node:internal/modules/cjs/loader:1225:15)\n    at Function.executeUserEntryPoint [as runMain] (node:internal/modules/run_main:170:5) {\n  code: 'MODULE_NOT_FOUND',\n  requireStack: []\n}\n\nNode.js v22.12.0\n", full)
			return 1
		}
		full += ".js"
	}
	if im := k.c.Image(); im != nil && im.Files[full] != "" {
		return k.app()
	}
	return k.fail("kubedrill does not play Node.js programs")
}

func promtool(k *call) int {
	if len(k.args) > 3 && k.args[1] == "check" {
		if _, err := k.c.Stat(k.abs(k.args[3])); err != nil {
			return k.fail("open %s: no such file or directory", k.args[3])
		}
		k.printf("Checking %s\n SUCCESS: %s is valid\n", k.args[3], k.args[3])
		return 0
	}
	return unsupported(k)
}
