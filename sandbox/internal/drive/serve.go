package drive

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"strings"
	"time"

	v1 "k8s.io/api/core/v1"
	discovery "k8s.io/api/discovery/v1"
	clientset "k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/cache"

	"kubedrill.dev/sandbox/internal/follow"
)

// SecretHeader has the password of who may see and set the demands: any Pod can reach the port.
const SecretHeader = "Kubedrill-Secret"

// Config is one driver.
type Config struct {
	Listen     string // Where the demands are seen and set: HOST:PORT. Nothing is driven when it is empty.
	File       string // Where they are kept.
	SecretFile string // Holds the password.
}

// Run drives until ctx ends, the demands that are set at c.Listen. ready is called once the driver knows the cluster.
func (d *Driver) Run(ctx context.Context, c Config, client clientset.Interface, ready func()) error {
	secret, err := os.ReadFile(c.SecretFile)
	if err != nil {
		return fmt.Errorf("read the secret: %w", err)
	}
	password := strings.TrimSpace(string(secret))
	if password == "" {
		return fmt.Errorf("the secret file %s is empty", c.SecretFile)
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	core := client.CoreV1().RESTClient()
	synced := []cache.InformerSynced{
		follow.Kind(ctx, core, "pods", &v1.Pod{}, d.put),
		follow.Kind(ctx, core, "services", &v1.Service{}, d.put),
		follow.Kind(ctx, client.DiscoveryV1().RESTClient(), "endpointslices", &discovery.EndpointSlice{}, d.put),
	}
	if !cache.WaitForCacheSync(ctx.Done(), synced...) {
		return context.Cause(ctx)
	}
	l, err := net.Listen("tcp", c.Listen)
	if err != nil {
		return fmt.Errorf("listen for demands: %w", err)
	}
	server := &http.Server{Handler: withSecret(password, d.store.Handler(d.States)), ReadHeaderTimeout: 10 * time.Second}
	context.AfterFunc(ctx, func() { _ = server.Close() })
	go func() {
		if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			cancel(fmt.Errorf("serve the demands: %w", err))
		}
	}()
	ready()
	if err := d.run(ctx); err != nil {
		return err
	}
	if err := context.Cause(ctx); !errors.Is(err, context.Canceled) {
		return err
	}
	return nil
}

// withSecret lets only those through who know the password.
func withSecret(password string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		if subtle.ConstantTimeCompare([]byte(req.Header.Get(SecretHeader)), []byte(password)) != 1 {
			http.Error(w, "the password is missing or wrong", http.StatusUnauthorized)
			return
		}
		next.ServeHTTP(w, req)
	})
}
