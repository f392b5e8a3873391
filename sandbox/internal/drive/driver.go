// Package drive plays demands on real containers: every Pod that serves a demand is sent its share as requests over the network, and
// what is told of it is what came of them.
package drive

import (
	"context"
	"fmt"
	"net"
	"strconv"
	"sync"
	"time"

	v1 "k8s.io/api/core/v1"
	discovery "k8s.io/api/discovery/v1"

	"kubedrill.dev/sandbox/internal/demand"
	"kubedrill.dev/sandbox/internal/demands"
	"kubedrill.dev/sandbox/internal/serving"
)

// looks is how often it is counted what came of the requests.
const looks = time.Second

// Driver sends the requests of all demands.
type Driver struct {
	store *demands.Store
	now   func() time.Time
	wake  chan struct{} // Demands or Pods are others now.

	mu      sync.Mutex
	objects serving.Objects
	streams map[place]*traffic
}

// place is where a demand's requests go.
type place struct{ demand, pod, address string }

// New drives nothing yet; it keeps the demands in a file, if it is given one.
func New(file string, now func() time.Time) *Driver {
	d := &Driver{
		now: now, wake: make(chan struct{}, 1), streams: map[place]*traffic{},
		objects: serving.Objects{Pods: map[string]*v1.Pod{}, Services: map[string]*v1.Service{}, Slices: map[string]*discovery.EndpointSlice{}},
	}
	d.store = demands.New(file, now, d.changed)
	return d
}

func (d *Driver) changed() {
	select {
	case d.wake <- struct{}{}:
	default:
	}
}

// put takes an object of the cluster as it is now; gone tells that it was deleted.
func (d *Driver) put(object any, gone bool) {
	d.mu.Lock()
	switch o := object.(type) {
	case *v1.Pod:
		set(d.objects.Pods, o.Namespace+"/"+o.Name, o, gone)
	case *v1.Service:
		set(d.objects.Services, o.Namespace+"/"+o.Name, o, gone)
	case *discovery.EndpointSlice:
		set(d.objects.Slices, o.Namespace+"/"+o.Name, o, gone)
	}
	d.mu.Unlock()
	d.changed()
}

func set[T any](all map[string]T, key string, value T, gone bool) {
	if gone {
		delete(all, key)
	} else {
		all[key] = value
	}
}

// run sends until ctx ends.
func (d *Driver) run(ctx context.Context) error {
	if err := d.store.Read(); err != nil {
		return fmt.Errorf("take up the demands: %w", err)
	}
	count := time.NewTicker(looks)
	defer count.Stop()
	for {
		d.adjust(ctx)
		next, changes := d.store.Next()
		if !changes {
			next = time.Hour
		}
		course := time.NewTimer(next)
		select {
		case <-course.C:
		case <-d.wake:
		case <-count.C:
			d.count()
		case <-ctx.Done():
			course.Stop()
			return nil
		}
		course.Stop()
	}
}

// adjust makes every Pod that serves a demand get its share, and nobody else anything.
func (d *Driver) adjust(ctx context.Context) {
	all := d.store.All()
	d.mu.Lock()
	defer d.mu.Unlock()
	kept := map[place]bool{}
	for _, one := range all {
		on := d.objects.Servers(&one)
		expected := serving.State(&one, on, d.now())
		for i, server := range on {
			if server.Port == 0 || server.Pod.Status.PodIP == "" {
				continue
			}
			to := at(&one, server)
			kept[to] = true
			if d.streams[to] == nil {
				d.streams[to] = begin(ctx, to.address)
			}
			_, limit := serving.Limit(server.Pod)
			d.streams[to].set(expected.Pods[i].Share, one.Most(limit))
		}
	}
	for to, t := range d.streams {
		if !kept[to] {
			t.end()
			delete(d.streams, to)
		}
	}
}

func at(d *demand.Demand, server serving.Server) place {
	address := net.JoinHostPort(server.Pod.Status.PodIP, strconv.Itoa(int(server.Port)))
	return place{d.Key(), string(server.Pod.UID), address}
}

func (d *Driver) count() {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, t := range d.streams {
		t.count()
	}
}

// States is what every demand is now: measured, where it has been for long enough.
func (d *Driver) States() []demand.State {
	all := d.store.All()
	d.mu.Lock()
	defer d.mu.Unlock()
	states := make([]demand.State, 0, len(all))
	for _, one := range all {
		on := d.objects.Servers(&one)
		state := serving.State(&one, on, d.now())
		for i, server := range on {
			if t := d.streams[at(&one, server)]; t != nil {
				state.Pods[i].Share = t.share(state.Pods[i].Share)
			}
		}
		states = append(states, state)
	}
	return states
}

// Demands is States, for who asks as others ask the hub.
func (d *Driver) Demands(context.Context) ([]demand.State, error) { return d.States(), nil }
