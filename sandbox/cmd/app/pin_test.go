//go:build linux

package main

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

func TestPinsAreTaggedInContainerdByDigest(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("SKIPPED: the program of an image is one for Linux")
	}
	dir := t.TempDir()
	// Stands for containerd's client: it notes what it is asked, and what is read from its input.
	client := "#!/bin/sh\necho \"$*\" >>" + dir + "/asked\ncase $* in *import*) cat >" + dir + "/archive;; esac\n"
	if err := os.WriteFile(filepath.Join(dir, "ctr"), []byte(client), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir+":"+os.Getenv("PATH"))
	if err := pin([]string{"--catalogue", filepath.Join("..", "..", "..", "labs", "images.yaml")}); err != nil {
		t.Fatal(err)
	}
	asked, err := os.ReadFile(filepath.Join(dir, "asked"))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"--namespace k8s.io images import -\n",
		" registry.shop.example/shop/web@sha256:4b5e2a9c7d1f0836e5a4c9b27f6d81e03c5a7b9d2e4f60817a3c5e9b1d2f4a68\n",
		" registry.shop.example/internal/worker@sha256:c81d7e3f5a2b4960d7e8f1a3b5c6d92e4f708192a3b4c5d6e7f8091a2b3c4d5e\n",
		"images rm kubedrill.dev/pinned:",
	} {
		if !strings.Contains(string(asked), want) {
			t.Errorf("%q was not asked:\n%s", want, asked)
		}
	}
	if st, err := os.Stat(filepath.Join(dir, "archive")); err != nil || st.Size() < 1<<20 {
		t.Errorf("no archive: %v", err)
	}
}
