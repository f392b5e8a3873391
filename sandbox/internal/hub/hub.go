// Package hub is the part of the simulated network that one cluster has once: the API server's way to Pods and nodes, names, Services and load.
package hub

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	v1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/apimachinery/pkg/labels"
	clientset "k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/cache"
	"k8s.io/klog/v2"

	"kubedrill.dev/sandbox/internal/link"
	"kubedrill.dev/sandbox/internal/shell"
)

// The hub is one per cluster. It is where the API server's egress goes (HTTP CONNECT on a unix socket), and it computes the load.

// demand is one line of the load file: so much CPU in all for the Pods that match.
type demand struct {
	Namespace, Selector string
	Milli, Cap          int64
}

type hub struct {
	client   clientset.Interface
	dir      string
	loadFile string
	mu       sync.Mutex
	pods     map[string]*v1.Pod // by UID, stripped
	demands  []demand
	share    map[string]int64
	changed  chan struct{}
}

func ready(p *v1.Pod) bool {
	if p.DeletionTimestamp != nil {
		return false
	}
	for _, c := range p.Status.Conditions {
		if c.Type == v1.PodReady {
			return c.Status == v1.ConditionTrue
		}
	}
	return false
}

// compute shares every demand among the ready Pods; with h.mu held.
func (h *hub) compute() {
	share := map[string]int64{}
	for _, d := range h.demands {
		sel, err := labels.Parse(d.Selector)
		if err != nil {
			continue
		}
		var on []string
		for uid, p := range h.pods {
			if p.Namespace == d.Namespace && ready(p) && sel.Matches(labels.Set(p.Labels)) {
				on = append(on, uid)
			}
		}
		for _, uid := range on {
			n := d.Milli / int64(len(on))
			if d.Cap > 0 {
				n = min(n, d.Cap)
			}
			share[uid] += n
		}
	}
	if !maps.Equal(share, h.share) {
		h.share = share
		close(h.changed)
		h.changed = make(chan struct{})
	}
}

func (h *hub) onPod(obj any, gone bool) {
	if d, ok := obj.(cache.DeletedFinalStateUnknown); ok {
		obj = d.Obj
	}
	p, ok := obj.(*v1.Pod)
	if !ok {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if gone {
		delete(h.pods, string(p.UID))
	} else {
		h.pods[string(p.UID)] = p
	}
	h.compute()
}

// dial reaches a simulated Pod through its node, or a real port on this machine; nothing else.
func (h *hub) dial(addr string) (net.Conn, error) {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, err
	}
	if host == "localhost" || host == "127.0.0.1" {
		return net.Dial("tcp", net.JoinHostPort("127.0.0.1", port))
	}
	if strings.HasPrefix(host, "172.18.0.") { // A node's own address: its kubelet.
		return net.Dial("tcp", net.JoinHostPort("127.0.0.1", port))
	}
	h.mu.Lock()
	node := ""
	for _, p := range h.pods {
		if p.Status.PodIP == host && !p.Spec.HostNetwork && p.Status.Phase == v1.PodRunning {
			node = p.Spec.NodeName
		}
	}
	h.mu.Unlock()
	if node == "" {
		return nil, fmt.Errorf("dial tcp %s: connect: no route to host", addr)
	}
	return link.Tunnel(h.dir, node, addr)
}

// route is dial for a Pod: names and cluster addresses become a ready endpoint, as cluster DNS and kube-proxy would make them.
// It is the place to ask whether the network policies let the Pod through.
func (h *hub) route(ctx context.Context, addr, from string) (net.Conn, error) {
	if from == "" { // the API server
		return h.dial(addr)
	}
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, err
	}
	namespace, _, _ := strings.Cut(from, "/")
	var svc *v1.Service
	if net.ParseIP(host) == nil {
		parts := strings.Split(strings.TrimSuffix(strings.TrimSuffix(strings.TrimSuffix(host, "."), ".cluster.local"), ".svc"), ".")
		if len(parts) == 1 {
			parts = append(parts, namespace)
		}
		if len(parts) == 2 {
			svc, _ = h.client.CoreV1().Services(parts[1]).Get(ctx, parts[0], metav1.GetOptions{})
		}
		if svc == nil || svc.Name == "" {
			return nil, fmt.Errorf("bad address '%s'", host)
		}
		if port == "0" {
			return nil, fmt.Errorf("resolved %s.%s.svc.cluster.local %s", svc.Name, svc.Namespace, svc.Spec.ClusterIP)
		}
	} else if strings.HasPrefix(host, "10.96.") {
		list, err := h.client.CoreV1().Services("").List(ctx, metav1.ListOptions{ResourceVersion: "0"})
		if err != nil {
			return nil, err
		}
		for i := range list.Items {
			if list.Items[i].Spec.ClusterIP == host {
				svc = &list.Items[i]
			}
		}
	} else {
		if host == "127.0.0.1" {
			return nil, fmt.Errorf("dial tcp %s: connect: connection refused", addr)
		}
		return h.dial(addr)
	}
	refused := fmt.Errorf("dial tcp %s: connect: connection refused", addr)
	if svc == nil {
		return nil, fmt.Errorf("dial tcp %s: i/o timeout", addr)
	}
	slices, err := h.client.DiscoveryV1().EndpointSlices(svc.Namespace).List(ctx, metav1.ListOptions{LabelSelector: "kubernetes.io/service-name=" + svc.Name, ResourceVersion: "0"})
	if err != nil {
		return nil, err
	}
	var to []string
	for _, p := range svc.Spec.Ports {
		if fmt.Sprint(p.Port) != port {
			continue
		}
		for _, s := range slices.Items {
			for _, sp := range s.Ports {
				if sp.Name == nil || sp.Port == nil || *sp.Name != p.Name {
					continue
				}
				for _, e := range s.Endpoints {
					if e.Conditions.Ready == nil || *e.Conditions.Ready {
						to = append(to, net.JoinHostPort(e.Addresses[0], fmt.Sprint(*sp.Port)))
					}
				}
			}
		}
	}
	if len(to) == 0 {
		return nil, refused
	}
	return h.dial(to[rand.IntN(len(to))])
}

func (h *hub) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	if req.Method == http.MethodConnect {
		to, err := h.route(req.Context(), req.Host, req.Header.Get(link.FromHeader))
		if err != nil {
			klog.InfoS("egress", "to", req.Host, "err", err)
			if conn, _, herr := w.(http.Hijacker).Hijack(); herr == nil {
				fmt.Fprintf(conn, "HTTP/1.1 502 %s\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", err)
				conn.Close()
			}
			return
		}
		from, buf, err := w.(http.Hijacker).Hijack()
		if err != nil {
			to.Close()
			return
		}
		fmt.Fprint(from, "HTTP/1.1 200 Connection established\r\n\r\n")
		tunnel(from, buf, to)
		return
	}
	if req.URL.Path == "/resolve" {
		_, err := h.route(req.Context(), req.URL.Query().Get("name")+":0", req.URL.Query().Get("from"))
		found, ok := strings.CutPrefix(fmt.Sprint(err), "resolved ")
		if !ok {
			http.NotFound(w, req)
			return
		}
		name, ip, _ := strings.Cut(found, " ")
		_ = json.NewEncoder(w).Encode(shell.Answer{Name: name, Addresses: []string{ip}})
		return
	}
	if req.URL.Path != "/load" {
		http.NotFound(w, req)
		return
	}
	// A node waits here for its shares: one line of JSON per change.
	node := req.URL.Query().Get("node")
	enc, last := json.NewEncoder(w), map[string]int64{"": 0}
	for {
		h.mu.Lock()
		mine := map[string]int64{}
		for uid, n := range h.share {
			if p := h.pods[uid]; p != nil && p.Spec.NodeName == node {
				mine[uid] = n
			}
		}
		changed := h.changed
		h.mu.Unlock()
		if !maps.Equal(mine, last) {
			if enc.Encode(mine) != nil {
				return
			}
			_ = http.NewResponseController(w).Flush()
			last = mine
		}
		select {
		case <-changed:
		case <-req.Context().Done():
			return
		}
	}
}

func tunnel(a net.Conn, buffered io.Reader, b net.Conn) {
	done := make(chan struct{}, 2)
	go func() { _, _ = io.Copy(b, buffered); closeWrite(b); done <- struct{}{} }()
	go func() { _, _ = io.Copy(a, b); closeWrite(a); done <- struct{}{} }()
	<-done
	<-done
	a.Close()
	b.Close()
}

func closeWrite(c net.Conn) {
	if w, ok := c.(interface{ CloseWrite() error }); ok {
		_ = w.CloseWrite()
	}
}

// Run serves until it fails.
func Run(ctx context.Context, client clientset.Interface, dir, loadFile, tcp string) error {
	h := &hub{client: client, dir: dir, loadFile: loadFile, pods: map[string]*v1.Pod{}, changed: make(chan struct{})}
	lw := cache.NewListWatchFromClient(client.CoreV1().RESTClient(), "pods", metav1.NamespaceAll, fields.Everything())
	_, informer := cache.NewInformerWithOptions(cache.InformerOptions{
		ListerWatcher: lw, ObjectType: &v1.Pod{},
		Transform: func(o any) (any, error) {
			p, ok := o.(*v1.Pod)
			if !ok {
				return o, nil
			}
			s := &v1.Pod{ObjectMeta: metav1.ObjectMeta{Name: p.Name, Namespace: p.Namespace, UID: p.UID, Labels: p.Labels, ResourceVersion: p.ResourceVersion, DeletionTimestamp: p.DeletionTimestamp}}
			s.Spec.NodeName, s.Spec.HostNetwork = p.Spec.NodeName, p.Spec.HostNetwork
			s.Status.PodIP, s.Status.Phase, s.Status.Conditions = p.Status.PodIP, p.Status.Phase, p.Status.Conditions
			return s, nil
		},
		Handler: cache.ResourceEventHandlerFuncs{
			AddFunc:    func(o any) { h.onPod(o, false) },
			UpdateFunc: func(_, o any) { h.onPod(o, false) },
			DeleteFunc: func(o any) { h.onPod(o, true) },
		},
	})
	go informer.RunWithContext(ctx)
	go func() {
		var seen time.Time
		for range time.Tick(time.Second) {
			st, err := os.Stat(loadFile)
			if err != nil || st.ModTime().Equal(seen) {
				continue
			}
			seen = st.ModTime()
			b, _ := os.ReadFile(loadFile)
			var d []demand
			if err := json.Unmarshal(b, &d); err != nil {
				klog.ErrorS(err, "load file")
				continue
			}
			h.mu.Lock()
			h.demands = d
			h.compute()
			h.mu.Unlock()
		}
	}()
	sock := filepath.Join(dir, "hub.sock")
	_ = os.Remove(sock)
	l, err := net.Listen("unix", sock)
	if err != nil {
		return err
	}
	if tcp != "" { // for clients that know only HTTPS_PROXY
		t, err := net.Listen("tcp", tcp)
		if err != nil {
			return err
		}
		go func() { _ = http.Serve(t, h) }()
	}
	return http.Serve(l, h)
}
