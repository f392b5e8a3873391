package oci

import (
	"fmt"
	"io"

	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/tarball"
)

// Pins writes an archive with the images that the catalogue names by digest and gives the references by digest by the names that they
// have in the archive. No registry can serve such a reference: the digest of a real image is that of its content.
func (b *Builder) Pins(w io.Writer) (map[string]string, error) {
	images, pins := map[name.Reference]v1.Image{}, map[string]string{}
	for pinned, ref := range b.catalogue.Pinned() {
		image, err := b.Image(ref)
		if err != nil {
			return nil, err
		}
		id, err := image.ConfigName()
		if err != nil {
			return nil, fmt.Errorf("name the configuration of %s: %w", ref, err)
		}
		tag, err := name.NewTag("kubedrill.dev/pinned:"+id.Hex, name.StrictValidation)
		if err != nil {
			return nil, Refused{ref, err.Error()}
		}
		images[tag] = image
		pins[pinned] = tag.String()
	}
	if err := tarball.MultiRefWrite(images, w); err != nil {
		return nil, fmt.Errorf("write the archive: %w", err)
	}
	return pins, nil
}
