package catalogue

import (
	_ "embed"
	"fmt"
	"os"

	"github.com/distribution/reference"
	"k8s.io/apimachinery/pkg/api/resource"
	"sigs.k8s.io/yaml"
)

//go:embed default.yaml
var builtin []byte

// Catalogue holds images by normalised reference.
type Catalogue map[string]*Image

// Normalise gives the reference as a registry client sees it: with host, repository and tag.
func Normalise(ref string) (string, error) {
	named, err := reference.ParseNormalizedNamed(ref)
	if err != nil {
		return "", err
	}
	return reference.TagNameOnly(named).String(), nil
}

// Repository gives the normalised reference without its tag or digest.
func Repository(ref string) string {
	named, err := reference.ParseNormalizedNamed(ref)
	if err != nil {
		return ref
	}
	return named.Name()
}

// Load reads a catalogue file; the built-in catalogue when path is empty.
func Load(path string) (Catalogue, error) {
	raw := builtin
	if path != "" {
		b, err := os.ReadFile(path)
		if err != nil {
			return nil, fmt.Errorf("read image catalogue: %w", err)
		}
		raw = b
	} else {
		path = "built-in"
	}
	c, err := Parse(raw)
	if err != nil {
		return nil, fmt.Errorf("image catalogue %s: %w", path, err)
	}
	return c, nil
}

// Parse reads a catalogue; an unknown key is an error.
func Parse(raw []byte) (Catalogue, error) {
	var file struct {
		Images map[string]*Image `json:"images"`
	}
	if err := yaml.UnmarshalStrict(raw, &file); err != nil {
		return nil, err
	}
	c := Catalogue{}
	for ref, image := range file.Images {
		name, err := Normalise(ref)
		if err != nil {
			return nil, fmt.Errorf("image %q: %w", ref, err)
		}
		if c[name] != nil {
			return nil, fmt.Errorf("image %q: listed twice as %s", ref, name)
		}
		if image == nil {
			image = &Image{}
		}
		image.complete()
		c[name] = image
	}
	return c, nil
}

// Find returns the entry; an image that is not listed runs as a plain long-lived process.
func (c Catalogue) Find(ref string) *Image {
	if image, ok := c[ref]; ok {
		return image
	}
	if name, err := Normalise(ref); err == nil {
		if image, ok := c[name]; ok {
			return image
		}
	}
	image := &Image{Memory: resource.MustParse("8Mi"), Unlisted: true}
	image.complete()
	return image
}
