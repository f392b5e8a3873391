package shell

import (
	"io"
	"slices"
	"strconv"
	"strings"
)

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
