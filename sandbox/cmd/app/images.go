//go:build linux

package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"syscall"
	"time"

	v1 "github.com/google/go-containerregistry/pkg/v1"

	"kubedrill.dev/sandbox/internal/catalogue"
	"kubedrill.dev/sandbox/internal/oci"
)

// archive writes images for a runtime that loads archives.
func archive(args []string) error {
	var file, binary, output string
	platform := "linux/" + runtime.GOARCH
	refs, err := flags(archiveUsage, args, map[string]*string{"catalogue": &file, "binary": &binary, "platform": &platform, "output": &output})
	if err != nil {
		return err
	}
	if len(refs) == 0 {
		return fmt.Errorf("name at least one image; usage: %s", archiveUsage)
	}
	builder, err := newBuilder(file, binary, platform)
	if err != nil {
		return err
	}
	return whole(output, func(w io.Writer) error { return builder.Archive(w, refs) })
}

// program writes an image of a program that is not played, for a runtime that loads archives.
func program(args []string) error {
	single := oci.Single{}
	var output string
	platform := "linux/" + runtime.GOARCH
	rest, err := flags(programUsage, args, map[string]*string{"reference": &single.Reference, "binary": &single.Binary, "platform": &platform, "output": &output})
	if err != nil {
		return err
	}
	p, err := v1.ParsePlatform(platform)
	if err != nil {
		return fmt.Errorf("platform %q: %w", platform, err)
	}
	single.Platform, single.Arguments = *p, rest
	return whole(output, single.Archive)
}

// whole writes a file beside and renames it: an archive that is there is complete.
func whole(output string, write func(io.Writer) error) error {
	part, err := os.CreateTemp(filepath.Dir(output), ".archive-")
	if err != nil {
		return fmt.Errorf("write the archive: %w", err)
	}
	defer func() { _ = os.Remove(part.Name()) }()
	if err := write(part); err != nil {
		return err
	}
	if err := part.Close(); err != nil {
		return fmt.Errorf("write the archive: %w", err)
	}
	if err := os.Chmod(part.Name(), 0o644); err != nil {
		return fmt.Errorf("write the archive: %w", err)
	}
	return os.Rename(part.Name(), output)
}

func newBuilder(file, binary, platform string) (*oci.Builder, error) {
	c, err := catalogue.Load(file)
	if err != nil {
		return nil, err
	}
	p, err := v1.ParsePlatform(platform)
	if err != nil {
		return nil, fmt.Errorf("platform %q: %w", platform, err)
	}
	return oci.NewBuilder(c, binary, *p)
}

// ownBuilder makes images for this machine, whose program is this one.
func ownBuilder(file string) (*oci.Builder, error) {
	binary, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("find this program: %w", err)
	}
	return newBuilder(file, binary, "linux/"+runtime.GOARCH)
}

const registryGrace = 2 * time.Second

// registry serves this machine's containerd with images whose program is this one.
func registry(args []string) error {
	var file, listen string
	if _, err := flags(registryUsage, args, map[string]*string{"catalogue": &file, "listen": &listen}); err != nil {
		return err
	}
	builder, err := ownBuilder(file)
	if err != nil {
		return err
	}
	handler, err := oci.NewRegistry(builder)
	if err != nil {
		return fmt.Errorf("start the registry: %w", err)
	}
	l, err := net.Listen("tcp", listen)
	if err != nil {
		return fmt.Errorf("start the registry: %w", err)
	}
	fmt.Printf("serving the images of %s on http://%s\n", file, l.Addr())
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	context.AfterFunc(ctx, func() {
		ctx, cancel := context.WithTimeout(context.Background(), registryGrace)
		defer cancel()
		_ = server.Shutdown(ctx) // What still runs then ends with the process.
	})
	if err := server.Serve(l); err != http.ErrServerClosed {
		return err
	}
	return nil
}

// hosts writes the settings that make containerd ask the registry.
func hosts(args []string) error {
	var file, listen, output string
	if _, err := flags(hostsUsage, args, map[string]*string{"catalogue": &file, "listen": &listen, "output": &output}); err != nil {
		return err
	}
	c, err := catalogue.Load(file)
	if err != nil {
		return err
	}
	return oci.WriteHosts(output, oci.Hosts(c, listen))
}
