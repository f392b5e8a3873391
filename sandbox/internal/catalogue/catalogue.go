package catalogue

import (
	"crypto/sha256"
	_ "embed"
	"fmt"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/distribution/reference"
	"k8s.io/apimachinery/pkg/api/resource"
)

//go:embed default.yaml
var builtin []byte

// Catalogue holds images by normalised reference, and whole repositories.
type Catalogue struct {
	images       map[string]*Image
	repositories map[string][]*Image // By normalised name, the entries with tags.
	known        map[string]bool     // Every repository with an entry.
}

// Normalise gives the reference as a registry client sees it: with host, repository and tag.
func Normalise(ref string) (string, error) {
	named, err := reference.ParseNormalizedNamed(ref)
	if err != nil {
		return "", err
	}
	return reference.TagNameOnly(named).String(), nil
}

// Repository gives the normalised reference without its tag or digest.
func Repository(ref string) string {
	named, err := reference.ParseNormalizedNamed(ref)
	if err != nil {
		return ref
	}
	return named.Name()
}

// Load reads a catalogue file; the built-in catalogue when path is empty.
func Load(path string) (Catalogue, error) {
	raw := builtin
	if path != "" {
		b, err := os.ReadFile(path)
		if err != nil {
			return Catalogue{}, fmt.Errorf("read image catalogue: %w", err)
		}
		raw = b
	} else {
		path = "built-in"
	}
	c, err := Parse(raw)
	if err != nil {
		return Catalogue{}, fmt.Errorf("image catalogue %s: %w", path, err)
	}
	return c, nil
}

// Parse reads a catalogue, which may be several YAML documents; an unknown key and an entry that cannot be meant are errors.
func Parse(raw []byte) (Catalogue, error) {
	c := Catalogue{images: map[string]*Image{}, repositories: map[string][]*Image{}, known: map[string]bool{}}
	entries, err := read(raw)
	if err != nil {
		return c, err
	}
	for ref := range entries {
		image, err := decode(entries, ref)
		if err == nil {
			err = c.add(ref, image)
		}
		if err != nil {
			return c, fmt.Errorf("image %q: %w", ref, err)
		}
	}
	return c, nil
}

func (c Catalogue) add(ref string, image *Image) error {
	name, err := Normalise(ref)
	if err != nil {
		return err
	}
	for word, v := range image.variants {
		v.complete()
		if err := v.check(); err != nil {
			return fmt.Errorf("variants: %s: %w", word, err)
		}
	}
	image.complete()
	if err := image.check(); err != nil {
		return err
	}
	repository := Repository(ref)
	c.known[repository] = true
	if len(image.Tags) > 0 {
		if strings.TrimPrefix(name, repository) != ":latest" || strings.HasSuffix(ref, ":latest") {
			return fmt.Errorf("has tags and names one too")
		}
		c.repositories[repository] = append(c.repositories[repository], image)
		return nil
	}
	if c.images[name] != nil {
		return fmt.Errorf("listed twice as %s", name)
	}
	_, image.Tag, _ = strings.Cut(strings.TrimPrefix(name, repository), ":")
	c.images[name] = image
	return nil
}

// Find returns the entry. An image of a repository that is listed, with a tag that is not, is absent; an image of any other
// repository runs as a plain long-lived process.
func (c Catalogue) Find(ref string) *Image {
	name, err := Normalise(ref)
	if err != nil {
		name = ref
	}
	if image := c.images[name]; image != nil {
		return image
	}
	repository := Repository(name)
	rest := strings.TrimPrefix(name, repository)
	if digest, ok := strings.CutPrefix(rest[max(0, strings.IndexByte(rest, '@')):], "@"); ok {
		if image := c.byDigest(repository, digest); image != nil {
			return image
		}
	}
	tag := strings.TrimPrefix(rest, ":")
	for _, image := range c.repositories[repository] {
		if image.hasTag(tag) {
			return image.tagged(tag)
		}
	}
	if c.known[repository] {
		return &Image{Absent: true}
	}
	image := &Image{Memory: resource.MustParse("8Mi"), Unlisted: true}
	image.complete()
	return image
}

// byDigest finds the image of a repository with that digest. Of a whole repository any digest is taken: what a registry holds is more
// than a catalogue can list.
func (c Catalogue) byDigest(repository, digest string) *Image {
	for name, image := range c.images {
		if Repository(name) == repository && !image.Absent && image.DigestOf(name) == digest {
			return image
		}
	}
	if list := c.repositories[repository]; len(list) > 0 {
		return list[0].tagged("")
	}
	return nil
}

// DigestOf is the image's digest: its own, the one in the reference, or one made up from the reference.
func (im *Image) DigestOf(ref string) string {
	if im.Digest != "" {
		return im.Digest
	}
	if _, digest, ok := strings.Cut(ref, "@"); ok {
		return digest
	}
	return fmt.Sprintf("sha256:%x", sha256.Sum256([]byte(ref)))
}

func (im *Image) hasTag(tag string) bool {
	return slices.ContainsFunc(im.Tags, func(pattern string) bool {
		ok, err := path.Match(pattern, tag)
		return ok && err == nil
	})
}

var numbers = regexp.MustCompile(`^v?(\d+(?:\.\d+)*)`)

// tagged is the image under one of its tags: the version is the tag's, and a tag of alpine has that base.
func (im *Image) tagged(tag string) *Image {
	one := *im
	one.Tag = tag
	if m := numbers.FindStringSubmatch(tag); m != nil && m[1] != im.Version && !strings.HasPrefix(im.Version, m[1]+".") {
		one.Version = m[1]
		if strings.Count(m[1], ".") < 2 && strings.Count(im.Version, ".") == 2 && strings.Count(m[1], ".") == 1 {
			one.Version += ".0"
		}
	}
	if strings.Contains(tag, "alpine") && im.Base != "" && im.Base != "none" {
		one.Base = "alpine"
	}
	return &one
}

// check says what in an entry cannot be meant.
func (im *Image) check() error {
	for _, p := range im.Tags {
		if _, err := path.Match(p, "x"); err != nil {
			return fmt.Errorf("tags: %q: %w", p, err)
		}
	}
	if !slices.Contains([]string{"", "busybox", "alpine", "debian", "ubuntu", "none"}, im.Base) {
		return fmt.Errorf("base: %q is not one of busybox, alpine, debian, ubuntu, none", im.Base)
	}
	if !slices.Contains([]string{"", "http", "redis", Elasticsearch, Admission, "tcp"}, im.Speaks) {
		return fmt.Errorf("speaks: %q is not one of http, redis, elasticsearch, admission, tcp", im.Speaks)
	}
	if !slices.Contains([]string{"", FluentBit, Nginx}, im.Acts) {
		return fmt.Errorf("acts: %q is not one of fluent-bit, nginx", im.Acts)
	}
	for _, p := range im.Ports {
		if p < 1 || p > 65535 {
			return fmt.Errorf("ports: %d is not a port", p)
		}
	}
	for name := range im.Files {
		if !path.IsAbs(name) {
			return fmt.Errorf("files: %q is not an absolute path", name)
		}
	}
	for p, a := range im.HTTP {
		if !strings.HasPrefix(p, "/") {
			return fmt.Errorf("http: %q does not begin with /", p)
		}
		if a.Until.Duration > 0 && a.Then == 0 {
			return fmt.Errorf("http: %s: until without then", p)
		}
	}
	for _, s := range im.PortFrom {
		if (s.Arg == "") == (s.Env == "") {
			return fmt.Errorf("portFrom: each needs either arg or env")
		}
	}
	for _, r := range im.Every {
		if r.After.Seconds() < 1 {
			return fmt.Errorf("every: less than a second")
		}
	}
	if im.Digest != "" && !strings.HasPrefix(im.Digest, "sha256:") {
		return fmt.Errorf("digest: %q does not begin with sha256:", im.Digest)
	}
	return nil
}
