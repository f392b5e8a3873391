package oci

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"github.com/distribution/reference"
	v1 "github.com/google/go-containerregistry/pkg/v1"

	"kubedrill.dev/sandbox/internal/catalogue"
)

// Registry serves every image of the catalogue to containerd, whatever registry it says the image is from: containerd names that one in
// the query (ns) when it asks a mirror.
type Registry struct {
	builder *Builder
	tokens  tokens
	mu      sync.Mutex
	blobs   map[string]func() (io.ReadCloser, int64, error) // By digest: configurations and layers of what was asked for.
	byHash  map[string]manifest
}

// manifest is one that was made, and the account that it takes.
type manifest struct {
	raw     []byte
	kind    string
	account *catalogue.Credential
}

// NewRegistry serves what the builder makes.
func NewRegistry(b *Builder) (*Registry, error) {
	tokens, err := newTokens()
	return &Registry{builder: b, tokens: tokens, blobs: map[string]func() (io.ReadCloser, int64, error){}, byHash: map[string]manifest{}}, err
}

// refusal is an answer other than success, in the registry's own form.
func refusal(w http.ResponseWriter, status int, code, message string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	fmt.Fprintf(w, `{"errors":[{"code":%q,"message":%q}]}`, code, message)
}

// ServeHTTP answers pulls.
func (r *Registry) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	w.Header().Set("Docker-Distribution-Api-Version", "registry/2.0")
	rest, versioned := strings.CutPrefix(req.URL.Path, "/v2/")
	switch {
	case req.URL.Path == tokenPath && req.Method == http.MethodGet:
		r.serveToken(w, req)
		return
	case !versioned || req.URL.Path == tokenPath:
		refusal(w, http.StatusNotFound, "NOT_FOUND", "this is a registry to pull from, below /v2/")
		return
	case req.Method != http.MethodGet && req.Method != http.MethodHead:
		refusal(w, http.StatusMethodNotAllowed, "UNSUPPORTED", "only pulls are served")
		return
	case rest == "" && req.Header.Get("Authorization") == "":
		r.challenge(w, req, "")
		return
	case rest == "":
		return
	}
	if i := strings.LastIndex(rest, "/blobs/"); i > 0 {
		r.serveBlob(w, req, rest[i+len("/blobs/"):])
		return
	}
	i := strings.LastIndex(rest, "/manifests/")
	if i < 0 {
		refusal(w, http.StatusNotFound, "NOT_FOUND", "only manifests and blobs are served")
		return
	}
	r.serveManifest(w, req, rest[:i], rest[i+len("/manifests/"):])
}

// repository is the full name of what a request is about.
func repository(req *http.Request, name string) string {
	ns := req.URL.Query().Get("ns")
	if ns == "" {
		ns = "docker.io"
	}
	named, err := reference.ParseNormalizedNamed(ns + "/" + name)
	if err != nil {
		return ns + "/" + name
	}
	return named.Name()
}

func (r *Registry) serveManifest(w http.ResponseWriter, req *http.Request, name, what string) {
	repo := repository(req, name)
	m, err := r.manifest(repo, what)
	if err != nil {
		refusal(w, http.StatusInternalServerError, "UNKNOWN", err.Error())
		return
	}
	if m == nil {
		refusal(w, http.StatusNotFound, "MANIFEST_UNKNOWN", "manifest unknown")
		return
	}
	if m.account != nil && !r.tokens.allow(req, m.account) {
		r.challenge(w, req, name)
		return
	}
	hash, _, err := v1.SHA256(bytes.NewReader(m.raw))
	if err != nil {
		refusal(w, http.StatusInternalServerError, "UNKNOWN", err.Error())
		return
	}
	w.Header().Set("Content-Type", m.kind)
	w.Header().Set("Docker-Content-Digest", hash.String())
	w.Header().Set("Content-Length", strconv.Itoa(len(m.raw)))
	if req.Method == http.MethodGet {
		_, _ = w.Write(m.raw)
	}
}

// manifest finds or makes the manifest of an image by tag or digest; nil when there is none.
func (r *Registry) manifest(repo, what string) (*manifest, error) {
	if strings.HasPrefix(what, "sha256:") {
		return r.byDigest(repo, what)
	}
	ref := repo + ":" + what
	im := r.builder.find(ref)
	if im.Absent || im.Unlisted {
		return nil, nil
	}
	image, err := r.builder.make(im)
	if err != nil {
		return nil, err
	}
	return r.remember(image, im.Private)
}

// byDigest knows what was asked for by tag; after a restart it makes the repository's images anew.
func (r *Registry) byDigest(repo, digest string) (*manifest, error) {
	if m, known := r.recall(digest); known {
		return m, nil
	}
	for _, ref := range append(r.builder.catalogue.References(), LoadReference) {
		if tag, ok := strings.CutPrefix(ref, repo+":"); ok {
			if _, err := r.manifest(repo, tag); err != nil {
				return nil, err
			}
		}
	}
	m, _ := r.recall(digest)
	return m, nil
}

func (r *Registry) recall(digest string) (*manifest, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	m, known := r.byHash[digest]
	if !known {
		return nil, false
	}
	return &m, true
}

// remember keeps an image's manifest, configuration and layers to be asked for by digest.
func (r *Registry) remember(image v1.Image, account *catalogue.Credential) (*manifest, error) {
	raw, err := image.RawManifest()
	if err != nil {
		return nil, fmt.Errorf("write the manifest: %w", err)
	}
	kind, err := image.MediaType()
	if err != nil {
		return nil, fmt.Errorf("write the manifest: %w", err)
	}
	digest, err := image.Digest()
	if err != nil {
		return nil, fmt.Errorf("digest the manifest: %w", err)
	}
	config, err := image.RawConfigFile()
	if err != nil {
		return nil, fmt.Errorf("write the configuration: %w", err)
	}
	name, err := image.ConfigName()
	if err != nil {
		return nil, fmt.Errorf("digest the configuration: %w", err)
	}
	layers, err := image.Layers()
	if err != nil {
		return nil, fmt.Errorf("list the layers: %w", err)
	}
	m := manifest{raw: raw, kind: string(kind), account: account}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.byHash[digest.String()] = m
	r.blobs[name.String()] = func() (io.ReadCloser, int64, error) {
		return io.NopCloser(bytes.NewReader(config)), int64(len(config)), nil
	}
	for _, layer := range layers {
		hash, err := layer.Digest()
		if err != nil {
			return nil, fmt.Errorf("digest a layer: %w", err)
		}
		r.blobs[hash.String()] = func() (io.ReadCloser, int64, error) {
			size, err := layer.Size()
			if err != nil {
				return nil, 0, err
			}
			body, err := layer.Compressed()
			return body, size, err
		}
	}
	return &m, nil
}

func (r *Registry) serveBlob(w http.ResponseWriter, req *http.Request, digest string) {
	r.mu.Lock()
	open := r.blobs[digest]
	r.mu.Unlock()
	if open == nil {
		refusal(w, http.StatusNotFound, "BLOB_UNKNOWN", "blob unknown to registry")
		return
	}
	body, size, err := open()
	if err != nil {
		refusal(w, http.StatusInternalServerError, "UNKNOWN", err.Error())
		return
	}
	defer body.Close()
	w.Header().Set("Content-Type", "application/octet-stream")
	w.Header().Set("Docker-Content-Digest", digest)
	w.Header().Set("Content-Length", strconv.FormatInt(size, 10))
	if req.Method == http.MethodGet {
		_, _ = io.Copy(w, body)
	}
}
