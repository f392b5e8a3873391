package oci

import (
	"k8s.io/apimachinery/pkg/api/resource"

	"kubedrill.dev/sandbox/internal/catalogue"
)

// LoadReference names the image of the load generator, which is kubedrill's own and in no catalogue.
const LoadReference = "kubedrill.dev/load:v1"

func loadImage() *catalogue.Image {
	return &catalogue.Image{Base: "none", Entrypoint: []string{ProgramPath, "load"}, Programs: []string{}, Memory: resource.MustParse("4Mi")}
}
