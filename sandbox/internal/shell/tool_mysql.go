package shell

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

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
