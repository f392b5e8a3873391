package shell

import (
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"time"

	"kubedrill.dev/sandbox/internal/redis"
)

// at says which server a client's options and environment mean.
func (k *call) server(o *options, hostEnv, portEnv, port string) (host, number string, local bool) {
	host, number = o.get("h", k.getenv(hostEnv)), o.get("p", k.getenv(portEnv))
	if number == "" || strings.HasPrefix(number, "tcp://") {
		number = port
	}
	local = host == "" || host == "localhost" || host == "127.0.0.1" || strings.HasPrefix(host, "/")
	if local {
		return "127.0.0.1", number, true
	}
	return host, number, false
}

var postgresLong = []string{"host=h:", "port=p:", "username=U:", "dbname=d:", "timeout=t:", "quiet=q", "command=c:", "tuples-only=T", "no-align=A", "no-password=w", "variable=v:"}

func pgIsReady(k *call) int {
	o, ok := k.parse("h:p:U:d:t:q", postgresLong...)
	if !ok {
		return 3
	}
	host, port, local := k.server(o, "PGHOST", "PGPORT", "5432")
	shown := host
	if local {
		if shown = o.get("h", ""); shown == "" {
			shown = "/var/run/postgresql"
		}
	}
	conn, _, err := k.dial(host, port, 3*time.Second)
	text, code := "accepting connections", 0
	if err != nil {
		text, code = "no response", 2
	} else {
		_ = conn.Close()
	}
	if !o.has("q") {
		k.printf("%s:%s - %s\n", shown, port, text)
	}
	return code
}

var selectOne = regexp.MustCompile(`(?i)^\s*select\s+(\d+)\s*;?\s*$`)

func psql(k *call) int {
	o, ok := k.parse("h:p:U:d:c:tTAqwWXv:lf:", postgresLong...)
	if !ok {
		return 1
	}
	host, port, local := k.server(o, "PGHOST", "PGPORT", "5432")
	conn, address, err := k.dial(host, port, 5*time.Second)
	var none unresolved
	switch {
	case errors.As(err, &none):
		return k.psqlFail("could not translate host name \"%s\" to address: Name or service not known", host)
	case err != nil && local && o.get("h", "") == "":
		return k.psqlFail("connection to server on socket \"/var/run/postgresql/.s.PGSQL.%s\" failed: No such file or directory\n\tIs the server running locally and accepting connections on that socket?", port)
	case err != nil:
		return k.psqlFail("connection to server at \"%s\" (%s), port %s failed: %s\n\tIs the server running on that host and accepting TCP/IP connections?", host, address, port, dialReason(err))
	}
	_ = conn.Close()
	if !local && k.getenv("PGPASSWORD") == "" {
		return k.psqlFail("connection to server at \"%s\" (%s), port %s failed: fe_sendauth: no password supplied", host, address, port)
	}
	statements := o.value["c"]
	if len(statements) == 0 {
		return k.repl("postgres=# ", func(line string) string {
			if line == `\q` || line == "exit" || line == "quit" {
				return ""
			}
			return k.postgresAnswer(line, false)
		})
	}
	for _, s := range statements {
		k.printf("%s", k.postgresAnswer(s, o.has("t", "T")))
	}
	return 0
}

func (k *call) psqlFail(format string, a ...any) int {
	fmt.Fprintf(k.err, "psql: error: "+format+"\n", a...)
	return 2
}

func (k *call) postgresAnswer(s string, bare bool) string {
	m := selectOne.FindStringSubmatch(s)
	lower := strings.ToLower(s)
	switch {
	case m != nil && bare:
		return fmt.Sprintf("%9s\n\n", m[1])
	case m != nil:
		return fmt.Sprintf(" ?column? \n----------\n %8s\n(1 row)\n\n", m[1])
	case strings.Contains(lower, "version()"):
		return " version \n---------\n PostgreSQL 17.2\n(1 row)\n\n"
	}
	return "ERROR:  the sandbox plays only SELECT of a number and SELECT version()\n"
}

var mysqlLong = []string{"host=h:", "port=P:", "user=u:", "password=Q:", "execute=e:", "silent=s", "protocol=R:", "connect-timeout=T:", "wait=w"}

func (k *call) mysqlOptions() (*options, bool) {
	words := []string{}
	for _, w := range k.args[1:] {
		if strings.HasPrefix(w, "-p") && !strings.HasPrefix(w, "--") {
			w = "--password=" + w[2:]
		}
		if w == "--password" {
			w = "--password="
		}
		words = append(words, w)
	}
	return parseWords(k, words, "h:P:u:e:sBNwi", mysqlLong)
}

func (k *call) mysqlConnect(o *options) (address string, err error) {
	host, port := o.get("h", ""), o.get("P", "3306")
	if host == "" || host == "localhost" {
		host = "127.0.0.1"
	}
	conn, address, err := k.dial(host, port, 5*time.Second)
	if err == nil {
		_ = conn.Close()
	}
	return address, err
}

func (k *call) mysqlReason(o *options, err error) string {
	host := o.get("h", "localhost")
	var none unresolved
	switch {
	case errors.As(err, &none):
		return fmt.Sprintf("Unknown MySQL server host '%s' (-2)", host)
	case host == "localhost":
		return "Can't connect to local MySQL server through socket '/var/run/mysqld/mysqld.sock' (2)"
	}
	return fmt.Sprintf("Can't connect to MySQL server on '%s:%s' (111)", host, o.get("P", "3306"))
}

func mysqladmin(k *call) int {
	o, ok := k.mysqlOptions()
	if !ok {
		return 1
	}
	if _, err := k.mysqlConnect(o); err != nil {
		k.fail("connect to server at '%s' failed\nerror: '%s'", o.get("h", "localhost"), k.mysqlReason(o, err))
		return 1
	}
	switch {
	case len(o.rest) == 0 || o.rest[0] == "ping":
		if !o.has("s") {
			k.println("mysqld is alive")
		}
	case o.rest[0] == "status":
		k.println("Uptime: 120  Threads: 2  Questions: 8  Slow queries: 0  Opens: 119  Flush tables: 3  Open tables: 38  Queries per second avg: 0.066")
	case o.rest[0] == "version":
		k.println("mysqladmin  Ver 8.4.3 for Linux on x86_64 (MySQL Community Server - GPL)")
	default:
		return unsupported(k)
	}
	return 0
}

func mysql(k *call) int {
	o, ok := k.mysqlOptions()
	if !ok {
		return 1
	}
	if _, err := k.mysqlConnect(o); err != nil {
		fmt.Fprintf(k.err, "ERROR 2002 (HY000): %s\n", k.mysqlReason(o, err))
		return 1
	}
	answer := func(s string) string {
		if m := selectOne.FindStringSubmatch(s); m != nil {
			return m[1] + "\n" + m[1] + "\n"
		}
		if strings.HasPrefix(strings.ToLower(strings.TrimSpace(s)), "show databases") {
			return "Database\ninformation_schema\nmysql\nperformance_schema\nsys\n"
		}
		return "ERROR 1064 (42000): the sandbox plays only SELECT of a number and SHOW DATABASES\n"
	}
	statements := o.value["e"]
	if len(statements) == 0 {
		return k.repl("mysql> ", func(line string) string {
			if line == "exit" || line == "quit" || line == `\q` {
				return ""
			}
			return answer(line)
		})
	}
	for _, s := range statements {
		k.printf("%s", answer(s))
	}
	return 0
}

// healthcheck is the script in MariaDB's image.
func healthcheck(k *call) int {
	if _, err := k.mysqlConnect(&options{}); err != nil {
		k.println("healthcheck connect failed")
		return 1
	}
	return 0
}

// rabbitmq is rabbitmq-diagnostics and rabbitmqctl.
func rabbitmq(k *call) int {
	verb, quiet := "", false
	for _, w := range k.args[1:] {
		switch {
		case w == "-q" || w == "--quiet" || w == "-s" || w == "--silent":
			quiet = true
		case !strings.HasPrefix(w, "-") && verb == "":
			verb = w
		}
	}
	node := "rabbit@" + k.c.Hostname()
	conn, _, err := k.dial("127.0.0.1", "5672", 3*time.Second)
	if err != nil {
		fmt.Fprintf(k.err, "Error: unable to perform an operation on node '%s'. Please see diagnostics information and suggestions below.\n", node)
		return 69
	}
	_ = conn.Close()
	switch verb {
	case "ping":
		if !quiet {
			k.printf("Will ping %s. This only checks if the OS process is running and registered with epmd. Timeout: 60000 ms.\n", node)
		}
		k.println("Ping succeeded")
	case "status", "cluster_status":
		k.printf("Status of node %s ...\nRuntime\n\nOS PID: 1\nRabbitMQ version: 4.0.5\n", node)
	case "check_running", "check_port_connectivity", "check_local_alarms", "await_startup":
		if !quiet {
			k.printf("Checking node %s ...\nok\n", node)
		}
	default:
		return unsupported(k)
	}
	return 0
}

func redisCLI(k *call) int {
	o, ok := k.parse("+h:p:a:n:u:x", "no-auth-warning=N", "raw=R", "user=U:", "pass=a:")
	if !ok {
		return 1
	}
	host, port, _ := k.server(o, "NO_SUCH_VARIABLE", "NO_SUCH_VARIABLE", "6379")
	conn, address, err := k.dial(host, port, 5*time.Second)
	var none unresolved
	if err != nil {
		why := dialReason(err)
		if errors.As(err, &none) {
			address, why = host, "Name or service not known"
		}
		fmt.Fprintf(k.err, "Could not connect to Redis at %s:%s: %s\n", address, port, why)
		return 1
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(10 * time.Second))
	client := redis.NewClient(conn)
	password := o.get("a", k.getenv("REDISCLI_AUTH"))
	if password != "" {
		if o.has("a") && !o.has("N") {
			fmt.Fprintln(k.err, "Warning: Using a password with '-a' or '-u' option on the command line interface may not be safe.")
		}
		if text, failed, err := client.Do([]string{"AUTH", password}, false); err == nil && failed {
			fmt.Fprintln(k.err, "AUTH failed: "+text)
		}
	}
	terminal := k.session.terminal != nil && !o.has("R")
	if len(o.rest) == 0 {
		_ = conn.SetDeadline(time.Time{})
		return k.repl(address+":"+port+"> ", func(line string) string {
			words := strings.Fields(line)
			if len(words) == 0 {
				return "\n"
			}
			if words[0] == "exit" || words[0] == "quit" {
				return ""
			}
			for i, w := range words {
				words[i] = strings.Trim(w, `"'`)
			}
			text, _, err := client.Do(words, terminal)
			if err != nil {
				return ""
			}
			return text + "\n"
		})
	}
	if o.has("x") {
		b, err := io.ReadAll(io.LimitReader(k.stdin(), 1<<20))
		if err != nil {
			return 1
		}
		o.rest = append(o.rest, string(b))
	}
	text, _, err := client.Do(o.rest, terminal)
	if err != nil {
		fmt.Fprintln(k.err, "Error: Server closed the connection")
		return 1
	}
	k.println(text)
	return 0
}

// repl answers lines until one has no answer.
func (k *call) repl(prompt string, answer func(line string) string) int {
	if t := k.session.terminal; t != nil {
		t.SetPrompt(prompt)
		defer t.SetPrompt("")
		t.keys.interrupted(nil)
		for k.ctx.Err() == nil {
			line, err := t.ReadLine()
			if err != nil {
				break
			}
			text := answer(strings.TrimSpace(line))
			if text == "" {
				break
			}
			k.printf("%s", text)
		}
		return 0
	}
	_ = k.lines(k.in, func(line string) bool {
		if strings.TrimSpace(line) == "" {
			return true
		}
		text := answer(strings.TrimSpace(line))
		k.printf("%s", text)
		return text != ""
	})
	return 0
}
