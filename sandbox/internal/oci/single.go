package oci

import (
	"fmt"
	"io"
	"path"

	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/tarball"
)

// Single is an image of one program that is itself, not played: an operator, say. The catalogue knows nothing of it.
type Single struct {
	Reference string   // The image's name, with a tag.
	Binary    string   // The program's file.
	Arguments []string // What comes before a container's own arguments: the role of a program that has several.
	Platform  v1.Platform
}

// Archive writes the image in the form that docker load, ctr images import and kind load image-archive read.
func (s Single) Archive(w io.Writer) error {
	tag, err := name.NewTag(s.Reference, name.StrictValidation)
	if err != nil {
		return Refused{s.Reference, err.Error()}
	}
	image, err := s.image()
	if err != nil {
		return err
	}
	if err := tarball.Write(tag, image, w); err != nil {
		return fmt.Errorf("write the archive: %w", err)
	}
	return nil
}

func (s Single) image() (v1.Image, error) {
	if err := checkProgram(s.Binary, s.Platform); err != nil {
		return nil, err
	}
	at := "/" + path.Base(s.Binary)
	program, err := newProgramLayer(s.Binary, at)
	if err != nil {
		return nil, err
	}
	config := v1.Config{Entrypoint: append([]string{at}, s.Arguments...), Env: []string{"PATH=" + searchPath}}
	return assemble(s.Platform, config, []made{{"a program by itself", program}})
}
