package catalogue

import (
	"strings"
	"testing"
	"time"
)

func TestAnImageIsTheSameWithoutTheCatalogue(t *testing.T) {
	c := shipped(t)
	image := c.Find("registry.k8s.io/e2e-test-images/agnhost:2.40")
	text, err := image.Encode()
	if err != nil {
		t.Fatal(err)
	}
	again, err := Decode(text)
	if err != nil {
		t.Fatal(err)
	}
	argv := again.Argv(nil, []string{"liveness"})
	if r := again.With(argv).Reply("/healthz", 15*time.Second, Values{}, nil); r.Status != 500 {
		t.Errorf("a variant answers %d", r.Status)
	}
	if again.Tag != "2.40" || again.Version != image.Version || again.Memory.Cmp(image.Memory) != 0 {
		t.Errorf("tag %q, version %q, memory %s", again.Tag, again.Version, again.Memory.String())
	}
}

func TestAnImageDoesNotCarryItsAccount(t *testing.T) {
	text, err := shipped(t).Find("registry.shop.example/internal/worker:v1.8.0").Encode()
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(text), "pull-9f2c41") {
		t.Error("the password is in the image that needs it")
	}
}

func TestPinnedImagesAreThoseWithADigestOfTheirOwn(t *testing.T) {
	pinned := shipped(t).Pinned()
	for ref, want := range map[string]string{
		"registry.shop.example/shop/web@sha256:4b5e2a9c7d1f0836e5a4c9b27f6d81e03c5a7b9d2e4f60817a3c5e9b1d2f4a68":        "registry.shop.example/shop/web:v2.0.0",
		"registry.shop.example/internal/worker@sha256:c81d7e3f5a2b4960d7e8f1a3b5c6d92e4f708192a3b4c5d6e7f8091a2b3c4d5e": "registry.shop.example/internal/worker:v1.8.0",
	} {
		if pinned[ref] != want {
			t.Errorf("%s is %q", ref, pinned[ref])
		}
	}
}
