package shell

import (
	"io/fs"
	"path"
	"strconv"
	"strings"
)

func find(k *call) int {
	var names []string
	words := k.args[1:]
	for len(words) > 0 && !strings.HasPrefix(words[0], "-") {
		names, words = append(names, words[0]), words[1:]
	}
	if len(names) == 0 {
		names = []string{"."}
	}
	pattern, kind, deepest := "", "", 32
	for i := 0; i < len(words); i++ {
		value := ""
		if i+1 < len(words) {
			value = words[i+1]
		}
		switch words[i] {
		case "-name", "-iname":
			pattern = value
			i++
		case "-type":
			kind = value
			i++
		case "-maxdepth":
			deepest, _ = strconv.Atoi(value)
			i++
		case "-print":
		default:
			return k.fail("unrecognized: %s", words[i])
		}
	}
	code, seen := 0, 0
	var walk func(name string, depth int)
	walk = func(name string, depth int) {
		st, err := k.lstat(name, true)
		if err != nil {
			code = k.fail("%s: %s", name, reason(err))
			return
		}
		match := pattern == ""
		if !match {
			match, _ = path.Match(pattern, path.Base(name))
		}
		switch kind {
		case "f":
			match = match && st.Mode().IsRegular()
		case "d":
			match = match && st.IsDir()
		case "l":
			match = match && st.Mode()&fs.ModeSymlink != 0
		}
		if match {
			k.println(name)
		}
		if seen++; !st.IsDir() || depth >= deepest || seen > 20_000 || k.ctx.Err() != nil {
			return
		}
		entries, err := k.c.ReadDir(k.abs(name))
		if err != nil {
			code = k.fail("%s: %s", name, reason(err))
			return
		}
		for _, e := range entries {
			walk(strings.TrimSuffix(name, "/")+"/"+e.Name(), depth+1)
		}
	}
	for _, n := range names {
		walk(n, 0)
	}
	return code
}
