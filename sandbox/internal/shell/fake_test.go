package shell

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"kubedrill.dev/sandbox/internal/catalogue"
	"kubedrill.dev/sandbox/internal/files"
	"kubedrill.dev/sandbox/internal/redis"
)

// fake is a container in a cluster of three names: web answers HTTP, refused refuses, cache is a Redis.
type fake struct {
	*files.Tree
	image  *catalogue.Image
	uid    int64
	env    map[string]string
	done   chan struct{}
	store  *redis.Store
	mu     sync.Mutex
	listen map[string]chan net.Conn
	killed []string
	played [][]string
}

func newFake(t *testing.T, base string, tools ...string) *fake {
	t.Helper()
	f := &fake{
		Tree:  files.New(nil, map[string]string{"/etc/passwd": "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n", "/app/server.js": "x", "/etc/hosts": "10.244.1.7\tpod-1\n", "/data/list": "b 2\na 10\nc 1\n"}, false),
		image: &catalogue.Image{Base: base, Tools: tools, Files: map[string]string{"/app/server.js": "x"}},
		env:   map[string]string{"PATH": "/usr/bin:/bin", "HOME": "/root", "GREETING": "hello"},
		done:  make(chan struct{}), store: redis.NewStore(""), listen: map[string]chan net.Conn{},
	}
	return f
}

func (f *fake) Image() *catalogue.Image { return f.image }
func (f *fake) Hostname() string        { return "pod-1" }
func (f *fake) PodIP() string           { return "10.244.1.7" }
func (f *fake) Env() map[string]string  { return f.env }
func (f *fake) WorkingDir() string      { return "/" }
func (f *fake) User() (int64, int64)    { return f.uid, f.uid }
func (f *fake) Done() <-chan struct{}   { return f.done }

func (f *fake) List() []Process { return []Process{{PID: 1, Argv: []string{"sleep", "3600"}}} }

func (f *fake) Signal(pid int, s syscall.Signal) error {
	if pid != 1 {
		return syscall.ESRCH
	}
	f.killed = append(f.killed, s.String())
	return nil
}

func (f *fake) Play(_ context.Context, argv []string) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.played = append(f.played, argv)
	return 0
}

func (f *fake) Resolve(_ context.Context, name string) (Answer, error) {
	short, _, _ := strings.Cut(name, ".")
	if a := map[string]string{"web": "10.96.0.1", "refused": "10.96.0.2", "cache": "10.96.0.3", "silent": "10.96.0.4"}[short]; a != "" {
		return Answer{Name: short + ".shop.svc.cluster.local", Addresses: []string{a}}, nil
	}
	return Answer{}, NoSuchName{Name: name}
}

func (f *fake) Dial(ctx context.Context, address string) (net.Conn, error) {
	near, far := net.Pipe()
	switch address {
	case "10.96.0.1:80":
		go serveOnce(far)
	case "10.96.0.3:6379", "127.0.0.1:6379":
		go func() { _ = f.store.Serve(far); _ = far.Close() }()
	case "127.0.0.1:5432", "127.0.0.1:3306":
	case "10.96.0.4:80":
		<-ctx.Done()
		return nil, ctx.Err()
	default:
		f.mu.Lock()
		to := f.listen[address[strings.LastIndexByte(address, ':')+1:]]
		f.mu.Unlock()
		if to != nil && strings.HasPrefix(address, "127.0.0.1:") {
			to <- far
			return near, nil
		}
		return nil, fmt.Errorf("dial tcp %s: connect: connection refused", address)
	}
	return near, nil
}

type pipeListener chan net.Conn

func (p pipeListener) Accept() (net.Conn, error) {
	c, ok := <-p
	if !ok {
		return nil, net.ErrClosed
	}
	return c, nil
}
func (p pipeListener) Close() error   { return nil }
func (p pipeListener) Addr() net.Addr { return &net.TCPAddr{} }

func (f *fake) Listen(port int32) (net.Listener, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	ch := make(chan net.Conn, 4)
	f.listen[fmt.Sprint(port)] = ch
	return pipeListener(ch), nil
}

// serveOnce answers one request: / with a page, /echo with what came, /moved with another place, else 404.
func serveOnce(conn net.Conn) {
	l := pipeListener(make(chan net.Conn, 1))
	l <- conn
	mux := http.NewServeMux()
	mux.HandleFunc("/{$}", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "welcome\n") })
	mux.HandleFunc("/moved", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/", http.StatusFound) })
	mux.HandleFunc("/echo", func(w http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		fmt.Fprintf(w, "%s %s %s host=%s x=%s\n", r.Method, r.URL.RequestURI(), b, r.Host, r.Header.Get("X-Test"))
	})
	_ = (&http.Server{Handler: mux}).Serve(l)
}

type result struct {
	out, err string
	code     int
}

func (f *fake) run(t *testing.T, argv ...string) result {
	t.Helper()
	return f.runWith(t, "", argv...)
}

func (f *fake) runWith(t *testing.T, in string, argv ...string) result {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	var out, errOut safeBuffer
	code := Run(ctx, f, argv, Streams{In: strings.NewReader(in), Out: &out, Err: &errOut})
	if ctx.Err() != nil {
		t.Fatalf("%q did not end; out %q err %q", argv, out.String(), errOut.String())
	}
	return result{out.String(), errOut.String(), code}
}

type safeBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *safeBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *safeBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}
