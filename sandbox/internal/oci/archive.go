package oci

import (
	"fmt"
	"io"
	"strings"

	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/tarball"

	"kubedrill.dev/sandbox/internal/catalogue"
)

// Archive writes images in the form that docker load, ctr images import and kind load image-archive read. What only a registry can say
// of an image, that it is absent or private, cannot be in an archive: such a reference is refused.
func (b *Builder) Archive(w io.Writer, refs []string) error {
	images := map[name.Reference]v1.Image{}
	for _, ref := range refs {
		full, err := catalogue.Normalise(ref)
		if err != nil {
			return Refused{ref, err.Error()}
		}
		if strings.Contains(full, "@") {
			return Refused{ref, "an archive names images by tag, not by digest"}
		}
		if b.find(full).Private != nil {
			return Refused{ref, "it is private: in an archive no pull would ask for its account; let the registry serve it"}
		}
		image, err := b.Image(full)
		if err != nil {
			return err
		}
		tag, err := name.NewTag(full, name.StrictValidation)
		if err != nil {
			return Refused{ref, err.Error()}
		}
		images[tag] = image
	}
	if err := tarball.MultiRefWrite(images, w); err != nil {
		return fmt.Errorf("write the archive: %w", err)
	}
	return nil
}
