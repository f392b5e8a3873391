package nginx

import (
	"errors"
	"io/fs"
	"net/http"
	"path"
	"strings"
)

// mostFile is how much of a file is sent.
const mostFile = 32 << 20

// static answers with a file; false when another location has to be looked for.
func (x *exchange) static() bool {
	if strings.HasSuffix(x.path, "/") {
		return x.index()
	}
	if x.in.Method != http.MethodGet && x.in.Method != http.MethodHead {
		x.fail(http.StatusMethodNotAllowed)
		return true
	}
	name := x.file(x.path)
	st, err := x.host.Stat(name)
	switch {
	case err != nil:
		x.cannotOpen(name, err)
	case st.IsDir():
		location := escaped(x.path) + "/"
		if x.args != "" {
			location += "?" + x.args
		}
		x.redirect(http.StatusMovedPermanently, location)
	case !st.Mode().IsRegular():
		x.note("crit", "\""+name+"\" is not a regular file")
		x.fail(http.StatusNotFound)
	default:
		body, err := text(x.host, name, mostFile)
		if err != nil {
			x.cannotOpen(name, err)
			return true
		}
		x.out.Status, x.out.Body = http.StatusOK, body
		x.out.Header.Set("Content-Type", x.contentType(x.path))
		x.out.Header.Set("Last-Modified", st.ModTime().UTC().Format(http.TimeFormat))
	}
	return true
}

func (x *exchange) cannotOpen(name string, err error) {
	x.note("error", "open() \""+name+"\" failed ("+reason(err)+")")
	if errors.Is(err, fs.ErrPermission) {
		x.fail(http.StatusForbidden)
		return
	}
	x.fail(http.StatusNotFound)
}

// index looks for the file that stands for a folder.
func (x *exchange) index() bool {
	names := []string{"index.html"}
	if list := x.here().all("index"); len(list) > 0 {
		names = nil
		for _, d := range list {
			names = append(names, d.args...)
		}
	}
	folder := x.file(x.path)
	for i, name := range names {
		name = x.expand(name)
		if strings.HasPrefix(name, "/") && i == len(names)-1 {
			return x.inward(name)
		}
		if st, err := x.host.Stat(path.Join(folder, name)); err == nil && !st.IsDir() {
			return x.inward(x.path + name)
		}
	}
	if _, err := x.host.Stat(folder); err != nil {
		name := folder
		if len(names) > 0 {
			name = strings.TrimSuffix(folder, "/") + "/" + names[0]
		}
		x.note("error", "\""+name+"\" is not found ("+reason(err)+")")
		x.fail(http.StatusNotFound)
		return true
	}
	if x.here().on("autoindex", false) {
		return x.list(folder)
	}
	x.note("error", "directory index of \""+folder+"\" is forbidden")
	x.fail(http.StatusForbidden)
	return true
}

// try looks for the first of some files; done is false when the location's own way to answer is to go on, final as content has it.
func (x *exchange) try(d *directive) (done, final bool) {
	last := len(d.args) - 1
	for _, word := range d.args[:last] {
		name := x.expand(word)
		folder := strings.HasSuffix(name, "/")
		st, err := x.host.Stat(x.file(name))
		if err == nil && st.IsDir() == folder {
			x.path, x.rewritten = name, true
			return false, false
		}
	}
	to := x.expand(d.args[last])
	if code, ok := strings.CutPrefix(to, "="); ok {
		x.fail(max(number(code), 100))
		return true, true
	}
	return true, x.inward(to)
}

// contentType is what the extension of a path means.
func (x *exchange) contentType(of string) string {
	kind := x.here().word("default_type", "text/plain")
	ext := strings.ToLower(strings.TrimPrefix(path.Ext(of), "."))
	for _, types := range x.here().all("types") {
		for _, d := range types.block {
			for _, one := range d.args {
				if one == ext && ext != "" {
					kind = d.name
				}
			}
		}
	}
	kind = x.expand(kind)
	if charset := x.here().word("charset", "off"); charset != "off" && strings.HasPrefix(kind, "text/") && !strings.Contains(kind, "charset") {
		kind += "; charset=" + charset
	}
	return kind
}
