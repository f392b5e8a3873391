package shell

import (
	"io"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

func grep(k *call) int {
	o, ok := k.parse("ivcEFnrqlhHwxsoe:m:RA:B:C:aLP", "ignore-case=i", "invert-match=v", "count=c", "quiet=q", "recursive=r", "extended-regexp=E", "fixed-strings=F", "line-number=n", "only-matching=o", "color=a", "max-count=m:", "word-regexp=w", "regexp=e:")
	if !ok {
		return 2
	}
	patterns := o.value["e"]
	if len(patterns) == 0 {
		if len(o.rest) == 0 {
			k.printfErr("Usage: grep [-HhnlLoqvsrRiwFE] PATTERN... [FILE]...\n")
			return 2
		}
		patterns, o.rest = strings.Split(o.rest[0], "\n"), o.rest[1:]
	}
	for i, p := range patterns {
		switch {
		case o.has("F") || k.name() == "fgrep":
			patterns[i] = regexp.QuoteMeta(p)
		case !o.has("E", "P") && k.name() != "egrep":
			patterns[i] = basicRegexp(p)
		default:
			patterns[i] = posixClasses(p)
		}
	}
	text := "(?:" + strings.Join(patterns, "|") + ")"
	if o.has("w") {
		text = `\b` + text + `\b`
	}
	if o.has("x") {
		text = "^" + text + "$"
	}
	if o.has("i") {
		text = "(?i)" + text
	}
	re, err := regexp.Compile(text)
	if err != nil {
		k.fail("bad regex '%s': Invalid regexp", strings.Join(patterns, "|"))
		return 2
	}
	names := o.rest
	if o.has("r", "R") {
		if len(names) == 0 {
			names = []string{"."}
		}
		names = k.below(names)
	}
	most, _ := strconv.Atoi(o.get("m", "-1"))
	withName := (len(names) > 1 || o.has("r", "R", "H")) && !o.has("h")
	before, after := context3(o)
	found := false
	code := k.each(names, func(name string, r io.Reader) error {
		return k.grepOne(name, r, re, o, &found, most, withName, before, after)
	})
	switch {
	case found && (code == 0 || o.has("q")):
		return 0
	case code != 0:
		return 2
	}
	return 1
}

func (k *call) printfErr(text string) { _, _ = io.WriteString(k.err, text) }

func context3(o *options) (before, after int) {
	both, _ := strconv.Atoi(o.get("C", "0"))
	before, _ = strconv.Atoi(o.get("B", strconv.Itoa(both)))
	after, _ = strconv.Atoi(o.get("A", strconv.Itoa(both)))
	return before, after
}

func (k *call) grepOne(name string, r io.Reader, re *regexp.Regexp, o *options, found *bool, most int, withName bool, before, after int) error {
	if name == "-" {
		name = "(standard input)"
	}
	prefix := func(sep string, n int) string {
		p := ""
		if withName {
			p = name + sep
		}
		if o.has("n") {
			p += strconv.Itoa(n) + sep
		}
		return p
	}
	count, n, show := 0, 0, 0
	var earlier []string
	err := k.lines(r, func(line string) bool {
		n++
		if re.MatchString(line) == o.has("v") {
			switch {
			case show > 0:
				k.println(prefix("-", n) + line)
				show--
			case before > 0:
				if earlier = append(earlier, line); len(earlier) > before {
					earlier = earlier[1:]
				}
			}
			return true
		}
		*found = true
		count++
		switch {
		case o.has("q", "l", "L"):
			return false
		case o.has("c"):
		case o.has("o"):
			for _, m := range re.FindAllString(line, -1) {
				if m != "" {
					k.println(prefix(":", n) + m)
				}
			}
		default:
			for i, l := range earlier {
				k.println(prefix("-", n-len(earlier)+i) + l)
			}
			earlier = nil
			k.println(prefix(":", n) + line)
			show = after
		}
		return most < 0 || count < most
	})
	switch {
	case o.has("q"):
	case o.has("l") && count > 0, o.has("L") && count == 0:
		k.println(name)
	case o.has("c"):
		p := ""
		if withName {
			p = name + ":"
		}
		k.println(p + strconv.Itoa(count))
	}
	return err
}

// below lists the files under folders.
func (k *call) below(names []string) []string {
	var out []string
	var walk func(name string, depth int)
	walk = func(name string, depth int) {
		list, err := k.c.ReadDir(k.abs(name))
		if err != nil || depth > 32 || len(out) > 5000 {
			out = append(out, name)
			return
		}
		for _, e := range list {
			if e.IsDir() {
				walk(strings.TrimSuffix(name, "/")+"/"+e.Name(), depth+1)
			} else {
				out = append(out, strings.TrimSuffix(name, "/")+"/"+e.Name())
			}
		}
	}
	for _, n := range names {
		walk(n, 0)
	}
	return out
}

var basicSwap = strings.NewReplacer(`\(`, "(", `\)`, ")", `\{`, "{", `\}`, "}", `\|`, "|", `\+`, "+", `\?`, "?", "(", `\(`, ")", `\)`, "{", `\{`, "}", `\}`, "|", `\|`, "+", `\+`, "?", `\?`, `\\`, `\\`)

// basicRegexp turns a POSIX basic expression into one of Go's.
func basicRegexp(p string) string { return posixClasses(basicSwap.Replace(p)) }

// posixClasses takes care of words that Go spells otherwise.
func posixClasses(p string) string {
	return strings.NewReplacer(`\<`, `\b`, `\>`, `\b`).Replace(p)
}

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

func cut(k *call) int {
	o, ok := k.parse("d:f:c:b:s", "delimiter=d:", "fields=f:", "only-delimited=s")
	if !ok {
		return 1
	}
	spec := o.get("f", o.get("c", o.get("b", "")))
	if spec == "" {
		return k.fail("expected a list of bytes, characters, or fields")
	}
	wanted := ranges(spec)
	return k.each(o.rest, func(_ string, r io.Reader) error {
		return k.lines(r, func(l string) bool {
			if !o.has("f") {
				var out []byte
				for i := range len(l) {
					if wanted(i + 1) {
						out = append(out, l[i])
					}
				}
				k.println(string(out))
				return true
			}
			d := o.get("d", "\t")
			if !strings.Contains(l, d) {
				if !o.has("s") {
					k.println(l)
				}
				return true
			}
			var out []string
			for i, f := range strings.Split(l, d) {
				if wanted(i + 1) {
					out = append(out, f)
				}
			}
			k.println(strings.Join(out, d))
			return true
		})
	})
}

// ranges reads 1,3-5,7-.
func ranges(spec string) func(int) bool {
	type span struct{ from, to int }
	var spans []span
	for s := range strings.SplitSeq(spec, ",") {
		a, b, ranged := strings.Cut(s, "-")
		from, _ := strconv.Atoi(a)
		to := from
		if ranged {
			to = 1 << 30
			if n, err := strconv.Atoi(b); err == nil {
				to = n
			}
			from = max(from, 1)
		}
		spans = append(spans, span{from, to})
	}
	return func(n int) bool {
		return slices.ContainsFunc(spans, func(s span) bool { return n >= s.from && n <= s.to })
	}
}

func tr(k *call) int {
	o, ok := k.parse("dscC")
	if !ok || len(o.rest) == 0 {
		return 1
	}
	from := charSet(o.rest[0])
	var to []rune
	if len(o.rest) > 1 {
		to = charSet(o.rest[1])
	}
	in := func(c rune) int {
		i := slices.Index(from, c)
		if !o.has("c", "C") {
			return i
		}
		if i < 0 {
			return len(to) - 1 + min(1, max(0, 1-len(to)))
		}
		return -1
	}
	b, err := io.ReadAll(io.LimitReader(k.stdin(), maxText))
	if err != nil {
		return 1
	}
	var out strings.Builder
	last := rune(-1)
	for _, c := range string(b) {
		i := in(c)
		hit := i >= 0
		switch {
		case hit && o.has("d"):
			continue
		case hit && len(to) > 0:
			c = to[min(i, len(to)-1)]
		}
		if o.has("s") && hit && c == last {
			continue
		}
		last = -1
		if hit {
			last = c
		}
		out.WriteRune(c)
	}
	_, _ = io.WriteString(k.out, out.String())
	return 0
}

// charSet reads a-z, [:upper:] and \n.
func charSet(s string) []rune {
	for name, set := range map[string]string{"upper": "A-Z", "lower": "a-z", "digit": "0-9", "alpha": "A-Za-z", "alnum": "A-Za-z0-9", "space": " \\t\\n\\r\\v\\f", "blank": " \\t", "punct": "!-/:-@[-`{-~"} {
		s = strings.ReplaceAll(s, "[:"+name+":]", set)
	}
	s = strings.NewReplacer(`\n`, "\n", `\t`, "\t", `\r`, "\r", `\v`, "\v", `\f`, "\f", `\0`, "\x00", `\\`, `\`).Replace(s)
	r := []rune(s)
	var out []rune
	for i := 0; i < len(r); i++ {
		if i+2 < len(r) && r[i+1] == '-' && r[i] <= r[i+2] {
			for c := r[i]; c <= r[i+2] && len(out) < 70000; c++ {
				out = append(out, c)
			}
			i += 2
			continue
		}
		out = append(out, r[i])
	}
	return out
}

func seq(k *call) int {
	o, words := k.parseSeq()
	if len(words) == 0 || len(words) > 3 {
		return k.fail("missing operand")
	}
	first, step, last := 1.0, 1.0, 0.0
	var err error
	read := func(s string) float64 {
		f, e := strconv.ParseFloat(s, 64)
		if e != nil {
			err = e
		}
		return f
	}
	switch len(words) {
	case 1:
		last = read(words[0])
	case 2:
		first, last = read(words[0]), read(words[1])
	default:
		first, step, last = read(words[0]), read(words[1]), read(words[2])
	}
	if err != nil || step == 0 {
		return k.fail("invalid number '%s'", words[0])
	}
	n := 0
	var out []string
	for v := first; step > 0 && v <= last+1e-9 || step < 0 && v >= last-1e-9; v = first + float64(n)*step {
		out = append(out, strconv.FormatFloat(v, 'f', -1, 64))
		if n++; n >= 1_000_000 || k.ctx.Err() != nil {
			break
		}
	}
	if len(out) > 0 {
		k.println(strings.Join(out, o))
	}
	return 0
}

func (k *call) parseSeq() (sep string, words []string) {
	sep = "\n"
	for i := 1; i < len(k.args); i++ {
		switch {
		case k.args[i] == "-s" && i+1 < len(k.args):
			i++
			sep = k.args[i]
		case strings.HasPrefix(k.args[i], "-s"):
			sep = k.args[i][2:]
		case k.args[i] == "-w":
		default:
			words = append(words, k.args[i])
		}
	}
	return sep, words
}
