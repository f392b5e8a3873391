package catalogue

import (
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"testing"
	"time"
)

// shipped is the catalogue that comes with the labs.
func shipped(t *testing.T) Catalogue {
	t.Helper()
	c, err := Load(filepath.Join("..", "..", "..", "labs", "images.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestShippedImagesAreCoherent(t *testing.T) {
	c := shipped(t)
	all := map[string]*Image{}
	for name, im := range c.images {
		all[name] = im
	}
	for name, list := range c.repositories {
		for _, im := range list {
			all[name] = im
			if !im.hasTag("latest") && len(im.Tags) == 0 {
				t.Errorf("%s: no tag", name)
			}
		}
	}
	if len(all) < 45 {
		t.Fatalf("only %d entries", len(all))
	}
	// Their scenarios are about a start that takes long.
	slow := map[string]bool{"registry.shop.example/shop/search:4.2.0": true, "registry.shop.example/shop/pricing:5.0.0": true}
	for name, im := range all {
		if im.Absent {
			continue
		}
		argv := im.Argv(nil, nil)
		switch {
		case len(argv) == 0:
			t.Errorf("%s: no command", name)
		case len(im.Ports) > 0 && !slow[name] && (im.Startup.Duration < 100*time.Millisecond || im.Startup.Duration > 800*time.Millisecond):
			t.Errorf("%s: starts in %v", name, im.Startup.Duration)
		case im.Memory.IsZero():
			t.Errorf("%s: uses no memory", name)
		case len(im.NeedsEnv) > 0 && (im.Missing.Code == 0 || im.Missing.Log == ""):
			t.Errorf("%s: needs variables and does not say what happens without", name)
		case im.DocRoot != "" && im.Files[path.Join(im.DocRoot, "index.html")] == "":
			t.Errorf("%s: no page in its document root", name)
		case len(im.PortFrom) > 0 && len(im.Ports) == 0:
			t.Errorf("%s: a port comes from an argument, and it has none", name)
		}
		for p := range im.HTTP {
			if len(im.Ports) == 0 {
				t.Errorf("%s: answers %s on no port", name, p)
			}
		}
	}
}

func TestTagsOfPublicImages(t *testing.T) {
	c := shipped(t)
	for ref, want := range map[string]string{
		"nginx": "1.29.3", "nginx:1.27": "1.27.0", "nginx:1.27.3-alpine": "1.27.3", "nginx:1.29": "1.29.3", "nginx:stable-alpine": "1.29.3",
		"docker.io/library/busybox:1.36": "1.36.0", "busybox": "1.37.0", "redis:7-alpine": "7", "redis:8.2": "8.2.3", "postgres:17.6": "17.6", "postgres:16": "16",
		"python:3.12-slim": "3.12.0", "quay.io/prometheus/prometheus:v3.13.1": "3.13.1", "gcr.io/google-samples/hello-app:2.0": "2.0.0",
		"nginx@sha256:0000000000000000000000000000000000000000000000000000000000000000": "1.29.3",
	} {
		if im := c.Find(ref); im.Absent || im.Unlisted || im.Version != want {
			t.Errorf("%s: absent %v, unlisted %v, version %q, want %q", ref, im.Absent, im.Unlisted, im.Version, want)
		}
	}
	for _, ref := range []string{"nginx:1.270-typo.", "nginx:lates", "busybox:9", "registry.shop.example/shop/web:v2.0.O", "registry.shop.example/shop/web@sha256:0000000000000000000000000000000000000000000000000000000000000000"} {
		if im := c.Find(ref); !im.Absent && ref != "nginx:1.270-typo." {
			t.Errorf("%s exists", ref)
		}
	}
	if im := c.Find("example.com/unknown:1"); !im.Unlisted || im.Absent {
		t.Error("an unknown repository must run")
	}
	if im := c.Find("nginx:1.27-alpine"); im.Base != "alpine" {
		t.Errorf("base %q", im.Base)
	}
	for _, ref := range []string{"registry.shop.example/shop/web@sha256:4b5e2a9c7d1f0836e5a4c9b27f6d81e03c5a7b9d2e4f60817a3c5e9b1d2f4a68", "registry.shop.example/shop/web:v1.9.4@" + c.Find("registry.shop.example/shop/web:v1.9.4").DigestOf("registry.shop.example/shop/web:v1.9.4")} {
		if im := c.Find(ref); im.Absent || im.Unlisted {
			t.Errorf("%s is not there", ref)
		}
	}
}

// Every image that the shipped scenarios use is listed.
func TestPortsAndTexts(t *testing.T) {
	c := shipped(t)
	echo := c.Find("hashicorp/http-echo:1.0")
	argv := echo.Argv(nil, []string{"-listen=:8081", "-text=hi there"})
	if got := echo.Listens(argv, nil); len(got) != 1 || got[0] != 8081 {
		t.Errorf("http-echo listens on %v", got)
	}
	v := Values{Argv: argv}
	if r := echo.Reply("/anything", time.Second, v, nil); r.Body != "hi there\n" {
		t.Errorf("http-echo says %q", r.Body)
	}
	if r := echo.Reply("/", time.Second, Values{}, nil); r.Body != "hello-world\n" {
		t.Errorf("http-echo without a text says %q", r.Body)
	}
	pg := c.Find("postgres:17")
	for _, env := range []map[string]string{{"POSTGRES_PASSWORD": "x"}, {"POSTGRES_HOST_AUTH_METHOD": "trust"}} {
		if m := pg.MissingEnv(env); m != "" {
			t.Errorf("postgres with %v misses %s", env, m)
		}
	}
	for _, env := range []map[string]string{nil, {"POSTGRES_HOST_AUTH_METHOD": "md5"}} {
		if m := pg.MissingEnv(env); m != "POSTGRES_PASSWORD" {
			t.Errorf("postgres with %v misses %q", env, m)
		}
	}
	if got := c.Find("redis:7").Argv(nil, []string{"sh", "-c", "true"}); got[0] != "sh" {
		t.Errorf("an entrypoint script does not give way: %v", got)
	}
	if got := c.Find("redis:7").Listens([]string{"redis-server", "--port", "7000"}, nil); got[0] != 7000 {
		t.Errorf("redis listens on %v", got)
	}
}

func TestMistakesAreSaid(t *testing.T) {
	for name, text := range map[string]string{
		"unknown key":  "images: {a: {port: [1]}}",
		"unknown base": "images: {a: {base: fedora}}",
		"bad port":     "images: {a: {ports: [70000]}}",
		"bad path":     "images: {a: {http: {healthz: {}}}}",
		"tag twice":    "images: {\"a:1\": {tags: [\"1\"]}}",
		"twice":        "images: {a: {}, \"a:latest\": {}}",
		"bad ref":      "images: {\"A B\": {}}",
		"relative":     "images: {a: {files: {x: y}}}",
	} {
		if _, err := Parse([]byte(text)); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if _, err := Load(filepath.Join(os.TempDir(), "no-such-catalogue.yaml")); err == nil {
		t.Error("a missing file is no error")
	}
}

// Every image that the shipped scenarios use runs, save those that are meant to fail.
func TestImagesOfScenariosAreListed(t *testing.T) {
	c := shipped(t)
	top := filepath.Join("..", "..", "..")
	missing := map[string]bool{"registry.shop.example/shop/web:v2.0.O": true}
	seen := 0
	line := regexp.MustCompile(`(?m)^\s*(?:- )?image: *"?([^\s"#{}][^\s"#}]*)`)
	for _, dir := range []string{"labs", "challenges"} {
		err := filepath.WalkDir(filepath.Join(top, dir), func(name string, e fs.DirEntry, err error) error {
			if err != nil || e.IsDir() || path.Ext(name) != ".yaml" || e.Name() == "images.yaml" {
				return err
			}
			b, err := os.ReadFile(name)
			for _, m := range line.FindAllStringSubmatch(string(b), -1) {
				seen++
				if im := c.Find(m[1]); (im.Absent || im.Unlisted) != missing[m[1]] {
					t.Errorf("%s: %s: absent %v, unlisted %v", name, m[1], im.Absent, im.Unlisted)
				}
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if seen < 20 {
		t.Fatalf("only %d images in scenarios", seen)
	}
}

func TestVariantsAndMemory(t *testing.T) {
	c := shipped(t)
	agnhost := c.Find("registry.k8s.io/e2e-test-images/agnhost:2.40")
	live := agnhost.With(agnhost.Argv(nil, []string{"liveness"}))
	for age, want := range map[time.Duration]int{5 * time.Second: 200, 15 * time.Second: 500} {
		if r := live.Reply("/healthz", age, Values{}, nil); r.Status != want {
			t.Errorf("liveness after %v: %d, want %d", age, r.Status, want)
		}
	}
	if len(agnhost.With(agnhost.Argv(nil, nil)).Ports) != 0 {
		t.Error("agnhost pause listens")
	}
	stress := c.Find("polinux/stress")
	if got := stress.With([]string{"stress", "--vm", "1", "--vm-bytes", "250M"}).Memory.Value(); got != 250<<20 {
		t.Errorf("stress uses %d", got)
	}
	if stress.Memory.Value() != 2<<20 {
		t.Error("one container's arguments changed the catalogue")
	}
}
