package shell

import (
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

func cat(k *call) int {
	o, ok := k.parse("netvAEbsu")
	if !ok {
		return 1
	}
	n := 0
	return k.each(o.rest, func(_ string, r io.Reader) error {
		if !o.has("n", "b") {
			_, err := io.Copy(k.out, r)
			return err
		}
		return k.lines(r, func(line string) bool {
			if o.has("b") && line == "" {
				k.println()
				return true
			}
			n++
			k.printf("%6d\t%s\n", n, line)
			return true
		})
	})
}

func nl(k *call) int {
	return cat(k.with(append([]string{"nl", "-b"}, k.args[1:]...)))
}

func tac(k *call) int {
	return k.each(k.args[1:], func(_ string, r io.Reader) error {
		var all []string
		err := k.lines(r, func(l string) bool { all = append(all, l); return true })
		slices.Reverse(all)
		for _, l := range all {
			k.println(l)
		}
		return err
	})
}

func rev(k *call) int {
	return k.each(k.args[1:], func(_ string, r io.Reader) error {
		return k.lines(r, func(l string) bool {
			runes := []rune(l)
			slices.Reverse(runes)
			k.println(string(runes))
			return true
		})
	})
}

func paste(k *call) int {
	o, ok := k.parse("sd:")
	if !ok {
		return 1
	}
	return k.each(o.rest, func(_ string, r io.Reader) error {
		var all []string
		err := k.lines(r, func(l string) bool { all = append(all, l); return true })
		if o.has("s") {
			k.println(strings.Join(all, o.get("d", "\t")))
			return err
		}
		for _, l := range all {
			k.println(l)
		}
		return err
	})
}

// numberFirst turns the old form "-5" into "-n 5".
func numberFirst(args []string) []string {
	out := slices.Clone(args)
	for i, a := range out[1:] {
		if len(a) > 1 && a[0] == '-' && a[1] >= '0' && a[1] <= '9' {
			out[i+1] = "-n" + a[1:]
		}
	}
	return out
}

func head(k *call) int {
	k = k.with(numberFirst(k.args))
	o, ok := k.parse("n:c:qv", "lines=n:", "bytes=c:")
	if !ok {
		return 1
	}
	n, err := strconv.Atoi(o.get("n", "10"))
	if err != nil {
		return k.fail("invalid number '%s'", o.get("n", ""))
	}
	many := len(o.rest) > 1 && !o.has("q")
	first := true
	return k.each(o.rest, func(name string, r io.Reader) error {
		if many {
			if !first {
				k.println()
			}
			k.printf("==> %s <==\n", name)
			first = false
		}
		if o.has("c") {
			c, err := size(o.get("c", "0"))
			if err != nil {
				return err
			}
			_, err = io.Copy(k.out, io.LimitReader(r, c))
			return err
		}
		left := n
		if left <= 0 {
			return nil
		}
		return k.lines(r, func(l string) bool {
			_, err := fmt.Fprintln(k.out, l)
			left--
			return left > 0 && err == nil
		})
	})
}

// size reads 10, 4k, 1M, 2G.
func size(s string) (int64, error) {
	unit := int64(1)
	for suffix, u := range map[string]int64{"k": 1 << 10, "K": 1 << 10, "m": 1 << 20, "M": 1 << 20, "G": 1 << 30, "b": 512} {
		if t, ok := strings.CutSuffix(s, suffix); ok {
			s, unit = t, u
			break
		}
	}
	n, err := strconv.ParseInt(s, 10, 64)
	return n * unit, err
}

func tail(k *call) int {
	k = k.with(numberFirst(k.args))
	o, ok := k.parse("n:c:fFqs:v", "lines=n:", "bytes=c:", "follow=f", "retry=F")
	if !ok {
		return 1
	}
	want := o.get("n", "10")
	n, err := strconv.Atoi(strings.TrimLeft(want, "+-"))
	if err != nil {
		return k.fail("invalid number '%s'", want)
	}
	code := k.each(o.rest, func(name string, r io.Reader) error {
		if len(o.rest) > 1 && !o.has("q") {
			k.printf("==> %s <==\n", name)
		}
		if o.has("c") {
			c, err := size(strings.TrimLeft(o.get("c", "0"), "+-"))
			if err != nil {
				return err
			}
			b, err := io.ReadAll(io.LimitReader(r, maxText))
			_, _ = k.out.Write(b[max(0, len(b)-int(c)):])
			return err
		}
		if strings.HasPrefix(want, "+") {
			at := 0
			return k.lines(r, func(l string) bool {
				if at++; at >= n {
					k.println(l)
				}
				return true
			})
		}
		if name != "-" && o.has("f", "F") && name == "/dev/null" {
			return nil
		}
		var last []string
		err := k.lines(r, func(l string) bool {
			last = append(last, l)
			if len(last) > n {
				last = last[1:]
			}
			return true
		})
		for _, l := range last {
			k.println(l)
		}
		return err
	})
	if o.has("f", "F") && (code == 0 || o.has("F")) {
		return k.follow(o.rest)
	}
	return code
}

// follow writes what is added to files until the command is ended.
func (k *call) follow(names []string) int {
	at := map[string]int64{}
	for _, n := range names {
		if st, err := k.c.Stat(k.abs(n)); err == nil {
			at[n] = st.Size()
		}
	}
	for sleepFor(k.ctx, 500*time.Millisecond) {
		for _, n := range names {
			st, err := k.c.Stat(k.abs(n))
			if err != nil || st.Size() == at[n] || !st.Mode().IsRegular() {
				continue
			}
			if st.Size() < at[n] {
				at[n] = 0
			}
			f, err := k.c.Open(k.abs(n), os.O_RDONLY, 0)
			if err != nil {
				continue
			}
			_, _ = io.CopyN(io.Discard, f, at[n])
			more, _ := io.Copy(k.out, f)
			at[n] += more
			_ = f.Close()
		}
	}
	return 143
}

func wc(k *call) int {
	o, ok := k.parse("lwcmL")
	if !ok {
		return 1
	}
	all := !o.has("l", "w", "c", "m")
	var total [4]int
	show := func(n [4]int, name string) {
		var cols []string
		for i, f := range []string{"l", "w", "m", "c"} {
			if o.has(f) || all && f != "m" {
				cols = append(cols, strconv.Itoa(n[i]))
			}
		}
		if len(cols) > 1 {
			for i := range cols {
				cols[i] = fmt.Sprintf("%9s", cols[i])
				if i == 0 && k.gnu() || k.gnu() {
					cols[i] = fmt.Sprintf("%7s", strings.TrimSpace(cols[i]))
				}
			}
		}
		line := strings.Join(cols, " ")
		if !k.gnu() && len(cols) > 1 {
			line = strings.Join(cols, "")
		}
		if name != "-" {
			line += " " + name
		}
		k.println(line)
	}
	code := k.each(o.rest, func(name string, r io.Reader) error {
		b, err := io.ReadAll(io.LimitReader(r, maxText))
		if err != nil {
			return err
		}
		n := [4]int{strings.Count(string(b), "\n"), len(strings.Fields(string(b))), utf8.RuneCount(b), len(b)}
		for i := range n {
			total[i] += n[i]
		}
		show(n, name)
		return nil
	})
	if len(o.rest) > 1 {
		show(total, "total")
	}
	return code
}

func tee(k *call) int {
	o, ok := k.parse("ai")
	if !ok {
		return 1
	}
	flag, code := os.O_TRUNC, 0
	if o.has("a") {
		flag = os.O_APPEND
	}
	to := []io.Writer{k.out}
	for _, n := range o.rest {
		f, err := k.create(n, flag)
		if err != nil {
			code = k.fail("%s: %s", n, reason(err))
			continue
		}
		defer f.Close()
		to = append(to, f)
	}
	_, _ = io.Copy(io.MultiWriter(to...), k.stdin())
	return code
}
