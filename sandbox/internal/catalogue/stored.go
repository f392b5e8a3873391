package catalogue

import (
	"encoding/json"
	"fmt"
)

// stored is an image as a real one carries it along: resolved, with what the catalogue's file keeps elsewhere.
type stored struct {
	*Image
	Variants map[string]*Image `json:"variants,omitempty"`
	Unlisted bool              `json:"unlisted,omitempty"`
	Tag      string            `json:"tag,omitempty"`
}

// Encode writes one image such that Decode reads it without the catalogue. It leaves out what only a registry knows.
func (im *Image) Encode() ([]byte, error) {
	bare := *im
	bare.Private, bare.Tags, bare.Digest = nil, nil, ""
	variants := map[string]*Image{}
	for word, v := range im.variants {
		one := *v
		one.Private, one.Tags, one.Digest = nil, nil, ""
		variants[word] = &one
	}
	return json.Marshal(stored{Image: &bare, Variants: variants, Unlisted: im.Unlisted, Tag: im.Tag})
}

// Decode reads what Encode wrote.
func Decode(text []byte) (*Image, error) {
	s := stored{Image: &Image{}}
	if err := json.Unmarshal(text, &s); err != nil {
		return nil, fmt.Errorf("read an image's behaviour: %w", err)
	}
	s.Image.variants, s.Image.Unlisted, s.Image.Tag = s.Variants, s.Unlisted, s.Tag
	return s.Image, nil
}
