package oci

import (
	"archive/tar"
	"bytes"
	"errors"
	"io"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-containerregistry/pkg/authn"
	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/google/go-containerregistry/pkg/v1/remote/transport"
	"github.com/google/go-containerregistry/pkg/v1/tarball"

	"kubedrill.dev/sandbox/internal/catalogue"
)

// builder makes images out of this test's own program.
func builder(t *testing.T) *Builder {
	t.Helper()
	if runtime.GOOS != "linux" {
		t.Skip("SKIPPED: the program of an image is one for Linux")
	}
	c, err := catalogue.Load(filepath.Join("..", "..", "..", "labs", "images.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	b, err := NewBuilder(c, program, v1.Platform{OS: "linux", Architecture: runtime.GOARCH})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// contents are the names of an image's files, with where links lead.
func contents(t *testing.T, image v1.Image) map[string]string {
	t.Helper()
	flat := mutate.Extract(image)
	defer flat.Close()
	out := map[string]string{}
	for r := tar.NewReader(flat); ; {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			return out
		}
		if err != nil {
			t.Fatal(err)
		}
		out["/"+strings.TrimSuffix(h.Name, "/")] = h.Linkname
	}
}

func TestAnArchiveHoldsImagesThatShareTheProgram(t *testing.T) {
	b := builder(t)
	refs := []string{"nginx:1.27", "busybox:1.36", "registry.shop.example/shop/web:v2.0.0"}
	file := filepath.Join(t.TempDir(), "archive.tar")
	f, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := b.Archive(f, refs); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	program := ""
	for _, ref := range refs {
		full, _ := catalogue.Normalise(ref)
		tag, err := name.NewTag(full)
		if err != nil {
			t.Fatal(err)
		}
		image, err := tarball.ImageFromPath(file, &tag)
		if err != nil {
			t.Fatalf("%s: %v", ref, err)
		}
		layers, err := image.Layers()
		if err != nil {
			t.Fatal(err)
		}
		first, err := layers[0].DiffID()
		if err != nil {
			t.Fatal(err)
		}
		if program != "" && program != first.String() {
			t.Errorf("%s has a program of its own", ref)
		}
		program = first.String()
	}
	whole, err := os.Stat(file)
	if err != nil {
		t.Fatal(err)
	}
	if size, _ := b.program.Size(); whole.Size() > size+3<<20 {
		t.Errorf("the archive has %d bytes for a program of %d", whole.Size(), size)
	}
}

func TestAnImageHasTheToolsAndSettingsOfTheCatalogue(t *testing.T) {
	b := builder(t)
	image, err := b.Image("nginx:1.27")
	if err != nil {
		t.Fatal(err)
	}
	has := contents(t, image)
	for _, tool := range []string{"/usr/bin/sh", "/usr/bin/bash", "/usr/bin/curl", "/docker-entrypoint.sh"} {
		if has[tool] != ProgramPath {
			t.Errorf("%s leads to %q", tool, has[tool])
		}
	}
	for _, tool := range []string{"/usr/bin/nslookup", "/usr/bin/wget", "/usr/bin/ps"} {
		if _, there := has[tool]; there {
			t.Errorf("the image has %s", tool)
		}
	}
	file, err := image.ConfigFile()
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(append(file.Config.Entrypoint, file.Config.Cmd...), " "); got != "/docker-entrypoint.sh nginx -g daemon off;" {
		t.Errorf("it runs %q", got)
	}
	if _, open := file.Config.ExposedPorts["80/tcp"]; !open || file.Architecture != runtime.GOARCH {
		t.Errorf("ports %v, architecture %s", file.Config.ExposedPorts, file.Architecture)
	}
	again, err := builder(t).Image("docker.io/library/nginx:1.27")
	if err != nil {
		t.Fatal(err)
	}
	one, _ := image.Digest()
	other, _ := again.Digest()
	if one != other {
		t.Error("the same image is not the same twice")
	}
}

func TestWhatOnlyARegistryCanSayIsRefusedInAnArchive(t *testing.T) {
	b := builder(t)
	for ref, why := range map[string]string{
		"nginx:lates": "no such image", "registry.shop.example/internal/worker:v1.8.0": "private",
		"nginx@sha256:0000000000000000000000000000000000000000000000000000000000000000": "by tag", "Not A Reference": "invalid reference",
	} {
		var refused Refused
		if err := b.Archive(io.Discard, []string{ref}); !errors.As(err, &refused) || !strings.Contains(err.Error(), why) {
			t.Errorf("%s: %v", ref, err)
		}
	}
	if _, err := b.Image("example.com/unknown:1"); err != nil {
		t.Errorf("an unlisted image: %v", err)
	}
	if _, err := NewBuilder(b.catalogue, "images_test.go", b.platform); err == nil || !strings.Contains(err.Error(), "GOOS=linux") {
		t.Errorf("a text is a program: %v", err)
	}
}

func TestTheRegistryAnswersAsTheRealOnesDo(t *testing.T) {
	r, err := NewRegistry(builder(t))
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(r)
	defer server.Close()
	account := authn.FromConfig(authn.AuthConfig{Username: "robot-shop", Password: "pull-9f2c41"})
	wrong := authn.FromConfig(authn.AuthConfig{Username: "robot-shop", Password: "guess"})
	for _, c := range []struct {
		what, path string
		auth       authn.Authenticator
		status     int
	}{
		{"a public image", "library/nginx:1.27", authn.Anonymous, 0},
		{"kubedrill's own", "kubedrill.dev/load:v1", authn.Anonymous, 0},
		{"an absent tag", "library/nginx:lates", authn.Anonymous, 404},
		{"an unlisted image", "somebody/thing:1", authn.Anonymous, 404},
		{"a private image, no account", "registry.shop.example/internal/worker:v1.8.0", authn.Anonymous, 401},
		{"a private image, wrong account", "registry.shop.example/internal/worker:v1.8.0", wrong, 401},
		{"a private image, its account", "registry.shop.example/internal/worker:v1.8.0", account, 0},
	} {
		host, rest, _ := strings.Cut(c.path, "/")
		if host == "library" || host == "somebody" {
			host, rest = "docker.io", c.path
		}
		ref, err := name.ParseReference(strings.TrimPrefix(server.URL, "http://")+"/"+rest, name.Insecure)
		if err != nil {
			t.Fatal(err)
		}
		image, err := remote.Image(ref, remote.WithAuth(c.auth), remote.WithTransport(asMirror{host}))
		var answer *transport.Error
		switch {
		case c.status == 0 && err != nil:
			t.Errorf("%s: %v", c.what, err)
		case c.status == 0:
			if has := contents(t, image); len(has) < 20 {
				t.Errorf("%s has only %d files", c.what, len(has))
			}
		case !errors.As(err, &answer) || answer.StatusCode != c.status:
			t.Errorf("%s: %v, want status %d", c.what, err, c.status)
		}
	}
}

func TestTheRegistryKnowsDigestsAfterARestart(t *testing.T) {
	b := builder(t)
	image, err := b.Image("registry.shop.example/shop/web:v2.0.0")
	if err != nil {
		t.Fatal(err)
	}
	digest, err := image.Digest()
	if err != nil {
		t.Fatal(err)
	}
	r, err := NewRegistry(builder(t))
	if err != nil {
		t.Fatal(err)
	}
	answer := httptest.NewRecorder()
	r.ServeHTTP(answer, httptest.NewRequest("GET", "/v2/shop/web/manifests/"+digest.String()+"?ns=registry.shop.example", nil))
	raw, _ := image.RawManifest()
	if answer.Code != 200 || !bytes.Equal(answer.Body.Bytes(), raw) {
		t.Errorf("status %d, %s", answer.Code, answer.Body)
	}
}

func TestHostsSendEveryPullToTheRegistry(t *testing.T) {
	hosts := Hosts(builder(t).catalogue, "127.0.0.1:5055")
	if text := hosts["registry.shop.example/hosts.toml"]; !strings.Contains(text, `server = "http://127.0.0.1:5055"`) {
		t.Errorf("the course's own registry: %q", text)
	}
	if text := hosts["_default/hosts.toml"]; !strings.Contains(text, `[host."http://127.0.0.1:5055"]`) || strings.Contains(text, "server") {
		t.Errorf("others: %q", text)
	}
	if _, there := hosts["docker.io/hosts.toml"]; there {
		t.Error("a real registry must stay reachable")
	}
}
