package redis

import (
	"net"
	"strings"
	"testing"
)

func client(t *testing.T, password string) *Client {
	t.Helper()
	a, b := net.Pipe()
	t.Cleanup(func() { _ = a.Close() })
	go func() { _ = NewStore(password).Serve(b) }()
	return NewClient(a)
}

func TestCommands(t *testing.T) {
	c := client(t, "")
	for _, step := range []struct{ say, bare, terminal string }{
		{"PING", "PONG", "PONG"},
		{"SET greeting hello", "OK", "OK"},
		{"GET greeting", "hello", `"hello"`},
		{"GET nothing", "", "(nil)"},
		{"INCR visits", "1", "(integer) 2"},
		{"RPUSH jobs a b", "2", "(integer) 4"},
		{"LRANGE jobs 0 1", "a\nb", "1) \"a\"\n2) \"b\""},
		{"GET jobs", wrongType, "(error) " + wrongType},
		{"KEYS *", "greeting\njobs\nvisits", "1) \"greeting\"\n2) \"jobs\"\n3) \"visits\""},
		{"NONSENSE", "ERR unknown command 'NONSENSE', with args beginning with: ", "(error) ERR unknown command 'NONSENSE', with args beginning with: "},
		{"GET", "ERR wrong number of arguments for 'get' command", "(error) ERR wrong number of arguments for 'get' command"},
		{"TTL greeting", "-1", "(integer) -1"},
	} {
		for _, terminal := range []bool{false, true} {
			want := step.bare
			if terminal {
				want = step.terminal
			}
			got, _, err := c.Do(strings.Fields(step.say), terminal)
			if err != nil || got != want {
				t.Errorf("%s (terminal %v): got %q, %v; want %q", step.say, terminal, got, err, want)
			}
		}
	}
}

func TestPassword(t *testing.T) {
	c := client(t, "secret")
	if got, failed, _ := c.Do([]string{"GET", "a"}, false); !failed || !strings.HasPrefix(got, "NOAUTH") {
		t.Fatalf("without the password: %q", got)
	}
	if got, failed, _ := c.Do([]string{"AUTH", "wrong"}, false); !failed || !strings.HasPrefix(got, "WRONGPASS") {
		t.Fatalf("with a wrong one: %q", got)
	}
	if got, _, _ := c.Do([]string{"AUTH", "secret"}, false); got != "OK" {
		t.Fatalf("with the right one: %q", got)
	}
	if got, failed, _ := c.Do([]string{"PING"}, false); failed || got != "PONG" {
		t.Fatalf("then: %q", got)
	}
}
