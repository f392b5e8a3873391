package oci

import (
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"testing"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/tarball"
)

func TestAProgramByItselfBecomesAnImageThatRunsIt(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("SKIPPED: the program of an image is one for Linux")
	}
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	single := Single{
		Reference: "kubedrill.dev/operator:1", Binary: program, Arguments: []string{"role"},
		Platform: v1.Platform{OS: "linux", Architecture: runtime.GOARCH},
	}
	archive := filepath.Join(t.TempDir(), "operator.tar")
	f, err := os.Create(archive)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := single.Archive(f); err != nil {
		t.Fatal(err)
	}
	image, err := tarball.ImageFromPath(archive, nil)
	if err != nil {
		t.Fatal(err)
	}
	config, err := image.ConfigFile()
	if err != nil {
		t.Fatal(err)
	}
	at := "/" + filepath.Base(program)
	if want := []string{at, "role"}; !slices.Equal(config.Config.Entrypoint, want) {
		t.Errorf("entrypoint %q, want %q", config.Config.Entrypoint, want)
	}
	if _, there := contents(t, image)[at]; !there {
		t.Errorf("the program is not at %s", at)
	}
	single.Reference = "no tag at all"
	if err := single.Archive(f); err == nil {
		t.Error("a name that is none was taken")
	}
}
