package hub

import (
	"context"
	"encoding/json"
	"maps"
	"os"
	"sync"
	"time"

	v1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/klog/v2"
)

// demand is one line of the load file: so much CPU in all, shared by the ready Pods that match.
type demand struct {
	Namespace string `json:"namespace"`
	Selector  string `json:"selector"`
	Milli     int64  `json:"milli"`
	Cap       int64  `json:"cap"` // The most that one Pod takes; 0 is no bound.
}

// load shares the demands among the Pods.
type load struct {
	world   *world
	mu      sync.Mutex
	demands []demand
	share   map[string]int64 // MilliCPU by Pod UID.
	changed chan struct{}
}

func newLoad(w *world) *load {
	return &load{world: w, share: map[string]int64{}, changed: make(chan struct{})}
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

// compute shares every demand among the ready Pods.
func (l *load) compute() {
	l.world.mu.RLock()
	defer l.world.mu.RUnlock()
	l.mu.Lock()
	defer l.mu.Unlock()
	share := map[string]int64{}
	for _, d := range l.demands {
		selector, err := labels.Parse(d.Selector)
		if err != nil {
			klog.ErrorS(err, "Load file: bad selector", "selector", d.Selector)
			continue
		}
		var on []string
		for _, p := range l.world.pods {
			if p.Namespace == d.Namespace && podReady(p) && selector.Matches(labels.Set(p.Labels)) {
				on = append(on, string(p.UID))
			}
		}
		for _, uid := range on {
			each := d.Milli / int64(len(on))
			if d.Cap > 0 {
				each = min(each, d.Cap)
			}
			share[uid] += each
		}
	}
	if !maps.Equal(share, l.share) {
		l.share = share
		close(l.changed)
		l.changed = make(chan struct{})
	}
}

// of gives the shares of a node's Pods, and what is closed when any share changes.
func (l *load) of(node string) (map[string]int64, <-chan struct{}) {
	l.world.mu.RLock()
	defer l.world.mu.RUnlock()
	l.mu.Lock()
	defer l.mu.Unlock()
	mine := map[string]int64{}
	for _, p := range l.world.pods {
		if n, ok := l.share[string(p.UID)]; ok && p.Spec.NodeName == node {
			mine[string(p.UID)] = n
		}
	}
	return mine, l.changed
}

// loadFilePoll is how often the load file is looked at: file notices are not to be had on every file system.
const loadFilePoll = time.Second

// followFile takes the demands from the load file whenever it changes; a file that cannot be read leaves them as they are.
func (l *load) followFile(ctx context.Context, path string) {
	if path == "" {
		return
	}
	ticker := time.NewTicker(loadFilePoll)
	defer ticker.Stop()
	var seen time.Time
	for {
		if st, err := os.Stat(path); err == nil && !st.ModTime().Equal(seen) {
			seen = st.ModTime()
			l.read(path)
		}
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return
		}
	}
}

func (l *load) read(path string) {
	b, err := os.ReadFile(path)
	if err != nil {
		klog.ErrorS(err, "Load file")
		return
	}
	var demands []demand
	if err := json.Unmarshal(b, &demands); err != nil {
		klog.ErrorS(err, "Load file", "path", path)
		return
	}
	l.mu.Lock()
	l.demands = demands
	l.mu.Unlock()
	l.compute()
}
