package oci

import (
	"fmt"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/types"
)

// made is a layer and what its line of the image's history says.
type made struct {
	by    string
	layer v1.Layer
}

// assemble makes an image of layers, the same one whenever it is made.
func assemble(platform v1.Platform, config v1.Config, layers []made) (v1.Image, error) {
	image := mutate.ConfigMediaType(mutate.MediaType(empty.Image, types.OCIManifestSchema1), types.OCIConfigJSON)
	var own []v1.Layer
	var history []v1.History
	for _, l := range layers {
		own = append(own, l.layer)
		history = append(history, v1.History{CreatedBy: l.by, Created: v1.Time{Time: built}})
	}
	image, err := mutate.AppendLayers(image, own...)
	if err != nil {
		return nil, fmt.Errorf("put the layers together: %w", err)
	}
	file, err := image.ConfigFile()
	if err != nil {
		return nil, fmt.Errorf("read the image's configuration: %w", err)
	}
	file = file.DeepCopy()
	file.OS, file.Architecture, file.Variant = platform.OS, platform.Architecture, platform.Variant
	file.Created, file.History, file.Config = v1.Time{Time: built}, history, config
	if image, err = mutate.ConfigFile(image, file); err != nil {
		return nil, fmt.Errorf("set the image's configuration: %w", err)
	}
	return image, nil
}
