package hub

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	v1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/klog/v2"

	"kubedrill.dev/sandbox/internal/demand"
)

// load shares the demands among the Pods.
type load struct {
	world   *world
	file    string // Where the demands are kept; nowhere when empty.
	now     func() time.Time
	mu      sync.Mutex
	demands map[string]demand.Demand
	share   map[string]demand.Share // By Pod UID.
	changed chan struct{}
	set     chan struct{} // The demands were set.
}

func newLoad(w *world, file string, now func() time.Time) *load {
	return &load{world: w, file: file, now: now, demands: map[string]demand.Demand{}, share: map[string]demand.Share{}, changed: make(chan struct{}), set: make(chan struct{}, 1)}
}

func podReady(p *v1.Pod) bool {
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

// serving lists the Pods that a demand is shared by, with l.world.mu held.
func (l *load) serving(d *demand.Demand) []*v1.Pod {
	var on []*v1.Pod
	if d.Service != "" {
		on = l.world.podsBehind(d.Namespace, d.Service)
	} else if selector, err := labels.Parse(d.Selector); err == nil {
		for _, p := range l.world.pods {
			if p.Namespace == d.Namespace && podReady(p) && selector.Matches(labels.Set(p.Labels)) {
				on = append(on, p)
			}
		}
	}
	slices.SortFunc(on, func(a, b *v1.Pod) int { return cmp.Compare(a.Name, b.Name) })
	return on
}

// state is what every demand is now, with l.world.mu and l.mu held.
func (l *load) state() []demand.State {
	states := make([]demand.State, 0, len(l.demands))
	for _, k := range slices.Sorted(maps.Keys(l.demands)) {
		d := l.demands[k]
		on := l.serving(&d)
		s := demand.State{Demand: d, Milli: d.At(l.now()), Pods: make([]demand.Pod, 0, len(on))}
		for _, p := range on {
			container, limit := servingContainer(p)
			share := d.Split(s.Milli, len(on), limit)
			share.Container = container
			s.Pods = append(s.Pods, demand.Pod{Name: p.Name, UID: string(p.UID), Labels: p.Labels, Share: share})
		}
		states = append(states, s)
	}
	return states
}

// servingContainer is the container of a Pod that declares a port, with its limit in milliCPU; 0 is none.
func servingContainer(p *v1.Pod) (container string, limit int64) {
	for _, c := range p.Spec.Containers {
		if len(c.Ports) > 0 {
			return c.Name, c.Resources.Limits.Cpu().MilliValue()
		}
	}
	return "", 0
}

// compute shares every demand among its Pods and tells how long that holds; false is until something else changes.
func (l *load) compute() (time.Duration, bool) {
	l.world.mu.RLock()
	defer l.world.mu.RUnlock()
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
	next, changes := time.Duration(0), false
	for _, d := range l.demands {
		if in, ok := d.Next(l.now()); ok && (!changes || in < next) {
			next, changes = in, true
		}
	}
	return next, changes
}

// of gives the shares of a node's Pods, and what is closed when any share changes.
func (l *load) of(node string) (map[string]demand.Share, <-chan struct{}) {
	l.world.mu.RLock()
	defer l.world.mu.RUnlock()
	l.mu.Lock()
	defer l.mu.Unlock()
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
	if err := l.read(); err != nil {
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

// change changes the demands and keeps them; what is not kept is not changed.
func (l *load) change(how func(map[string]demand.Demand)) error {
	l.mu.Lock()
	changed := maps.Clone(l.demands)
	how(changed)
	err := l.write(changed)
	if err == nil {
		l.demands = changed
	}
	l.mu.Unlock()
	if err != nil {
		return err
	}
	l.compute()
	select {
	case l.set <- struct{}{}:
	default:
	}
	return nil
}

// put sets a demand; one that does not say when it begins begins now.
func (l *load) put(d demand.Demand) error {
	if err := d.Validate(); err != nil {
		return err
	}
	if d.Since.IsZero() {
		d.Since = l.now()
	}
	return l.change(func(all map[string]demand.Demand) { all[d.Key()] = d })
}
