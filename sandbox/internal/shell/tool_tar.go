package shell

import (
	"archive/tar"
	"bufio"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"
)

// maxDepth bounds folders in folders.
const maxDepth = 32

// tarTool packs and unpacks, as `kubectl cp` asks for on both of its ways.
func tarTool(k *call) int {
	words := append([]string{}, k.args[1:]...)
	if len(words) > 0 && !strings.HasPrefix(words[0], "-") {
		words[0] = "-" + words[0] // The first word may come without its dash.
	}
	o, ok := parseWords(k, words, "cxtzvmpohOf:C:", []string{
		"create=c", "extract=x", "list=t", "gzip=z", "verbose=v", "touch=m", "to-stdout=O", "dereference=h", "file=f:", "directory=C:",
		"same-permissions=p", "no-same-permissions=o", "no-same-owner=o",
	})
	if !ok {
		return 1
	}
	t := &archive{call: k, options: o, folder: k.abs(o.get("C", "."))}
	if st, err := k.c.Stat(t.folder); err != nil || !st.IsDir() {
		return k.fail("can't change directory to '%s': No such file or directory", o.get("C", "."))
	}
	var err error
	switch {
	case o.has("c") && len(o.rest) == 0:
		return k.fail("empty archive")
	case o.has("c"):
		err = t.create()
	case o.has("x"), o.has("t"):
		err = t.read()
	default:
		return k.fail("need at least one option")
	}
	if err != nil {
		return k.fail("%s", err)
	}
	return t.code
}

type archive struct {
	*call
	options *options
	folder  string
	code    int
}

// file is the archive's own name; standard input or output when there is none.
func (t *archive) file() string { return t.options.get("f", "-") }

func (t *archive) create() error {
	to := io.WriteCloser(stream{t.out})
	names := t.out
	if t.file() == "-" {
		names = t.err
	} else {
		f, err := t.call.create(t.file(), os.O_TRUNC)
		if err != nil {
			return fmt.Errorf("can't open '%s': %s", t.file(), reason(err))
		}
		to = f
	}
	var compressed *gzip.Writer
	packed := io.Writer(to)
	if t.options.has("z") {
		compressed = gzip.NewWriter(to)
		packed = compressed
	}
	w := tar.NewWriter(packed)
	for _, name := range t.options.rest {
		member := path.Clean(name)
		if stripped := strings.TrimLeft(member, "/"); stripped != member {
			fmt.Fprintf(t.err, "%s: removing leading '/' from member names\n", t.name())
		}
		at := member
		if !path.IsAbs(at) {
			at = path.Join(t.folder, at)
		}
		if err := t.add(w, names, at, strings.TrimLeft(member, "/"), 0); err != nil {
			return err
		}
	}
	err := w.Close()
	if compressed != nil {
		err = errors.Join(err, compressed.Close())
	}
	return errors.Join(err, to.Close())
}

// add packs a file, or a folder with all that is in it.
func (t *archive) add(w *tar.Writer, names io.Writer, at, member string, depth int) error {
	st, err := t.lstat(at, !t.options.has("h"))
	if err != nil {
		t.code = t.fail("%s: %s", member, reason(err))
		return nil
	}
	target := ""
	if l, ok := t.c.(Links); ok && st.Mode()&fs.ModeSymlink != 0 {
		if target, err = l.Readlink(at); err != nil {
			return err
		}
	}
	header, err := tar.FileInfoHeader(st, target)
	if err != nil {
		return err
	}
	header.Name, header.Uname, header.Gname = member, "root", "root"
	if st.IsDir() {
		header.Name += "/"
	}
	if err := w.WriteHeader(header); err != nil {
		return err
	}
	if t.options.has("v") {
		fmt.Fprintln(names, header.Name)
	}
	switch {
	case st.IsDir():
		return t.addFolder(w, names, at, member, depth)
	case !st.Mode().IsRegular():
		return nil
	}
	f, err := t.open(at)
	if err != nil {
		return err
	}
	defer f.Close()
	// A file that grows meanwhile, as logs do, goes in as long as it was.
	_, err = io.CopyN(w, f, header.Size)
	return err
}

func (t *archive) addFolder(w *tar.Writer, names io.Writer, at, member string, depth int) error {
	if depth > maxDepth {
		return fmt.Errorf("%s: too many levels of folders", member)
	}
	entries, err := t.c.ReadDir(at)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if err := t.add(w, names, path.Join(at, e.Name()), path.Join(member, e.Name()), depth+1); err != nil {
			return err
		}
	}
	return nil
}

// read unpacks or lists.
func (t *archive) read() error {
	from := io.Reader(t.stdin())
	if t.file() != "-" {
		f, err := t.open(t.file())
		if err != nil {
			return fmt.Errorf("can't open '%s': %s", t.file(), reason(err))
		}
		defer f.Close()
		from = f
	}
	buffered := bufio.NewReader(from)
	if magic, _ := buffered.Peek(2); string(magic) == "\x1f\x8b" {
		z, err := gzip.NewReader(buffered)
		if err != nil {
			return err
		}
		buffered = bufio.NewReader(z)
	}
	r := tar.NewReader(buffered)
	for {
		header, err := r.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return errors.New("invalid tar magic") // As busybox says of anything that is no archive.
		}
		if !t.chosen(header.Name) {
			continue
		}
		if t.options.has("t") {
			t.list(header)
			continue
		}
		if err := t.extract(header, r); err != nil {
			return fmt.Errorf("%s: %s", header.Name, reason(err))
		}
	}
}

// chosen tells whether a member was asked for by its name or its folder's.
func (t *archive) chosen(member string) bool {
	if len(t.options.rest) == 0 {
		return true
	}
	for _, name := range t.options.rest {
		name = strings.Trim(path.Clean(name), "/")
		if m := strings.Trim(path.Clean(member), "/"); m == name || strings.HasPrefix(m, name+"/") {
			return true
		}
	}
	return false
}

func (t *archive) list(h *tar.Header) {
	if !t.options.has("v") {
		fmt.Fprintln(t.out, h.Name)
		return
	}
	owner := h.Uname + "/" + h.Gname
	fmt.Fprintf(t.out, "%s %s %9d %s %s\n", h.FileInfo().Mode(), owner, h.Size, h.ModTime.UTC().Format("2006-01-02 15:04:05"), h.Name)
}

func (t *archive) extract(h *tar.Header, content io.Reader) error {
	if t.options.has("v") {
		fmt.Fprintln(t.out, h.Name)
	}
	// Joined below the folder, a name with .. in it stays below too.
	at := path.Join(t.folder, path.Clean("/"+h.Name))
	if t.options.has("O") {
		_, err := io.Copy(t.out, content)
		return err
	}
	mode := h.FileInfo().Mode()
	switch h.Typeflag {
	case tar.TypeDir:
		return t.mkdirAll(at, mode.Perm())
	case tar.TypeSymlink:
		l, ok := t.c.(Links)
		if !ok {
			return fs.ErrInvalid
		}
		_ = t.c.Remove(at)
		return l.Symlink(h.Linkname, at)
	case tar.TypeReg:
		if err := t.mkdirAll(path.Dir(at), 0o755); err != nil {
			return err
		}
		f, err := t.c.Open(at, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, mode.Perm())
		if err != nil {
			return err
		}
		_, err = io.Copy(f, content)
		return errors.Join(err, f.Close())
	}
	return nil
}
