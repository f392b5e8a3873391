package nginx

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"syscall"
)

const (
	prefix      = "/etc/nginx" // What relative names in the configuration are below.
	mainFile    = prefix + "/nginx.conf"
	commandLine = "command line"

	deepest        = 10      // Includes within includes.
	deepestBlock   = 32      // Blocks within blocks.
	mostFiles      = 256     // Of one configuration.
	mostDirectives = 20_000  // Of one configuration.
	mostText       = 1 << 20 // Of one file.
)

// Files are what a container sees.
type Files interface {
	Open(name string, flag int, perm fs.FileMode) (io.ReadWriteCloser, error)
	Stat(name string) (fs.FileInfo, error)
	ReadDir(name string) ([]fs.DirEntry, error)
}

// directive is a statement, with its block if it has one.
type directive struct {
	name  string
	args  []string
	block []*directive
	file  string
	line  int
}

func (d *directive) mistake(format string, a ...any) *Mistake {
	return &Mistake{fmt.Sprintf(format, a...), d.file, d.line}
}

// reader reads files into directives, and checks each as nginx does while it reads.
type reader struct {
	files    Files
	shipped  map[string]string // The files that came with the image.
	seen     []string          // The files that were read.
	changed  bool              // One of them is not as it came with the image.
	open     int
	statemts int
}

// text is a whole file.
func text(files Files, name string, most int64) ([]byte, error) {
	f, err := files.Open(name, os.O_RDONLY, 0)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	return io.ReadAll(io.LimitReader(f, most))
}

// file reads a file into a block at a place; by is who asked for it.
func (r *reader) file(name string, place byte, by *lexer) ([]*directive, error) {
	content, err := text(r.files, name, mostText)
	if err == nil && (r.open >= deepest || len(r.seen) >= mostFiles) {
		err = syscall.EMFILE
	}
	if err != nil {
		m := &Mistake{Text: fmt.Sprintf("open() \"%s\" failed (%s)", name, reason(err))}
		if by != nil {
			m.File, m.Line = by.file, by.line
		}
		return nil, m
	}
	r.seen = append(r.seen, name)
	r.changed = r.changed || r.shipped[name] != string(content)
	r.open++
	defer func() { r.open-- }()
	return r.block(&lexer{file: name, text: string(content), line: 1}, place, 0)
}

// block reads statements to the end of a block, or of the file.
func (r *reader) block(l *lexer, place byte, depth int) ([]*directive, error) {
	var list []*directive
	for {
		words, end, mistake := l.statement()
		switch {
		case mistake != nil:
			return nil, mistake
		case end == 0 && depth > 0:
			return nil, l.mistake(`unexpected end of file, expecting "}"`)
		case end == 0:
			return list, nil
		case end == '}' && depth == 0:
			return nil, l.mistake(`unexpected "}"`)
		case end == '}':
			return list, nil
		}
		if r.statemts++; r.statemts > mostDirectives || depth > deepestBlock {
			return nil, l.mistake("kubedrill reads no configuration that is as large as this one")
		}
		if words[0] == "include" && end == ';' && len(words) == 2 {
			more, err := r.include(l, words[1], place)
			if err != nil {
				return nil, err
			}
			list = append(list, more...)
			continue
		}
		d := &directive{name: words[0], args: words[1:], file: l.file, line: l.line}
		f := form{block: end == '{', inner: inFree}
		if place != inFree {
			var err *Mistake
			if f, err = check(l, d, place, end); err != nil {
				return nil, err
			}
		}
		if f.block {
			var err error
			if d.block, err = r.block(l, f.inner, depth+1); err != nil {
				return nil, err
			}
		}
		list = append(list, d)
	}
}

// check says what is wrong with a directive at its place.
func check(l *lexer, d *directive, place, end byte) (form, *Mistake) {
	f, known, here := formOf(d.name, place)
	switch {
	case !known && d.name != "include":
		return f, l.mistake(`unknown directive "%s"`, d.name)
	case d.name == "include" && end == ';':
		return f, l.mistake(`invalid number of arguments in "%s" directive`, d.name)
	case known && !here:
		return f, l.mistake(`"%s" directive is not allowed here`, d.name)
	case !f.block && end == '{':
		return f, l.mistake(`directive "%s" is not terminated by ";"`, d.name)
	case f.block && end == ';':
		return f, l.mistake(`directive "%s" has no opening "{"`, d.name)
	case len(d.args) < f.least || len(d.args) > f.most:
		return f, l.mistake(`invalid number of arguments in "%s" directive`, d.name)
	case f.flag && !slices.Contains([]string{"on", "off"}, strings.ToLower(d.args[0])):
		return f, l.mistake(`invalid value "%s" in "%s" directive, it must be "on" or "off"`, d.args[0], d.name)
	}
	return f, nil
}

// include reads the files that a name or pattern means.
func (r *reader) include(l *lexer, name string, place byte) ([]*directive, error) {
	name = below(name)
	if !strings.ContainsAny(name, "*?[") {
		return r.file(name, place, l)
	}
	var list []*directive
	for _, found := range r.glob(name) {
		more, err := r.file(found, place, l)
		if err != nil {
			return nil, err
		}
		list = append(list, more...)
	}
	return list, nil
}

// below is a name as the configuration has it, below nginx' own folder unless it is absolute.
func below(name string) string {
	if path.IsAbs(name) {
		return name
	}
	return path.Join(prefix, name)
}

// glob is the files that a pattern means; a folder above the last may be a pattern, too.
func (r *reader) glob(pattern string) []string {
	folders := []string{"/"}
	parts := strings.Split(strings.Trim(path.Clean(pattern), "/"), "/")
	for i, part := range parts {
		var next []string
		for _, folder := range folders {
			if !strings.ContainsAny(part, "*?[") {
				next = append(next, path.Join(folder, part))
				continue
			}
			entries, err := r.files.ReadDir(folder)
			if err != nil {
				continue
			}
			for _, e := range entries {
				ok, err := path.Match(part, e.Name())
				if err == nil && ok && (e.Name()[0] != '.' || part[0] == '.') && len(next) < mostFiles {
					next = append(next, path.Join(folder, e.Name()))
				}
			}
		}
		if folders = next; i == len(parts)-1 {
			folders = slices.DeleteFunc(folders, func(name string) bool { _, err := r.files.Stat(name); return err != nil })
		}
	}
	slices.Sort(folders)
	return folders
}

// reason is what the kernel says of an error, with its number.
func reason(err error) string {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "2: No such file or directory"
	case errors.Is(err, fs.ErrPermission):
		return "13: Permission denied"
	case errors.Is(err, syscall.EISDIR):
		return "21: Is a directory"
	case errors.Is(err, syscall.ENOTDIR):
		return "20: Not a directory"
	case errors.Is(err, syscall.EMFILE):
		return "24: Too many open files"
	case errors.Is(err, syscall.ELOOP):
		return "40: Too many levels of symbolic links"
	}
	return "5: Input/output error"
}
