// Package redis is a small key-value server in memory that speaks enough of Redis' protocol for redis-cli and for a
// lesson: it knows nothing of containers.
package redis

import (
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

const (
	maxKeys  = 10_000
	maxValue = 64 << 10
)

// Store is what one server holds.
type Store struct {
	mu       sync.Mutex
	started  time.Time
	values   map[string]string
	lists    map[string][]string
	expire   map[string]time.Time
	password string
}

// NewStore makes an empty server; with a password, clients must give it first.
func NewStore(password string) *Store {
	return &Store{started: time.Now(), values: map[string]string{}, lists: map[string][]string{}, expire: map[string]time.Time{}, password: password}
}

// reply is a value of the protocol: a status, an error, a number, a text, nothing or a list.
type reply struct {
	kind byte // + - : $ _ *
	text string
	list []reply
}

func status(s string) reply  { return reply{kind: '+', text: s} }
func failure(s string) reply { return reply{kind: '-', text: s} }
func number(n int) reply     { return reply{kind: ':', text: strconv.Itoa(n)} }
func bulk(s string) reply    { return reply{kind: '$', text: s} }

var nothing = reply{kind: '_'}

func list(items []string) reply {
	r := reply{kind: '*'}
	for _, i := range items {
		r.list = append(r.list, bulk(i))
	}
	return r
}

// do runs one command; session says whether the client has given the password.
func (s *Store) do(session *bool, words []string) reply {
	if len(words) == 0 {
		return failure("ERR empty command")
	}
	name := strings.ToUpper(words[0])
	args := words[1:]
	if name == "AUTH" {
		if len(args) == 0 || s.password == "" || args[len(args)-1] != s.password {
			return failure("WRONGPASS invalid username-password pair or user is disabled.")
		}
		*session = true
		return status("OK")
	}
	if s.password != "" && !*session && name != "HELLO" && name != "QUIT" {
		return failure("NOAUTH Authentication required.")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	c, known := commands[name]
	if !known {
		return failure("ERR unknown command '" + words[0] + "', with args beginning with: ")
	}
	if len(args) < c.least || c.most >= 0 && len(args) > c.most {
		return failure("ERR wrong number of arguments for '" + strings.ToLower(name) + "' command")
	}
	for _, a := range args {
		if len(a) > maxValue {
			return failure("ERR value is too large for the sandbox")
		}
	}
	for key, t := range s.expire {
		if time.Now().After(t) {
			s.drop(key)
		}
	}
	return c.run(s, args)
}

func (s *Store) drop(key string) bool {
	_, a := s.values[key]
	_, b := s.lists[key]
	delete(s.values, key)
	delete(s.lists, key)
	delete(s.expire, key)
	return a || b
}

func (s *Store) full() bool { return len(s.values)+len(s.lists) >= maxKeys }

type command struct {
	least, most int
	run         func(s *Store, args []string) reply
}

const wrongType = "WRONGTYPE Operation against a key holding the wrong kind of value"

var commands map[string]command

func init() {
	commands = map[string]command{
		"PING": {0, 1, func(_ *Store, a []string) reply {
			if len(a) > 0 {
				return bulk(a[0])
			}
			return status("PONG")
		}},
		"ECHO": {1, 1, func(_ *Store, a []string) reply { return bulk(a[0]) }},
		"SET":  {2, 6, set},
		"GET": {1, 1, func(s *Store, a []string) reply {
			if v, ok := s.values[a[0]]; ok {
				return bulk(v)
			}
			if _, ok := s.lists[a[0]]; ok {
				return failure(wrongType)
			}
			return nothing
		}},
		"DEL": {1, -1, func(s *Store, a []string) reply {
			n := 0
			for _, k := range a {
				if s.drop(k) {
					n++
				}
			}
			return number(n)
		}},
		"EXISTS": {1, -1, func(s *Store, a []string) reply {
			n := 0
			for _, k := range a {
				_, v := s.values[k]
				_, l := s.lists[k]
				if v || l {
					n++
				}
			}
			return number(n)
		}},
		"KEYS":     {1, 1, keys},
		"INCR":     {1, 1, func(s *Store, a []string) reply { return add(s, a[0], 1) }},
		"DECR":     {1, 1, func(s *Store, a []string) reply { return add(s, a[0], -1) }},
		"INCRBY":   {2, 2, func(s *Store, a []string) reply { return addText(s, a[0], a[1]) }},
		"EXPIRE":   {2, 2, expire},
		"TTL":      {1, 1, ttl},
		"LPUSH":    {2, -1, func(s *Store, a []string) reply { return push(s, a, true) }},
		"RPUSH":    {2, -1, func(s *Store, a []string) reply { return push(s, a, false) }},
		"LPOP":     {1, 1, func(s *Store, a []string) reply { return pop(s, a[0], true) }},
		"RPOP":     {1, 1, func(s *Store, a []string) reply { return pop(s, a[0], false) }},
		"LLEN":     {1, 1, func(s *Store, a []string) reply { return number(len(s.lists[a[0]])) }},
		"LRANGE":   {3, 3, lrange},
		"DBSIZE":   {0, 0, func(s *Store, _ []string) reply { return number(len(s.values) + len(s.lists)) }},
		"FLUSHALL": {0, 1, flush},
		"FLUSHDB":  {0, 1, flush},
		"SELECT":   {1, 1, func(*Store, []string) reply { return status("OK") }},
		"INFO":     {0, 1, info},
		"COMMAND":  {0, -1, func(*Store, []string) reply { return reply{kind: '*'} }},
		"CONFIG":   {1, -1, func(*Store, []string) reply { return reply{kind: '*'} }},
		"CLIENT":   {1, -1, func(*Store, []string) reply { return status("OK") }},
		"SAVE":     {0, 0, func(*Store, []string) reply { return status("OK") }},
		"QUIT":     {0, 0, func(*Store, []string) reply { return status("OK") }},
	}
}

func set(s *Store, a []string) reply {
	if _, ok := s.values[a[0]]; !ok && s.full() {
		return failure("OOM command not allowed when used memory > 'maxmemory'.")
	}
	for i := 2; i < len(a); i++ {
		switch strings.ToUpper(a[i]) {
		case "NX":
			if _, ok := s.values[a[0]]; ok {
				return nothing
			}
		case "XX":
			if _, ok := s.values[a[0]]; !ok {
				return nothing
			}
		case "EX", "PX":
			if i+1 >= len(a) {
				return failure("ERR syntax error")
			}
			n, err := strconv.Atoi(a[i+1])
			if err != nil || n <= 0 {
				return failure("ERR invalid expire time in 'set' command")
			}
			unit := time.Second
			if strings.EqualFold(a[i], "PX") {
				unit = time.Millisecond
			}
			defer func() { s.expire[a[0]] = time.Now().Add(time.Duration(n) * unit) }()
			i++
		default:
			return failure("ERR syntax error")
		}
	}
	s.drop(a[0])
	s.values[a[0]] = a[1]
	return status("OK")
}

func keys(s *Store, a []string) reply {
	var out []string
	for k := range s.values {
		if ok, err := path.Match(a[0], k); ok && err == nil {
			out = append(out, k)
		}
	}
	for k := range s.lists {
		if ok, err := path.Match(a[0], k); ok && err == nil {
			out = append(out, k)
		}
	}
	slices.Sort(out)
	return list(out)
}

func add(s *Store, key string, n int) reply {
	v := 0
	if old, ok := s.values[key]; ok {
		var err error
		if v, err = strconv.Atoi(old); err != nil {
			return failure("ERR value is not an integer or out of range")
		}
	} else if s.full() {
		return failure("OOM command not allowed when used memory > 'maxmemory'.")
	}
	s.values[key] = strconv.Itoa(v + n)
	return number(v + n)
}

func addText(s *Store, key, text string) reply {
	n, err := strconv.Atoi(text)
	if err != nil {
		return failure("ERR value is not an integer or out of range")
	}
	return add(s, key, n)
}

func expire(s *Store, a []string) reply {
	n, err := strconv.Atoi(a[1])
	if err != nil {
		return failure("ERR value is not an integer or out of range")
	}
	_, v := s.values[a[0]]
	_, l := s.lists[a[0]]
	if !v && !l {
		return number(0)
	}
	s.expire[a[0]] = time.Now().Add(time.Duration(n) * time.Second)
	return number(1)
}

func ttl(s *Store, a []string) reply {
	_, v := s.values[a[0]]
	_, l := s.lists[a[0]]
	t, has := s.expire[a[0]]
	switch {
	case !v && !l:
		return number(-2)
	case !has:
		return number(-1)
	}
	return number(int(time.Until(t).Seconds() + 0.5))
}

func push(s *Store, a []string, left bool) reply {
	if _, ok := s.values[a[0]]; ok {
		return failure(wrongType)
	}
	l := s.lists[a[0]]
	if l == nil && s.full() || len(l)+len(a) > maxKeys {
		return failure("OOM command not allowed when used memory > 'maxmemory'.")
	}
	for _, v := range a[1:] {
		if left {
			l = append([]string{v}, l...)
		} else {
			l = append(l, v)
		}
	}
	s.lists[a[0]] = l
	return number(len(l))
}

func pop(s *Store, key string, left bool) reply {
	l := s.lists[key]
	if len(l) == 0 {
		return nothing
	}
	v := l[len(l)-1]
	if left {
		v, l = l[0], l[1:]
	} else {
		l = l[:len(l)-1]
	}
	s.lists[key] = l
	if len(l) == 0 {
		s.drop(key)
	}
	return bulk(v)
}

func lrange(s *Store, a []string) reply {
	l := s.lists[a[0]]
	from, errA := strconv.Atoi(a[1])
	to, errB := strconv.Atoi(a[2])
	if errA != nil || errB != nil {
		return failure("ERR value is not an integer or out of range")
	}
	if from < 0 {
		from = max(0, len(l)+from)
	}
	if to < 0 {
		to = len(l) + to
	}
	to = min(to, len(l)-1)
	if from > to {
		return list(nil)
	}
	return list(l[from : to+1])
}

func flush(s *Store, _ []string) reply {
	clear(s.values)
	clear(s.lists)
	clear(s.expire)
	return status("OK")
}

func info(s *Store, _ []string) reply {
	return bulk("# Server\r\nredis_version:7.4.1\r\nredis_mode:standalone\r\nuptime_in_seconds:" + strconv.Itoa(int(time.Since(s.started).Seconds())) +
		"\r\n\r\n# Replication\r\nrole:master\r\nconnected_slaves:0\r\n\r\n# Keyspace\r\ndb0:keys=" + strconv.Itoa(len(s.values)+len(s.lists)) + ",expires=" + strconv.Itoa(len(s.expire)) + "\r\n")
}
