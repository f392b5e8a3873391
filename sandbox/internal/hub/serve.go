package hub

import (
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"strings"

	v1 "k8s.io/api/core/v1"
	"k8s.io/klog/v2"

	"kubedrill.dev/sandbox/internal/demand"
	"kubedrill.dev/sandbox/internal/link"
	"kubedrill.dev/sandbox/internal/shell"
)

// server answers on the hub's socket: CONNECT for tunnels, /resolve for names, /load for a node's load, /demands for what makes it, /labels for a node's labels.
type server struct {
	sockets string
	world   *world
	router  *router
	load    *load
	labels  *nodeLabels
}

func (s *server) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	switch {
	case req.Method == http.MethodConnect:
		s.connect(w, req)
	case req.URL.Path == "/resolve":
		s.resolve(w, req)
	case req.URL.Path == "/load":
		s.followLoad(w, req)
	case strings.HasPrefix(req.URL.Path, "/demands"):
		s.load.demandsHandler().ServeHTTP(w, req)
	case req.URL.Path == "/labels" && req.Method == http.MethodPost:
		s.setLabels(w, req)
	default:
		http.NotFound(w, req)
	}
}

// pod is who asks; nil for the control plane. A Pod that is not there yet, or not any more, counts by its namespace.
func (s *server) pod(from string) *v1.Pod {
	if from == "" {
		return nil
	}
	s.world.mu.RLock()
	defer s.world.mu.RUnlock()
	if p := s.world.pods[from]; p != nil {
		return p
	}
	p := &v1.Pod{}
	p.Namespace, p.Name, _ = strings.Cut(from, "/")
	return p
}

func (s *server) connect(w http.ResponseWriter, req *http.Request) {
	to, err := s.dial(s.pod(req.Header.Get(link.FromHeader)), req.Host)
	conn, buffered, hijackErr := http.NewResponseController(w).Hijack()
	if hijackErr != nil {
		klog.ErrorS(hijackErr, "Cannot take over the connection")
		if to != nil {
			_ = to.Close()
		}
		return
	}
	if err != nil {
		klog.V(2).InfoS("No way", "from", req.Header.Get(link.FromHeader), "to", req.Host, "err", err)
		// The API server shows the reason phrase to whoever asked.
		_, _ = fmt.Fprintf(conn, "HTTP/1.1 502 %s\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", err)
		_ = conn.Close()
		return
	}
	if _, err := io.WriteString(conn, "HTTP/1.1 200 Connection established\r\n\r\n"); err != nil {
		_ = conn.Close()
		_ = to.Close()
		return
	}
	join(conn, buffered, to)
}

func (s *server) dial(pod *v1.Pod, address string) (net.Conn, error) {
	t, err := s.router.route(pod, address)
	switch {
	case err != nil:
		return nil, err
	case t.node != "":
		return link.Tunnel(s.sockets, t.node, t.address)
	default:
		return net.Dial("tcp", t.address)
	}
}

func join(a net.Conn, buffered io.Reader, b net.Conn) {
	done := make(chan struct{}, 2)
	pass := func(to net.Conn, from io.Reader) {
		_, _ = io.Copy(to, from)
		if w, ok := to.(interface{ CloseWrite() error }); ok {
			_ = w.CloseWrite()
		}
		done <- struct{}{}
	}
	go pass(b, buffered)
	go pass(a, b)
	<-done
	<-done
	_ = a.Close()
	_ = b.Close()
}

func (s *server) resolve(w http.ResponseWriter, req *http.Request) {
	pod := s.pod(req.URL.Query().Get("from"))
	s.world.mu.RLock()
	answer, err := s.router.resolve(pod, req.URL.Query().Get("name"))
	s.world.mu.RUnlock()
	if errors.As(err, &shell.NoSuchName{}) {
		http.NotFound(w, req)
		return
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusGatewayTimeout)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(answer)
}

// followLoad sends one line of JSON at once and at every change.
func (s *server) followLoad(w http.ResponseWriter, req *http.Request) {
	node := req.URL.Query().Get("node")
	encoder, last := json.NewEncoder(w), map[string]demand.Share(nil)
	for {
		mine, changed := s.load.of(node)
		if last == nil || !maps.Equal(mine, last) {
			if encoder.Encode(mine) != nil || http.NewResponseController(w).Flush() != nil {
				return
			}
			last = mine
		}
		select {
		case <-changed:
		case <-req.Context().Done():
			return
		}
	}
}

func (s *server) setLabels(w http.ResponseWriter, req *http.Request) {
	var set map[string]string
	if err := json.NewDecoder(io.LimitReader(req.Body, 1<<16)).Decode(&set); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	if err := s.labels.set(req.Context(), req.URL.Query().Get("node"), set); err != nil {
		http.Error(w, err.Error(), http.StatusServiceUnavailable)
	}
}

// withSecret lets only those through who know the proxy's password: every user of this machine can reach its port. They may dial, and
// look at the demands and set them.
func withSecret(secret string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		asked := &http.Request{Header: http.Header{"Authorization": req.Header["Proxy-Authorization"]}}
		_, password, _ := asked.BasicAuth()
		may := req.Method == http.MethodConnect || strings.HasPrefix(req.URL.Path, "/demands")
		if !may || req.Header.Get(link.FromHeader) != "" || subtle.ConstantTimeCompare([]byte(password), []byte(secret)) != 1 {
			w.Header().Set("Proxy-Authenticate", `Basic realm="kubedrill"`)
			w.WriteHeader(http.StatusProxyAuthRequired)
			return
		}
		next.ServeHTTP(w, req)
	})
}
