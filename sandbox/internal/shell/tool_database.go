package shell

import (
	"errors"
	"fmt"
	"io"
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
