package shell

import (
	"fmt"
	"io"
	"strconv"
	"strings"
)

// userName is the name of a user in /etc/passwd, or nothing.
func userName(c Container, uid int64) string {
	if b, err := readSmall(c, "/etc/passwd"); err == nil {
		for l := range strings.SplitSeq(b, "\n") {
			if f := strings.Split(l, ":"); len(f) > 2 && f[2] == strconv.FormatInt(uid, 10) {
				return f[0]
			}
		}
	}
	if uid == 0 {
		return "root"
	}
	return ""
}

func readSmall(c Container, name string) (string, error) {
	f, err := c.Open(name, 0, 0)
	if err != nil {
		return "", err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, 1<<20))
	return string(b), err
}

func id(k *call) int {
	o, ok := k.parse("unggGr")
	if !ok {
		return 1
	}
	uid, gid := k.c.User()
	show := func(n int64) string {
		if name := userName(k.c, n); name != "" {
			return fmt.Sprintf("%d(%s)", n, name)
		}
		return strconv.FormatInt(n, 10)
	}
	n := uid
	if o.has("g", "G") {
		n = gid
	}
	switch {
	case o.has("u", "g", "G") && o.has("n"):
		name := userName(k.c, n)
		if name == "" {
			name = strconv.FormatInt(n, 10)
		}
		k.println(name)
	case o.has("u", "g", "G"):
		k.println(n)
	default:
		groups := ""
		if uid == 0 && gid == 0 {
			groups = " groups=0(root)"
			if !k.gnu() {
				groups += ",10(wheel)"
			}
		} else {
			groups = " groups=" + show(gid)
		}
		k.printf("uid=%s gid=%s%s\n", show(uid), show(gid), groups)
	}
	return 0
}

func whoami(k *call) int {
	uid, _ := k.c.User()
	name := userName(k.c, uid)
	if name == "" {
		if k.gnu() {
			return k.fail("cannot find name for user ID %d", uid)
		}
		return k.fail("unknown uid %d", uid)
	}
	k.println(name)
	return 0
}

func hostname(k *call) int {
	o, ok := k.parse("fisdI")
	if !ok {
		return 1
	}
	switch {
	case o.has("i", "I"):
		k.println(k.c.PodIP())
	case o.has("f"):
		name := k.c.Hostname()
		if hosts, err := readSmall(k.c, "/etc/hosts"); err == nil {
			for l := range strings.SplitSeq(hosts, "\n") {
				if f := strings.Fields(l); len(f) > 1 && f[0] == k.c.PodIP() {
					name = f[1]
				}
			}
		}
		k.println(name)
	case len(o.rest) > 0:
		return k.fail("sethostname: Operation not permitted")
	default:
		k.println(k.c.Hostname())
	}
	return 0
}
