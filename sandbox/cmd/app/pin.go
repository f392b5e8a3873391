//go:build linux

package main

import (
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"slices"
	"strings"
)

// pin puts the images that the catalogue names by digest into this node's containerd under those names.
func pin(args []string) error {
	var file string
	if _, err := flags(pinUsage, args, map[string]*string{"catalogue": &file}); err != nil {
		return err
	}
	builder, err := ownBuilder(file)
	if err != nil {
		return err
	}
	archive, err := os.CreateTemp("", "kubedrill-pins-")
	if err != nil {
		return fmt.Errorf("write the archive: %w", err)
	}
	defer func() {
		_ = archive.Close()
		_ = os.Remove(archive.Name())
	}()
	pins, err := builder.Pins(archive)
	if err != nil || len(pins) == 0 {
		return err
	}
	if _, err := archive.Seek(0, io.SeekStart); err != nil {
		return fmt.Errorf("read the archive: %w", err)
	}
	if err := ctr(archive, "import", "-"); err != nil {
		return err
	}
	for _, pinned := range slices.Sorted(maps.Keys(pins)) {
		if err := ctr(nil, "tag", "--force", pins[pinned], pinned); err != nil {
			return err
		}
	}
	// The kubelet counts names: those that nobody asks for need not be shown.
	return ctr(nil, append([]string{"rm"}, slices.Sorted(maps.Values(pins))...)...)
}

// ctr runs containerd's own client on its images.
func ctr(in io.Reader, words ...string) error {
	command := exec.Command("ctr", append([]string{"--namespace", "k8s.io", "images"}, words...)...)
	command.Stdin = in
	if said, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("run ctr images %s: %w: %s", strings.Join(words, " "), err, strings.TrimSpace(string(said)))
	}
	return nil
}
