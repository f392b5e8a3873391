package shell

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"net"
	"os"
	"strings"
	"syscall"

	"mvdan.cc/sh/v3/interp"
)

func (x *session) access(_ context.Context, name string, mode interp.AccessMode) error {
	st, err := x.c.Stat(name)
	if err != nil {
		return err
	}
	if real, ok := kernel(x.c); ok {
		return real.Access(name, uint32(mode))
	}
	uid, _ := x.c.User()
	if mode&0o1 != 0 && !st.IsDir() && st.Mode()&0o111 == 0 {
		return &fs.PathError{Op: "access", Path: name, Err: syscall.EACCES}
	}
	if uid != 0 && mode&0o2 != 0 && st.Mode()&0o002 == 0 && ownerOf(st) != uid {
		return &fs.PathError{Op: "access", Path: name, Err: syscall.EACCES}
	}
	return nil
}

func ownerOf(st fs.FileInfo) int64 {
	if o, ok := st.(interface{ Owner() int64 }); ok {
		return o.Owner()
	}
	return 0
}

// open is for redirections and sourced files; every error is a *fs.PathError in the shell's words, since any other
// would end the interpreter.
func (x *session) open(ctx context.Context, name string, flag int, perm os.FileMode) (io.ReadWriteCloser, error) {
	hc := interp.HandlerCtx(ctx)
	writes := flag&(os.O_WRONLY|os.O_RDWR|os.O_CREATE) != 0
	if file, ok := strings.CutPrefix(name, sourceMark); ok {
		return x.openSource(file)
	}
	name = at(hc.Dir, name)
	switch name {
	case "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1":
		return stream{hc.Stdout}, nil
	case "/dev/stderr", "/dev/fd/2", "/proc/self/fd/2":
		return stream{hc.Stderr}, nil
	case "/proc/1/fd/1":
		if l, ok := x.c.(Logger); ok {
			return stream{l.Log("stdout")}, nil
		}
	case "/proc/1/fd/2":
		if l, ok := x.c.(Logger); ok {
			return stream{l.Log("stderr")}, nil
		}
	}
	if rest, ok := strings.CutPrefix(name, "/dev/tcp/"); ok && x.name == "bash" {
		host, port, _ := strings.Cut(rest, "/")
		conn, err := x.c.Dial(ctx, net.JoinHostPort(host, port))
		if err != nil {
			return nil, &fs.PathError{Op: x.name + ": connect:", Path: name, Err: errors.New(dialReason(err))}
		}
		return conn, nil
	}
	f, err := x.c.Open(name, flag, perm)
	if err == nil {
		return f, nil
	}
	text := reason(err)
	op := "can't open"
	switch {
	case writes && errors.Is(err, fs.ErrNotExist):
		op, text = "can't create", "nonexistent directory"
	case writes:
		op = "can't create"
	case errors.Is(err, fs.ErrNotExist):
		text = "no such file"
	}
	switch {
	case x.name == "bash":
		op, text = "line 1:", reason(err)
	case familyOf(x.c).gnu && errors.Is(err, fs.ErrNotExist):
		op, text = "cannot open", "No such file"
		if writes {
			op, text = "cannot create", "Directory nonexistent"
		}
	case familyOf(x.c).gnu:
		op = strings.Replace(op, "can't", "cannot", 1)
	}
	return nil, &fs.PathError{Op: x.name + ": " + op, Path: name, Err: errors.New(text)}
}

type stream struct{ io.Writer }

func (stream) Read([]byte) (int, error) { return 0, io.EOF }
func (stream) Close() error             { return nil }

type source struct{ *strings.Reader }

func (source) Write([]byte) (int, error) { return 0, syscall.EBADF }
func (source) Close() error              { return nil }

func (x *session) openSource(file string) (io.ReadWriteCloser, error) {
	f, err := x.c.Open(file, os.O_RDONLY, 0)
	if err != nil {
		return nil, &fs.PathError{Op: x.name + ": can't open", Path: file, Err: errors.New(reason(err))}
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, maxScript+1))
	if err != nil {
		return nil, &fs.PathError{Op: x.name + ": can't open", Path: file, Err: errors.New(reason(err))}
	}
	text, err := again(string(b), x.name)
	if err != nil {
		return nil, &fs.PathError{Op: x.name + ":", Path: file, Err: err}
	}
	return source{strings.NewReader(text)}, nil
}
