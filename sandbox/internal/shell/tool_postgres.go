package shell

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"
)

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
