package hub

import (
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	v1 "k8s.io/api/core/v1"
)

// defaultAffinity is how long a client stays with an endpoint when the Service does not say.
const defaultAffinity = 3 * time.Hour

// affinity remembers which endpoint of a Service a client was sent to.
type affinity struct {
	mu   sync.Mutex
	last map[affinityKey]affinityChoice
	now  func() time.Time
}

type affinityKey struct{ service, client string }

type affinityChoice struct {
	backend backend
	at      time.Time
}

// choose takes one of a list that is not empty.
func (a *affinity) choose(s *v1.Service, client string, list []backend) backend {
	chosen := list[rand.IntN(len(list))]
	if s.Spec.SessionAffinity != v1.ServiceAffinityClientIP || client == "" {
		return chosen
	}
	stay := defaultAffinity
	if c := s.Spec.SessionAffinityConfig; c != nil && c.ClientIP != nil && c.ClientIP.TimeoutSeconds != nil {
		stay = time.Duration(*c.ClientIP.TimeoutSeconds) * time.Second
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	k, now := affinityKey{key(s), client}, a.now()
	if was, ok := a.last[k]; ok && now.Sub(was.at) < stay && slices.Contains(list, was.backend) {
		chosen = was.backend
	}
	if a.last == nil {
		a.last = map[affinityKey]affinityChoice{}
	}
	a.last[k] = affinityChoice{chosen, now}
	return chosen
}
