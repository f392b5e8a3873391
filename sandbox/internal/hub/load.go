package hub

import (
	"context"
	"maps"
	"net/http"
	"sync"
	"time"

	"k8s.io/klog/v2"

	"kubedrill.dev/sandbox/internal/demand"
	"kubedrill.dev/sandbox/internal/demands"
	"kubedrill.dev/sandbox/internal/serving"
)

// load shares the demands among the Pods.
type load struct {
	world   *world
	now     func() time.Time
	store   *demands.Store
	mu      sync.Mutex
	share   map[string]demand.Share // By Pod UID.
	changed chan struct{}
	set     chan struct{} // The demands were set.
}

func newLoad(w *world, file string, now func() time.Time) *load {
	l := &load{world: w, now: now, share: map[string]demand.Share{}, changed: make(chan struct{}), set: make(chan struct{}, 1)}
	l.store = demands.New(file, now, func() {
		l.compute()
		select {
		case l.set <- struct{}{}:
		default:
		}
	})
	return l
}

// state is what every demand is now.
func (l *load) state() []demand.State {
	all := l.store.All()
	l.world.mu.RLock()
	defer l.world.mu.RUnlock()
	states, objects := make([]demand.State, 0, len(all)), l.world.objects()
	for _, d := range all {
		states = append(states, serving.State(&d, objects.Servers(&d), l.now()))
	}
	return states
}

func (l *load) demandsHandler() http.Handler { return l.store.Handler(l.state) }

// compute shares every demand among its Pods and tells how long that holds; false is until something else changes.
func (l *load) compute() (time.Duration, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	share := map[string]demand.Share{}
	for _, s := range l.state() {
		for _, p := range s.Pods {
			share[p.UID] = share[p.UID].And(p.Share)
		}
	}
	if !maps.Equal(share, l.share) {
		l.share = share
		close(l.changed)
		l.changed = make(chan struct{})
	}
	return l.store.Next()
}

// of gives the shares of a node's Pods, and what is closed when any share changes.
func (l *load) of(node string) (map[string]demand.Share, <-chan struct{}) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.world.mu.RLock()
	defer l.world.mu.RUnlock()
	mine := map[string]demand.Share{}
	for _, p := range l.world.pods {
		if s, ok := l.share[string(p.UID)]; ok && p.Spec.NodeName == node {
			mine[string(p.UID)] = s
		}
	}
	return mine, l.changed
}

// run follows the courses of the demands until ctx ends.
func (l *load) run(ctx context.Context) {
	if err := l.store.Read(); err != nil {
		klog.ErrorS(err, "The demands are forgotten")
	}
	for {
		next, changes := l.compute()
		if !changes {
			next = time.Hour
		}
		timer := time.NewTimer(next)
		select {
		case <-timer.C:
		case <-l.set:
		case <-ctx.Done():
		}
		timer.Stop()
		if ctx.Err() != nil {
			return
		}
	}
}
