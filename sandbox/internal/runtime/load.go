package runtime

import (
	"context"
	"math"
	"net/http"
	"strconv"
	"time"

	"kubedrill.dev/sandbox/internal/app"
	"kubedrill.dev/sandbox/internal/catalogue"
	"kubedrill.dev/sandbox/internal/cost"
	"kubedrill.dev/sandbox/internal/demand"
)

const (
	// accessEvery and accessLines bound what the load writes to an access log: samples, since nobody reads hundreds of lines a second.
	accessEvery = time.Second
	accessLines = 2
)

// traffic is the demand that a container serves, with what it has answered so far.
type traffic struct {
	demand.Share
	since           time.Time // When this share began.
	served, refused float64   // Answers up to then.
	refusing        float64   // The part of a refusal that is due: with each request it grows by the part that fails.
	logging         bool
}

// SetLoad takes the load model's answer: shares by pod UID.
func (r *Runtime) SetLoad(share map[string]demand.Share) {
	r.mu.Lock()
	defer r.mu.Unlock()
	old := r.share
	r.share = share
	for _, c := range r.containers {
		if uid := c.pod.uid(); share[uid] != old[uid] {
			c.takeLoad()
		}
	}
}

// serves tells whether the Pod's share is for this container.
func (c *container) serves(s demand.Share) bool {
	if s.Container != "" {
		return s.Container == c.config.GetMetadata().GetName()
	}
	return len(c.image.Ports) > 0
}

// takeLoad makes the container work on its share of the demand; with rt.mu held.
func (c *container) takeLoad() {
	if !c.running() {
		return
	}
	share := c.rt.share[c.pod.uid()]
	if !c.serves(share) {
		share = demand.Share{}
	}
	now := time.Now()
	c.traffic.served, c.traffic.refused = c.traffic.answered(now)
	c.traffic.Share, c.traffic.since = share, now
	c.setRate(share.Milli)
	if limit := c.limit(); limit > 0 && share.Memory > 0 && c.demandedMemory(now) > limit {
		c.exit(exitKilled, oomKilled)
		return
	}
	if share.Asked > 0 && !c.traffic.logging && c.image.AccessLog != "" {
		c.traffic.logging = true
		c.after(accessEvery, c.logTraffic)
	}
}

func (t *traffic) answered(now time.Time) (served, refused float64) {
	if t.since.IsZero() {
		return t.served, t.refused
	}
	all := t.Rate() * now.Sub(t.since).Seconds()
	return t.served + all*(1-t.Failing), t.refused + all*t.Failing
}

// refuses tells whether the next request is one of those that are refused.
func (t *traffic) refuses() bool {
	t.refusing += t.Failing
	if t.refusing < 1 {
		return false
	}
	t.refusing--
	return true
}

// logTraffic writes a sample of the requests to the access log; with rt.mu held.
func (c *container) logTraffic() {
	if c.traffic.Asked == 0 {
		c.traffic.logging = false
		return
	}
	v := catalogue.Values{Argv: c.Argv(), Env: c.Env(), Hostname: c.Hostname(), IP: c.PodIP(), Ports: c.ports, Now: time.Now()}
	for range int(min(accessLines, math.Ceil(c.traffic.Rate()))) {
		status, size := http.StatusOK, len(c.image.Expand(c.image.HTTP["/"].Body, v))
		if c.traffic.refuses() {
			status, size = http.StatusServiceUnavailable, len(app.Overloaded)
		}
		v.More = map[string]string{
			"method": http.MethodGet, "path": "/", "host": c.Hostname(), "agent": "Mozilla/5.0", "remote": app.Gateway,
			"status": strconv.Itoa(status), "size": strconv.Itoa(size), "millis": strconv.FormatInt(c.traffic.LatencyMillis, 10),
		}
		c.print("stdout", c.image.Expand(c.image.AccessLog, v))
	}
	c.after(accessEvery, c.logTraffic)
}

// Answered counts the answers, and those that were refusals.
func (c *container) Answered() (served, refused int64) {
	c.rt.mu.Lock()
	defer c.rt.mu.Unlock()
	s, r := c.traffic.answered(time.Now())
	return int64(s), int64(r)
}

// Spend counts the CPU time of a request and lets it wait as every other request waits; a saturated container refuses some.
func (c *container) Spend(ctx context.Context, price cost.Cost) bool {
	c.rt.mu.Lock()
	refused := c.traffic.refuses()
	latency := time.Duration(c.traffic.LatencyMillis) * time.Millisecond
	if refused {
		c.traffic.refused++
	} else {
		c.cpu += uint64(price.Time.Nanoseconds())
		c.traffic.served++
	}
	c.rt.mu.Unlock()
	wait(ctx, latency)
	return !refused
}

// probed is a container that the kubelet probes: it is asked beside the load.
type probed struct{ *container }

// Spend counts the CPU time.
func (p probed) Spend(_ context.Context, price cost.Cost) bool {
	p.rt.mu.Lock()
	defer p.rt.mu.Unlock()
	p.cpu += uint64(price.Time.Nanoseconds())
	return true
}
