// Package hub is what a cluster has once beside its nodes: the way of the API server and of Pods to Pods, cluster DNS, Services,
// network policies, the load, and the controllers that a cloud would bring (volumes, load balancer addresses).
// It knows nothing of what containers do.
package hub

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	v1 "k8s.io/api/core/v1"
	discovery "k8s.io/api/discovery/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	clientset "k8s.io/client-go/kubernetes"
	"k8s.io/client-go/kubernetes/scheme"
	typedv1 "k8s.io/client-go/kubernetes/typed/core/v1"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/cache"
	"k8s.io/client-go/tools/record"

	"kubedrill.dev/sandbox/internal/link"
)

// fieldManager owns what the hub writes.
const fieldManager = "kubedrill.dev/hub"

var patchOptions = metav1.PatchOptions{FieldManager: fieldManager}

// Config is one hub.
type Config struct {
	Sockets         string // The folder of the hub's and the nodes' sockets.
	Storage         string // The folder of the persistent volumes; no provisioner when empty.
	Load            string // The file that the demands are kept in.
	Proxy           string // Where to serve as an HTTP proxy, too: HOST:PORT.
	ProxySecretFile string // Holds the proxy's password.
}

// Run serves until ctx ends.
func Run(ctx context.Context, c Config, rc *rest.Config, client clientset.Interface) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	apiServer, err := url.Parse(rc.Host)
	if err != nil {
		return fmt.Errorf("address of the API server: %w", err)
	}
	broadcaster := record.NewBroadcaster(record.WithContext(ctx))
	broadcaster.StartRecordingToSink(&typedv1.EventSinkImpl{Interface: client.CoreV1().Events("")})
	recorder := broadcaster.NewRecorder(scheme.Scheme, v1.EventSource{Component: fieldManager})

	w := newWorld()
	load := newLoad(w, c.Load, time.Now)
	balancer := newBalancer(client, recorder)
	synced := w.follow(ctx, client, func(object any, gone bool) {
		switch o := object.(type) {
		case *v1.Pod, *discovery.EndpointSlice:
			load.compute()
		case *v1.Service:
			balancer.queue.Add(key(o))
		}
	})
	s := &server{sockets: c.Sockets, world: w, router: &router{world: w, apiServer: apiServer.Host, affinity: affinity{now: time.Now}}, load: load, labels: &nodeLabels{client}}
	if err := s.listen(ctx, cancel, c); err != nil {
		return err
	}
	if c.Storage != "" {
		p, err := newProvisioner(client, recorder, c.Storage)
		if err != nil {
			return err
		}
		p.follow(ctx)
	}
	if cache.WaitForCacheSync(ctx.Done(), synced...) {
		go balancer.run(ctx, w)
		load.run(ctx)
	}
	<-ctx.Done()
	if err := context.Cause(ctx); !errors.Is(err, context.Canceled) {
		return err
	}
	return nil
}

// listen serves on the hub's socket and, if asked to, as a proxy for programs that know only HTTPS_PROXY.
func (s *server) listen(ctx context.Context, failed context.CancelCauseFunc, c Config) error {
	socket := link.HubSocket(c.Sockets)
	if err := os.Remove(socket); err != nil && !os.IsNotExist(err) {
		return fmt.Errorf("remove old socket: %w", err)
	}
	l, err := net.Listen("unix", socket)
	if err != nil {
		return fmt.Errorf("listen on the hub's socket: %w", err)
	}
	serve(ctx, failed, l, s)
	if c.Proxy == "" {
		return nil
	}
	secret, err := os.ReadFile(c.ProxySecretFile)
	if err != nil {
		return fmt.Errorf("read the proxy's secret: %w", err)
	}
	password := strings.TrimSpace(string(secret))
	if password == "" {
		return fmt.Errorf("the proxy's secret file %s is empty", c.ProxySecretFile)
	}
	p, err := net.Listen("tcp", c.Proxy)
	if err != nil {
		return fmt.Errorf("listen as a proxy: %w", err)
	}
	serve(ctx, failed, p, withSecret(password, s))
	return nil
}

func serve(ctx context.Context, failed context.CancelCauseFunc, l net.Listener, handler http.Handler) {
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second}
	context.AfterFunc(ctx, func() { _ = server.Close() })
	go func() {
		if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			failed(fmt.Errorf("serve on %s: %w", l.Addr(), err))
		}
	}()
}
