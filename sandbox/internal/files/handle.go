package files

import (
	"io"
	"io/fs"
	"syscall"
	"time"
)

// handle is an open file in memory.
type handle struct {
	tree   *Tree
	node   *node
	at     int
	append bool
}

func (h *handle) Read(p []byte) (int, error) {
	h.tree.mu.Lock()
	defer h.tree.mu.Unlock()
	if h.at >= len(h.node.data) {
		return 0, io.EOF
	}
	n := copy(p, h.node.data[h.at:])
	h.at += n
	return n, nil
}

func (h *handle) Write(p []byte) (int, error) {
	h.tree.mu.Lock()
	defer h.tree.mu.Unlock()
	if h.append || h.at > len(h.node.data) {
		h.at = len(h.node.data)
	}
	if h.at+len(p) > maxFile {
		return 0, syscall.ENOSPC
	}
	n := copy(h.node.data[h.at:], p)
	h.node.data = append(h.node.data, p[n:]...)
	h.at += len(p)
	h.node.time = time.Now()
	return len(p), nil
}

func (h *handle) Close() error { return nil }

// null is /dev/null.
type null struct{}

func (null) Read([]byte) (int, error)    { return 0, io.EOF }
func (null) Write(p []byte) (int, error) { return len(p), nil }
func (null) Close() error                { return nil }

type info struct {
	name string
	size int64
	mode fs.FileMode
	time time.Time
}

func (n *node) info(name string) info {
	size := int64(len(n.data))
	if n.mode.IsDir() {
		size = 4096
	}
	return info{name, size, n.mode, n.time}
}

func (i info) Name() string       { return i.name }
func (i info) Size() int64        { return i.size }
func (i info) Mode() fs.FileMode  { return i.mode }
func (i info) ModTime() time.Time { return i.time }
func (i info) IsDir() bool        { return i.mode.IsDir() }
func (i info) Sys() any           { return nil }
