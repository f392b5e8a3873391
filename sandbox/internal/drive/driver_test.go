package drive

import (
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	clientset "k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"

	"kubedrill.dev/sandbox/internal/cost"
	"kubedrill.dev/sandbox/internal/demand"
)

// api is an API server that is only watched.
type api struct {
	mu      sync.Mutex
	events  map[string][]string // By resource: every event so far.
	changed chan struct{}
}

func newAPI() *api { return &api{events: map[string][]string{}, changed: make(chan struct{})} }

func (a *api) tell(resource, kind, object string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.events[resource] = append(a.events[resource], fmt.Sprintf(`{"type": %q, "object": %s}`, kind, object))
	close(a.changed)
	a.changed = make(chan struct{})
}

func (a *api) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	resource := req.URL.Path[strings.LastIndex(req.URL.Path, "/")+1:]
	kind := map[string]string{"pods": "Pod", "services": "Service", "endpointslices": "EndpointSlice"}[resource]
	version := map[string]string{"EndpointSlice": "discovery.k8s.io/v1"}[kind]
	if version == "" {
		version = "v1"
	}
	w.Header().Set("Content-Type", "application/json")
	if req.URL.Query().Get("watch") == "" {
		_, _ = fmt.Fprintf(w, `{"kind": "%sList", "apiVersion": %q, "metadata": {"resourceVersion": "1"}, "items": []}`, kind, version)
		return
	}
	told := 0
	for first := true; ; first = false {
		a.mu.Lock()
		events, changed := a.events[resource], a.changed
		a.mu.Unlock()
		for ; told < len(events); told++ {
			_, _ = io.WriteString(w, events[told]+"\n")
		}
		if first {
			_, _ = fmt.Fprintf(w, `{"type": "BOOKMARK", "object": {"kind": %q, "apiVersion": %q, "metadata": {"resourceVersion": "2", "annotations": {"k8s.io/initial-events-end": "true"}}}}`+"\n", kind, version)
		}
		if http.NewResponseController(w).Flush() != nil {
			return
		}
		select {
		case <-changed:
		case <-req.Context().Done():
			return
		}
	}
}

// application counts the requests and answers as it is told.
type application struct {
	asked  atomic.Int64
	refuse atomic.Int64 // One of so many is refused; 0 is none.
	price  atomic.Value
}

func (a *application) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	n := a.asked.Add(1)
	a.price.Store(cost.Of(0, req))
	if refuse := a.refuse.Load(); refuse > 0 && n%refuse == 0 {
		w.WriteHeader(http.StatusServiceUnavailable)
	}
}

func (a *api) pod(t *testing.T, name, limit string, app http.Handler) (port string) {
	t.Helper()
	server := httptest.NewServer(app)
	t.Cleanup(server.Close)
	host, port, err := net.SplitHostPort(server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	a.tell("pods", "ADDED", fmt.Sprintf(`{"kind": "Pod", "apiVersion": "v1", "metadata": {"name": %q, "namespace": "shop", "uid": %q, "labels": {"app": "web"}, "resourceVersion": "2"},
		"spec": {"containers": [{"name": "web", "ports": [{"containerPort": %s}], "resources": {"limits": {"cpu": %q}}}]},
		"status": {"podIP": %q, "conditions": [{"type": "Ready", "status": "True"}]}}`, name, name, port, limit, host))
	return port
}

func slice(name, port string, ready bool) string {
	return fmt.Sprintf(`{"kind": "EndpointSlice", "apiVersion": "discovery.k8s.io/v1", "metadata": {"name": %q, "namespace": "shop", "labels": {"kubernetes.io/service-name": "web"}, "resourceVersion": "2"},
		"addressType": "IPv4", "ports": [{"name": "http", "port": %s}], "endpoints": [{"addresses": ["127.0.0.1"], "conditions": {"ready": %t}, "targetRef": {"kind": "Pod", "name": %q}}]}`, name, port, ready, name)
}

// driven is a driver at work, and a way to ask it.
func driven(t *testing.T, a *api) func(method, path, body string) (int, string) {
	t.Helper()
	server := httptest.NewServer(a)
	t.Cleanup(server.CloseClientConnections)
	client, err := clientset.NewForConfig(&rest.Config{Host: server.URL})
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	_ = l.Close()
	secret := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(secret, []byte("word\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	d, ready, ended := New(filepath.Join(t.TempDir(), "demands.json"), time.Now), make(chan struct{}), make(chan error, 1)
	go func() {
		ended <- d.Run(t.Context(), Config{Listen: address, SecretFile: secret}, client, func() { close(ready) })
	}()
	select {
	case <-ready:
	case err := <-ended:
		t.Fatal(err)
	case <-time.After(20 * time.Second):
		t.Fatal("the driver does not come to know the cluster")
	}
	return func(method, path, body string) (int, string) {
		t.Helper()
		req, err := http.NewRequestWithContext(t.Context(), method, "http://"+address+path, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		if body != "no password" {
			req.Header.Set(SecretHeader, "word")
		}
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = resp.Body.Close() }()
		text, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		return resp.StatusCode, string(text)
	}
}

// until asks for the only demand until it is as it should be.
func until(t *testing.T, ask func(method, path, body string) (int, string), what string, is func(demand.State) bool) {
	t.Helper()
	var last string
	for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		_, last = ask(http.MethodGet, "/demands", "")
		var states []demand.State
		if err := json.Unmarshal([]byte(last), &states); err != nil {
			t.Fatalf("%s: %v", last, err)
		}
		if len(states) == 1 && is(states[0]) {
			return
		}
	}
	t.Fatalf("%s: it does not come true: %s", what, last)
}

func TestReadyPodsOfAServiceAreSentTheirShares(t *testing.T) {
	a, one, two := newAPI(), &application{}, &application{}
	a.tell("services", "ADDED", `{"kind": "Service", "apiVersion": "v1", "metadata": {"name": "web", "namespace": "shop", "resourceVersion": "2"}}`)
	a.tell("endpointslices", "ADDED", slice("one", a.pod(t, "one", "100m", one), true))
	second := a.pod(t, "two", "0", two)
	a.tell("endpointslices", "ADDED", slice("two", second, true))
	ask := driven(t, a)

	if code, text := ask(http.MethodDelete, "/demands", "no password"); code != http.StatusUnauthorized {
		t.Errorf("without the password: %d %s", code, text)
	}
	const web = `{"service": "web", "cap": 190, "memory": 1024, "course": [{"milli": 100}]}`
	if code, text := ask(http.MethodPut, "/demands/shop/web", web); code != http.StatusNoContent {
		t.Fatalf("%d %s", code, text)
	}
	until(t, ask, "both answer", func(s demand.State) bool {
		good := func(p demand.Pod) bool {
			return p.Asked > 25 && p.Asked < 75 && p.Milli == p.Asked && p.LatencyMillis < 20 && !p.Saturated()
		}
		return s.Milli == 100 && len(s.Pods) == 2 && good(s.Pods[0]) && good(s.Pods[1])
	})
	for what, test := range map[string]struct {
		app   *application
		bound int64
	}{"one": {one, 100}, "two": {two, 190}} {
		price, _ := test.app.price.Load().(cost.Cost)
		price.Quiet = false
		if want := (cost.Cost{Time: time.Millisecond, Cap: test.bound, Memory: 50 << 10}); price != want {
			t.Errorf("a request to %s costs %+v, want %+v", what, price, want)
		}
	}

	one.refuse.Store(2)
	until(t, ask, "one refuses every second request", func(s demand.State) bool {
		return s.Pods[0].Failing > 0.4 && s.Pods[0].Failing < 0.6 && s.Pods[0].Milli < s.Pods[0].Asked && !s.Pods[1].Saturated()
	})

	a.tell("endpointslices", "MODIFIED", slice("one", "1", false))
	until(t, ask, "two is alone", func(s demand.State) bool { return len(s.Pods) == 1 && s.Pods[0].Name == "two" && s.Pods[0].Asked > 75 })
	before := one.asked.Load()
	until(t, ask, "two goes on", func(s demand.State) bool { return two.asked.Load() > 100 && s.Pods[0].Asked > 75 })
	if more := one.asked.Load() - before; more > 10 {
		t.Errorf("a Pod that is not ready any more was sent %d requests", more)
	}

	if code, text := ask(http.MethodDelete, "/demands", ""); code != http.StatusNoContent {
		t.Fatalf("%d %s", code, text)
	}
	if _, text := ask(http.MethodGet, "/demands", ""); text != "[]\n" {
		t.Errorf("after the end: %s", text)
	}
}

func TestPodsAreFoundByTheirLabels(t *testing.T) {
	a, one := newAPI(), &application{}
	a.pod(t, "one", "0", one)
	ask := driven(t, a)
	if code, text := ask(http.MethodPut, "/demands/shop/web", `{"selector": "app=web", "course": [{"milli": 50}]}`); code != http.StatusNoContent {
		t.Fatalf("%d %s", code, text)
	}
	until(t, ask, "it is asked", func(s demand.State) bool { return len(s.Pods) == 1 && one.asked.Load() > 20 })
}
