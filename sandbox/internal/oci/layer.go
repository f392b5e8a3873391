package oci

import (
	"archive/tar"
	"bytes"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/static"
	"github.com/google/go-containerregistry/pkg/v1/types"

	"kubedrill.dev/sandbox/internal/catalogue"
	"kubedrill.dev/sandbox/internal/files"
	"kubedrill.dev/sandbox/internal/shell"
)

// layerType is that of a layer without compression: it travels over a loopback interface at most.
const layerType = types.OCIUncompressedLayer

// content collects what a layer holds.
type content struct {
	entries map[string]tar.Header
	data    map[string][]byte
}

func newContent() *content {
	return &content{entries: map[string]tar.Header{}, data: map[string][]byte{}}
}

// add puts an entry in, and the folders above it.
func (c *content) add(h tar.Header, data []byte) {
	h.Name = place(h.Name)
	for dir := path.Dir(h.Name); dir != "/" && dir != "."; dir = path.Dir(dir) {
		if _, there := c.entries[dir]; !there {
			c.entries[dir] = tar.Header{Name: dir, Typeflag: tar.TypeDir, Mode: 0o755}
		}
	}
	h.Size = int64(len(data))
	c.entries[h.Name], c.data[h.Name] = h, data
}

// place is where a path lies: as on a merged Debian, /bin and /sbin are links.
func place(name string) string {
	name = path.Clean("/" + name)
	for _, dir := range []string{"/bin", "/sbin"} {
		if strings.HasPrefix(name, dir+"/") {
			return "/usr" + name
		}
	}
	return name
}

func (c *content) folder(name string, mode int64, uid int) {
	c.add(tar.Header{Name: name, Typeflag: tar.TypeDir, Mode: mode, Uid: uid, Gid: uid}, nil)
}

func (c *content) link(name, target string) {
	c.add(tar.Header{Name: name, Typeflag: tar.TypeSymlink, Linkname: target, Mode: 0o777}, nil)
}

func (c *content) file(name, text string, mode int64) {
	c.add(tar.Header{Name: name, Typeflag: tar.TypeReg, Mode: mode}, []byte(text))
}

// layer writes the entries, folders before what is in them.
func (c *content) layer() (v1.Layer, error) {
	var out bytes.Buffer
	w := tar.NewWriter(&out)
	for _, name := range slices.Sorted(maps.Keys(c.entries)) {
		h := c.entries[name]
		h.Name, h.ModTime, h.Format = strings.TrimPrefix(h.Name, "/"), built, tar.FormatPAX
		if h.Typeflag == tar.TypeDir {
			h.Name += "/"
		}
		if err := w.WriteHeader(&h); err != nil {
			return nil, fmt.Errorf("write %s into a layer: %w", name, err)
		}
		if _, err := w.Write(c.data[name]); err != nil {
			return nil, fmt.Errorf("write %s into a layer: %w", name, err)
		}
	}
	if err := w.Close(); err != nil {
		return nil, fmt.Errorf("end a layer: %w", err)
	}
	return static.NewLayer(out.Bytes(), layerType), nil
}

// baseLayer has the usual folders, and links to the program by the names of the base's tools.
func baseLayer(im *catalogue.Image) (v1.Layer, error) {
	c := newContent()
	for _, dir := range files.SystemFolders {
		if dir != "/bin" && dir != "/sbin" {
			c.folder(dir, 0o755, 0)
		}
	}
	c.folder("/usr/sbin", 0o755, 0)
	c.folder("/root", 0o700, 0)
	for _, dir := range []string{"/tmp", "/var/tmp"} {
		c.folder(dir, 0o777|int64(tarSticky), 0)
	}
	c.link("/bin", "usr/bin")
	c.link("/sbin", "usr/sbin")
	c.link("/var/run", "/run")
	bare := &catalogue.Image{Base: im.Base, Entrypoint: []string{"-"}}
	if im.Base == "" && len(im.Tools) > 0 {
		bare.Tools = []string{"true"}
	}
	for _, name := range shell.Programs(bare) {
		c.link(name, ProgramPath)
	}
	return c.layer()
}

const tarSticky = 0o1000

// ownLayer is what one image has beside its base: its behaviour, files, programs and working folder.
func ownLayer(im *catalogue.Image) (v1.Layer, error) {
	c := newContent()
	behaviour, err := im.Encode()
	if err != nil {
		return nil, fmt.Errorf("write the image's behaviour: %w", err)
	}
	c.file(BehaviorPath, string(behaviour), 0o444)
	for _, name := range shell.Programs(im) {
		if name != ProgramPath {
			c.link(name, ProgramPath)
		}
	}
	for name, text := range im.Content() {
		c.file(name, text, 0o644)
	}
	if dir := im.WorkingDir; dir != "" {
		uid := 0
		if im.User != nil {
			uid = int(*im.User)
		}
		c.folder(dir, 0o755, uid)
	}
	return c.layer()
}
