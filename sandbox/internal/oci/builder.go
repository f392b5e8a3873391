// Package oci makes real container images of what the catalogue says: one program that plays them all, links to it by the names of
// each image's tools, and the image's own configuration. It serves them as a registry and writes them as an archive, and knows nothing
// of what the program does.
package oci

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/distribution/reference"
	v1 "github.com/google/go-containerregistry/pkg/v1"

	"kubedrill.dev/sandbox/internal/catalogue"
	"kubedrill.dev/sandbox/internal/live"
)

// Where the program and the image's behaviour lie in every image.
const (
	ProgramPath  = live.Program
	BehaviorPath = "/.kubedrill/image.json"
)

// searchPath is that of every image.
const searchPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

// built is the time that all images and their files bear: the same input gives the same digests.
var built = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// Builder makes images. It is safe for concurrent use.
type Builder struct {
	catalogue catalogue.Catalogue
	platform  v1.Platform
	program   v1.Layer
	mu        sync.Mutex
	bases     map[string]v1.Layer
	images    map[string]v1.Image // By the digest of their configuration: the same image is made once.
}

// NewBuilder makes images for a platform out of a Linux program that plays them.
func NewBuilder(c catalogue.Catalogue, binary string, platform v1.Platform) (*Builder, error) {
	if err := checkProgram(binary, platform); err != nil {
		return nil, err
	}
	program, err := newProgramLayer(binary, ProgramPath)
	if err != nil {
		return nil, err
	}
	return &Builder{catalogue: c, platform: platform, program: program, bases: map[string]v1.Layer{}, images: map[string]v1.Image{}}, nil
}

// Refused says why there is no image for a reference.
type Refused struct {
	Reference string
	Reason    string
}

func (e Refused) Error() string { return fmt.Sprintf("image %s: %s", e.Reference, e.Reason) }

// Image makes the image that a reference names; one that the catalogue lacks runs as a process that does nothing.
func (b *Builder) Image(ref string) (v1.Image, error) {
	if _, err := reference.ParseNormalizedNamed(ref); err != nil {
		return nil, Refused{ref, err.Error()}
	}
	im := b.find(ref)
	if im.Absent {
		return nil, Refused{ref, "the catalogue says that the registry has no such image"}
	}
	return b.make(im)
}

func (b *Builder) find(ref string) *catalogue.Image {
	if ref == LoadReference {
		return loadImage()
	}
	return b.catalogue.Find(ref)
}

func (b *Builder) make(im *catalogue.Image) (v1.Image, error) {
	base, err := b.base(im)
	if err != nil {
		return nil, err
	}
	own, err := ownLayer(im)
	if err != nil {
		return nil, err
	}
	layers := []made{{"kubedrill's program", b.program}, {"tools", base}, {"the image's own files", own}}
	image, err := assemble(b.platform, config(im), layers)
	if err != nil {
		return nil, err
	}
	name, err := image.ConfigName()
	if err != nil {
		return nil, fmt.Errorf("name the image's configuration: %w", err)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if same := b.images[name.Hex]; same != nil {
		return same, nil
	}
	b.images[name.Hex] = image
	return image, nil
}

// config is what a container runtime reads of the image.
func config(im *catalogue.Image) v1.Config {
	c := v1.Config{Entrypoint: im.Entrypoint, Cmd: im.Cmd, WorkingDir: im.WorkingDir, Env: []string{"PATH=" + searchPath}}
	for _, name := range slices.Sorted(maps.Keys(im.Env)) {
		c.Env = append(c.Env, name+"="+im.Expand(im.Env[name], catalogue.Values{}))
	}
	if im.User != nil {
		c.User = fmt.Sprintf("%d:%d", *im.User, *im.User)
	}
	if len(im.Ports) > 0 {
		c.ExposedPorts = map[string]struct{}{}
		for _, p := range im.Ports {
			c.ExposedPorts[strconv.Itoa(int(p))+"/tcp"] = struct{}{}
		}
	}
	return c
}

// base is the layer with the folders and tools of the image's base, which all images on it share.
func (b *Builder) base(im *catalogue.Image) (v1.Layer, error) {
	key := im.Base
	if key == "" && len(im.Tools) > 0 {
		key = "few"
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if layer := b.bases[key]; layer != nil {
		return layer, nil
	}
	layer, err := baseLayer(im)
	if err == nil {
		b.bases[key] = layer
	}
	return layer, err
}
