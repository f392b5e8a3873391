package shell

import (
	"regexp"
	"strings"
	"testing"
)

// Every case is a script for sh in a busybox image.
func TestTools(t *testing.T) {
	for _, c := range []struct {
		script, out, err string
		code             int
	}{
		{script: `echo -n a; echo -e 'b\tc'`, out: "ab\tc\n"},
		{script: `echo {a,b} {1..3}`, out: "{a,b} {1..3}\n"},
		{script: `printf '%s-%03d\n' x 7`, out: "x-007\n"},
		{script: `cat /nope`, err: "cat: can't open '/nope': No such file or directory\n", code: 1},
		{script: `echo one > /tmp/a; echo two >> /tmp/a; cat /tmp/a - < /tmp/a`, out: "one\ntwo\none\ntwo\n"},
		{script: `cat < /nope`, err: "sh: can't open /nope: no such file\n", code: 1},
		{script: `echo x > /no/dir`, err: "sh: can't create /no/dir: nonexistent directory\n", code: 1},
		{script: `ls /nope`, err: "ls: /nope: No such file or directory\n", code: 1},
		{script: `mkdir -p /tmp/d/e && touch /tmp/d/f /tmp/d/.h && ls /tmp/d && ls -A /tmp/d`, out: "e\nf\n.h\ne\nf\n"},
		{script: `mkdir /tmp`, err: "mkdir: can't create directory '/tmp': File exists\n", code: 1},
		{script: `rm /nope; rm -f /nope; echo $?`, out: "0\n", err: "rm: can't remove '/nope': No such file or directory\n"},
		{script: `rmdir /tmp/none`, err: "rmdir: '/tmp/none': No such file or directory\n", code: 1},
		{script: `cp /data/list /tmp/l && mv /tmp/l /tmp/m && wc -l /tmp/m`, out: "3 /tmp/m\n"},
		{script: `ln -s /data/list /tmp/s && readlink /tmp/s && cat /tmp/s | head -n 1`, out: "/data/list\nb 2\n"},
		{script: `chmod +x /data/list && stat -c '%a %s %n' /data/list`, out: "755 13 /data/list\n"},
		{script: `grep -c a /data/list; grep -v a /data/list; grep -n '^c' /data/list`, out: "1\nb 2\nc 1\n3:c 1\n"},
		{script: `grep -qi HELLO /nope`, err: "grep: /nope: No such file or directory\n", code: 2},
		{script: `echo abc | grep -q b && echo yes; echo abc | grep -E 'x|y' || echo no`, out: "yes\nno\n"},
		{script: `grep -r 'a 1' /data`, out: "/data/list:a 10\n"},
		{script: `head -1 /data/list; tail -1 /data/list; tail -n +3 /data/list`, out: "b 2\nc 1\nc 1\n"},
		{script: `sort /data/list | cut -d' ' -f2; sort -k2 -n /data/list | head -1`, out: "10\n2\n1\nc 1\n"},
		{script: `printf 'a\na\nb\n' | uniq -c`, out: "      2 a\n      1 b\n"},
		{script: `echo hello | tr a-z A-Z | tr -d L`, out: "HEO\n"},
		{script: `echo hello world | sed 's/o/0/g; s/\(h\)e/\1E/'`, out: "hEll0 w0rld\n"},
		{script: `seq 5 | sed -n '2,3p;$p'; seq 3 | sed 2d`, out: "2\n3\n5\n1\n3\n"},
		{script: `sed -i 's/a/z/' /data/list; cat /data/list`, out: "b 2\nz 10\nc 1\n"},
		{script: `seq 1 2 5; seq -s, 3`, out: "1\n3\n5\n1,2,3\n"},
		{script: `echo a b c | wc -w; echo -n abc | wc -c`, out: "3\n3\n"},
		{script: `echo hi | tee /tmp/t | cat; cat /tmp/t`, out: "hi\nhi\n"},
		{script: `echo a b | xargs -n 1 echo x`, out: "x a\nx b\n"},
		{script: `ls / | xargs -I{} echo /{} | grep tmp`, out: "/tmp\n"},
		{script: `env | grep GREETING; printenv GREETING; printenv NOPE; echo $?`, out: "GREETING=hello\nhello\n1\n"},
		{script: `env A=1 sh -c 'echo $A $GREETING'; A=2 printenv A`, out: "1 hello\n2\n"},
		{script: `id; id -u; whoami; hostname`, out: "uid=0(root) gid=0(root) groups=0(root),10(wheel)\n0\nroot\npod-1\n"},
		{script: `date -d @0 '+%Y-%m-%d %H:%M:%S'; date -d @0`, out: "1970-01-01 00:00:00\nThu Jan  1 00:00:00 UTC 1970\n"},
		{script: `basename /a/b.txt .txt; dirname /a/b.txt; which ls; type cd`, out: "b\n/a\n/bin/ls\ncd is a shell builtin\n"},
		{script: `command -v wget && command -v curl || echo none`, out: "/bin/wget\nnone\n"},
		{script: `echo hi | base64; echo aGkK | base64 -d`, out: "aGkK\nhi\n"},
		{script: `echo -n abc | sha256sum; echo -n | md5sum`, out: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  -\nd41d8cd98f00b204e9800998ecf8427e  -\n"},
		{script: `dd if=/dev/zero of=/tmp/z bs=1k count=4 2>/dev/null; stat -c %s /tmp/z`, out: "4096\n"},
		{script: `expr 2 + 3; [ 1 -lt 2 ] && [[ a == a ]] && test -d /tmp && echo ok`, out: "5\nok\n"},
		{script: `timeout 0.1 sleep 5; echo $?`, out: "143\n"},
		{script: `mkdir -p /tmp/d/e; echo hi > /tmp/d/e/f; tar cf - -C /tmp d | tar tf -`, out: "d/\nd/e/\nd/e/f\n"},
		{script: `mkdir /tmp/in; tar czf /tmp/a.tgz /data && tar -xmf - -C /tmp/in < /tmp/a.tgz; cat /tmp/in/data/list`, out: "b 2\na 10\nc 1\n", err: "tar: removing leading '/' from member names\n"},
		{script: `cd /tmp; echo 1 > a; echo 2 > b; tar cf x.tar a b nope; echo $?; tar xOf x.tar b`, out: "1\n2\n", err: "tar: nope: No such file or directory\n"},
		{script: `ln -s /data/list /tmp/s; tar cf - -C /tmp s | tar xf - -C /; readlink /s`, out: "/data/list\n"},
		{script: `echo x | tar tf -`, err: "tar: invalid tar magic\n", code: 1},
		{script: `tar xf /nope; tar c; tar x -C /nope`, err: "tar: can't open '/nope': No such file or directory\ntar: empty archive\ntar: can't change directory to '/nope': No such file or directory\n", code: 1},
		{script: `echo hi > /tmp/g; gzip /tmp/g; ls /tmp/g.gz; zcat /tmp/g.gz; gunzip /tmp/g.gz; cat /tmp/g; echo a | gzip | gunzip`, out: "/tmp/g.gz\nhi\nhi\na\n"},
		{script: `gunzip /tmp/x.gz; echo x | gunzip`, err: "gunzip: /tmp/x.gz: No such file or directory\ngunzip: -: invalid magic\n", code: 1},
		{script: `sleep x`, err: "sleep: invalid number 'x'\n", code: 1},
		{script: `nosuch --help`, err: "sh: nosuch: not found\n", code: 127},
		{script: `/bin/nosuch`, err: "sh: /bin/nosuch: not found\n", code: 127},
		{script: `ps`, out: "PID   USER     TIME  COMMAND\n    1 root      0:00 sleep 3600\n    8 root      0:00 ps\n"},
		{script: `kill 99`, err: "kill: can't kill pid 99: No such process\n", code: 1},
		{script: `kill -9 1 && echo sent`, out: "sent\n"},
		{script: `nslookup web`, out: "Server:\t\t10.96.0.10\nAddress:\t10.96.0.10:53\n\nName:\tweb.shop.svc.cluster.local\nAddress: 10.96.0.1\n\n"},
		{script: `nslookup nobody`, out: "Server:\t\t10.96.0.10\nAddress:\t10.96.0.10:53\n\n** server can't find nobody: NXDOMAIN\n\n", code: 1},
		{script: `wget -qO- http://web`, out: "welcome\n"},
		{script: `wget -qO- web/nope`, err: "wget: server returned error: HTTP/1.1 404 Not Found\n", code: 1},
		{script: `wget -q -O- http://refused:8080`, err: "wget: can't connect to remote host (10.96.0.2): Connection refused\n", code: 1},
		{script: `wget -q -O- http://nobody`, err: "wget: bad address 'nobody'\n", code: 1},
		{script: `wget -q -T 1 -O- http://silent`, err: "wget: download timed out\n", code: 1},
		{script: `wget --spider http://web`, err: "Connecting to web (10.96.0.1:80)\nremote file exists\n"},
		{script: `cd /tmp && wget http://web && cat index.html`, out: "welcome\n", err: "Connecting to web (10.96.0.1:80)\nsaving to 'index.html'\n'index.html' saved\n"},
		{script: `nc -zv web 80`, err: "web (10.96.0.1:80) open\n"},
		{script: `nc -z -w 1 refused 80`, code: 1},
		{script: `printf 'GET / HTTP/1.0\r\n\r\n' | nc web 80 | head -1 | cut -c1-12`, out: "HTTP/1.0 200\n"},
		{script: `for i in 1 2 3; do echo $i; done | while read x; do echo "[$x]"; done`, out: "[1]\n[2]\n[3]\n"},
		{script: `f() { local x=$1; echo f$x; return 3; }; f 1; echo $?`, out: "f1\n3\n"},
		{script: `set -e; false; echo no`, code: 1},
		{script: `x=$(cat <<EOF
here $GREETING
EOF
); echo "$x"`, out: "here hello\n"},
		{script: `echo 'echo sourced' > /tmp/s.sh; . /tmp/s.sh; sh /tmp/s.sh; chmod +x /tmp/s.sh; /tmp/s.sh`, out: "sourced\nsourced\nsourced\n"},
		{script: `sh -c 'echo $0 $1' name arg`, out: "name arg\n"},
		{script: `echo $$`, out: "1\n"},
		{script: `exit 7`, code: 7},
		{script: `echo "unterminated`, err: "sh: line 1: syntax error: reached EOF without closing quote `\"`\n", code: 2},
		{script: `yes | head -2; seq 100000 | tail -1`, out: "y\ny\n100000\n"},
		{script: `find /data -name 'l*' -type f`, out: "/data/list\n"},
		{script: `[ -f /data/list ] && [ ! -e /nope ] && [ -n "$GREETING" ] && echo ok`, out: "ok\n"},
		{script: `cat /dev/null; echo x > /dev/null; echo err >&2; echo out > /dev/stdout`, out: "out\n", err: "err\n"},
		{script: `cd /nope`, code: 1, err: "sh: cd: can't cd to /nope: No such file or directory\n"},
	} {
		t.Run(c.script, func(t *testing.T) {
			t.Parallel()
			got := newFake(t, "busybox").run(t, "sh", "-c", c.script)
			if got.out != c.out || got.err != c.err || got.code != c.code {
				t.Errorf("out %q\nwant %q\nerr %q\nwant %q\ncode %d, want %d", got.out, c.out, got.err, c.err, got.code, c.code)
			}
		})
	}
}

func TestDebianWords(t *testing.T) {
	for _, c := range []struct {
		argv     []string
		out, err string
		code     int
	}{
		{argv: []string{"cat", "/nope"}, err: "cat: /nope: No such file or directory\n", code: 1},
		{argv: []string{"ls", "/nope"}, err: "ls: cannot access '/nope': No such file or directory\n", code: 2},
		{argv: []string{"sh", "-c", "nosuch"}, err: "sh: 1: nosuch: not found\n", code: 127},
		{argv: []string{"bash", "-c", "nosuch"}, err: "bash: line 1: nosuch: command not found\n", code: 127},
		{argv: []string{"bash", "-c", "echo {1..3}; a=(x y); echo ${a[1]}"}, out: "1 2 3\ny\n"},
		{argv: []string{"timeout", "0.1", "sleep", "9"}, code: 124},
		{argv: []string{"sh", "-c", `echo 'a\nb'`}, out: "a\nb\n"},
		{argv: []string{"wget", "x"}, code: NotFound},
		{argv: []string{"curl", "-s", "http://web"}, out: "welcome\n"},
		{argv: []string{"curl", "-s", "-o", "/dev/null", "-w", "%{http_code}\\n", "http://web/nope"}, out: "404\n"},
		{argv: []string{"curl", "-sf", "http://web/nope"}, code: 22},
		{argv: []string{"curl", "-fsS", "http://web/nope"}, err: "curl: (22) The requested URL returned error: 404\n", code: 22},
		{argv: []string{"curl", "http://nobody"}, err: "curl: (6) Could not resolve host: nobody\n", code: 6},
		{argv: []string{"curl", "-sL", "http://web/moved"}, out: "welcome\n"},
		{argv: []string{"curl", "-s", "-X", "PUT", "-H", "X-Test: 1", "-H", "Host: a.b", "-d", "body", "http://web/echo?q=1"}, out: "PUT /echo?q=1 body host=a.b x=1\n"},
		{argv: []string{"curl", "--nope", "http://web"}, err: "curl: option --nope: is unknown\ncurl: try 'curl --help' or 'curl --manual' for more information\n", code: 2},
		{argv: []string{"test", "-f", "/etc/passwd"}},
		{argv: []string{"[", "-f", "/nope", "]"}, code: 1},
	} {
		t.Run(strings.Join(c.argv, " "), func(t *testing.T) {
			t.Parallel()
			got := newFake(t, "debian", "curl").run(t, c.argv...)
			if got.out != c.out || got.err != c.err || got.code != c.code {
				t.Errorf("out %q\nwant %q\nerr %q\nwant %q\ncode %d, want %d", got.out, c.out, got.err, c.err, got.code, c.code)
			}
		})
	}
}

func TestCurlRefused(t *testing.T) {
	got := newFake(t, "debian", "curl").run(t, "curl", "http://refused:8080/")
	if ok, _ := regexp.MatchString(`^curl: \(7\) Failed to connect to refused port 8080 after \d+ ms: Could not connect to server\n$`, got.err); !ok || got.code != 7 {
		t.Errorf("%+v", got)
	}
}

func TestImagesHaveTheirOwnTools(t *testing.T) {
	for _, c := range []struct {
		base  string
		argv  []string
		found bool
	}{
		{"none", []string{"sh"}, false},
		{"none", []string{"ls"}, false},
		{"busybox", []string{"wget"}, true},
		{"busybox", []string{"curl"}, false},
		{"busybox", []string{"bash"}, false},
		{"debian", []string{"bash"}, true},
		{"debian", []string{"ps"}, false},
		{"busybox", []string{"nginxzz"}, false},
		{"busybox", []string{"/bin/ls"}, true},
		{"busybox", []string{"/opt/ls"}, false},
		{"", []string{"curl"}, true},
	} {
		if got := Knows(newFake(t, c.base), c.argv[0]); got != c.found {
			t.Errorf("%s has %s: %v, want %v", c.base, c.argv[0], got, c.found)
		}
	}
}

func TestServers(t *testing.T) {
	f := newFake(t, "debian", "redis-cli", "pg_isready", "psql", "mysqladmin", "python3", "node", "rabbitmq-diagnostics", "nginx")
	for _, c := range []struct {
		argv     []string
		out, err string
		code     int
	}{
		{argv: []string{"redis-cli", "ping"}, out: "PONG\n"},
		{argv: []string{"redis-cli", "set", "a", "b c"}, out: "OK\n"},
		{argv: []string{"redis-cli", "-h", "cache", "get", "a"}, out: "b c\n"},
		{argv: []string{"redis-cli", "-h", "refused", "ping"}, err: "Could not connect to Redis at 10.96.0.2:6379: Connection refused\n", code: 1},
		{argv: []string{"pg_isready", "-U", "postgres"}, out: "/var/run/postgresql:5432 - accepting connections\n"},
		{argv: []string{"pg_isready", "-h", "refused", "-p", "1"}, out: "refused:1 - no response\n", code: 2},
		{argv: []string{"psql", "-U", "postgres", "-c", "select 1"}, out: " ?column? \n----------\n        1\n(1 row)\n\n"},
		{argv: []string{"mysqladmin", "ping", "-uroot", "-psecret"}, out: "mysqld is alive\n"},
		{argv: []string{"mysqladmin", "-h", "refused", "ping"}, err: "mysqladmin: connect to server at 'refused' failed\nerror: 'Can't connect to MySQL server on 'refused:3306' (111)'\n", code: 1},
		{argv: []string{"rabbitmq-diagnostics", "-q", "ping"}, err: "Error: unable to perform an operation on node 'rabbit@pod-1'. Please see diagnostics information and suggestions below.\n", code: 69},
		{argv: []string{"python3", "-c", "print('ok')"}, out: "ok\n"},
		{argv: []string{"python3", "-c", "import sys; sys.exit(3)"}, code: 3},
		{argv: []string{"python3", "nope.py"}, err: "/usr/local/bin/python3: can't open file '/nope.py': [Errno 2] No such file or directory\n", code: 2},
		{argv: []string{"node", "-v"}, out: "v22.12.0\n"},
	} {
		got := f.run(t, c.argv...)
		if got.out != c.out || got.err != c.err || got.code != c.code {
			t.Errorf("%q:\nout %q\nwant %q\nerr %q\nwant %q\ncode %d, want %d", c.argv, got.out, c.out, got.err, c.err, got.code, c.code)
		}
	}
}

func TestNodeRunsTheImagesOwnFileOnly(t *testing.T) {
	f := newFake(t, "debian", "node")
	if got := f.run(t, "node", "/app/server.js"); got.code != 0 || len(f.played) != 1 {
		t.Fatalf("%+v, played %v", got, f.played)
	}
	got := f.run(t, "node", "/app/sever.js")
	if got.code != 1 || !strings.Contains(got.err, "Cannot find module '/app/sever.js'") || len(f.played) != 1 {
		t.Fatalf("%+v", got)
	}
}
