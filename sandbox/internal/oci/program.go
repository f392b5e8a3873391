package oci

import (
	"archive/tar"
	"bytes"
	"debug/elf"
	"fmt"
	"io"
	"os"
	"path"
	"strings"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/types"
)

var machines = map[string]elf.Machine{"amd64": elf.EM_X86_64, "arm64": elf.EM_AARCH64}

// checkProgram tells whether a file can be the program of a container on that platform.
func checkProgram(binary string, platform v1.Platform) error {
	machine, known := machines[platform.Architecture]
	if platform.OS != "linux" || !known {
		return fmt.Errorf("platform %s: use linux/amd64 or linux/arm64", platform)
	}
	f, err := elf.Open(binary)
	if err != nil {
		return fmt.Errorf("read the program %s: %w; it must be one for Linux: build ./cmd/app with GOOS=linux GOARCH=%s CGO_ENABLED=0", binary, err, platform.Architecture)
	}
	defer f.Close()
	if f.Machine != machine {
		return fmt.Errorf("the program %s is for %s and not for %s", binary, f.Machine, platform)
	}
	for _, p := range f.Progs {
		if p.Type == elf.PT_INTERP {
			return fmt.Errorf("the program %s needs shared libraries, which no image has: build it with CGO_ENABLED=0", binary)
		}
	}
	return nil
}

// programLayer holds the program alone. It is read from the file whenever it is asked for, so that nobody keeps it in memory.
type programLayer struct {
	file         string
	head         []byte
	size         int64
	pad          []byte
	digest       v1.Hash
	uncompressed int64
}

func newProgramLayer(file, at string) (*programLayer, error) {
	st, err := os.Stat(file)
	if err != nil {
		return nil, fmt.Errorf("read the program: %w", err)
	}
	var head bytes.Buffer
	w := tar.NewWriter(&head)
	headers := []tar.Header{{Name: strings.TrimPrefix(at, "/"), Typeflag: tar.TypeReg, Mode: 0o755, Size: st.Size(), ModTime: built, Format: tar.FormatPAX}}
	if dir := strings.TrimPrefix(path.Dir(at), "/"); dir != "" {
		headers = append([]tar.Header{{Name: dir + "/", Typeflag: tar.TypeDir, Mode: 0o755, ModTime: built, Format: tar.FormatPAX}}, headers...)
	}
	for _, h := range headers {
		if err := w.WriteHeader(&h); err != nil {
			return nil, fmt.Errorf("begin the program's layer: %w", err)
		}
	}
	const block = 512
	l := &programLayer{file: file, head: head.Bytes(), size: st.Size(), pad: make([]byte, (block-st.Size()%block)%block+2*block)}
	l.uncompressed = int64(len(l.head)) + l.size + int64(len(l.pad))
	r, err := l.Uncompressed()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	l.digest, _, err = v1.SHA256(r)
	return l, err
}

// Uncompressed opens the layer.
func (l *programLayer) Uncompressed() (io.ReadCloser, error) {
	f, err := os.Open(l.file)
	if err != nil {
		return nil, fmt.Errorf("read the program: %w", err)
	}
	return struct {
		io.Reader
		io.Closer
	}{io.MultiReader(bytes.NewReader(l.head), io.LimitReader(f, l.size), bytes.NewReader(l.pad)), f}, nil
}

// Compressed opens the layer, which is not compressed.
func (l *programLayer) Compressed() (io.ReadCloser, error) { return l.Uncompressed() }

// Digest is that of the layer as it is.
func (l *programLayer) Digest() (v1.Hash, error) { return l.digest, nil }

// DiffID is the same.
func (l *programLayer) DiffID() (v1.Hash, error) { return l.digest, nil }

// Size is the layer's length.
func (l *programLayer) Size() (int64, error) { return l.uncompressed, nil }

// MediaType says that it is not compressed.
func (l *programLayer) MediaType() (types.MediaType, error) { return layerType, nil }
