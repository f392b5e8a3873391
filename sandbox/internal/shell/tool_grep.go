package shell

import (
	"io"
	"regexp"
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
