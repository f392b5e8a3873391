package shell

import (
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
)

func sortLines(k *call) int {
	o, ok := k.parse("nrufk:t:hVbdsco:", "numeric-sort=n", "reverse=r", "unique=u", "key=k:")
	if !ok {
		return 2
	}
	var all []string
	code := k.each(o.rest, func(_ string, r io.Reader) error {
		return k.lines(r, func(l string) bool { all = append(all, l); return len(all) < 1_000_000 })
	})
	key := func(l string) string {
		spec := o.get("k", "")
		if spec == "" {
			return l
		}
		first, last, ranged := strings.Cut(spec, ",")
		n, _ := strconv.Atoi(strings.TrimRight(first, "nrbhV"))
		fields := strings.Fields(l)
		if t := o.get("t", ""); t != "" {
			fields = strings.Split(l, t)
		}
		if n < 1 || n > len(fields) {
			return ""
		}
		end := len(fields)
		if m, err := strconv.Atoi(strings.TrimRight(last, "nrbhV")); ranged && err == nil {
			end = min(end, m)
		}
		return strings.Join(fields[n-1:max(end, n)], " ")
	}
	numeric := o.has("n", "h") || strings.Contains(o.get("k", ""), "n")
	compare := func(a, b string) int {
		a, b = key(a), key(b)
		if numeric {
			if x, y := leadingNumber(a), leadingNumber(b); x != y {
				if x < y {
					return -1
				}
				return 1
			}
			return 0
		}
		if o.has("f") {
			a, b = strings.ToUpper(a), strings.ToUpper(b)
		}
		return strings.Compare(a, b)
	}
	slices.SortStableFunc(all, func(a, b string) int {
		c := compare(a, b)
		if c == 0 && !o.has("u", "s") {
			c = strings.Compare(a, b)
		}
		if o.has("r") || strings.Contains(o.get("k", ""), "r") {
			return -c
		}
		return c
	})
	if o.has("u") {
		all = slices.CompactFunc(all, func(a, b string) bool { return compare(a, b) == 0 })
	}
	out := k.out
	if to := o.get("o", ""); to != "" {
		f, err := k.create(to, os.O_TRUNC)
		if err != nil {
			return k.cannotOpen(to, err)
		}
		defer f.Close()
		out = f
	}
	for _, l := range all {
		_, _ = io.WriteString(out, l+"\n")
	}
	return code
}

func leadingNumber(s string) float64 {
	s = strings.TrimSpace(s)
	end := 0
	for end < len(s) && (s[end] >= '0' && s[end] <= '9' || s[end] == '.' || end == 0 && s[end] == '-') {
		end++
	}
	f, _ := strconv.ParseFloat(s[:end], 64)
	if end < len(s) {
		switch s[end] {
		case 'K', 'k':
			f *= 1 << 10
		case 'M':
			f *= 1 << 20
		case 'G':
			f *= 1 << 30
		}
	}
	return f
}

func uniq(k *call) int {
	o, ok := k.parse("cdui")
	if !ok {
		return 1
	}
	last, n := "", 0
	show := func() {
		switch {
		case n == 0, o.has("d") && n < 2, o.has("u") && n > 1:
		case o.has("c"):
			k.printf("%7d %s\n", n, last)
		default:
			k.println(last)
		}
	}
	code := k.each(o.rest, func(_ string, r io.Reader) error {
		return k.lines(r, func(l string) bool {
			if n > 0 && (l == last || o.has("i") && strings.EqualFold(l, last)) {
				n++
				return true
			}
			show()
			last, n = l, 1
			return true
		})
	})
	show()
	return code
}
