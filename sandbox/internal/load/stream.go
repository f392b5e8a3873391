// Package load sends real requests, such that the programs of application images burn a given demand for CPU. It knows neither
// Kubernetes nor what it asks.
package load

import (
	"context"
	"io"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"kubedrill.dev/sandbox/internal/cost"
)

const (
	step     = 10 * time.Millisecond
	patience = 2 * time.Second
	inFlight = 1000
	// logged is how often a request is one that the program may write to its log: nobody reads hundreds of lines a second.
	logged = 500 * time.Millisecond
	// backlog is how much of what a busy machine kept from being sent is still sent later.
	backlog = time.Second
)

// Result counts answers.
type Result struct {
	Good, Overloaded, Failed, Unsent int64
	Waited                           time.Duration // For all good answers together.
}

// Stream is requests to one address, at a rate that may change while it runs.
type Stream struct {
	URL    string
	Client *http.Client

	mu    sync.Mutex
	rate  float64
	price cost.Cost

	good, overloaded, failed, unsent, waited atomic.Int64
}

// Set makes it so many requests a second from now on, each at this cost.
func (s *Stream) Set(rate float64, price cost.Cost) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.rate, s.price = rate, price
}

// Take counts what came of the requests since it was called last.
func (s *Stream) Take() Result {
	return Result{
		Good: s.good.Swap(0), Overloaded: s.overloaded.Swap(0), Failed: s.failed.Swap(0), Unsent: s.unsent.Swap(0),
		Waited: time.Duration(s.waited.Swap(0)),
	}
}

// Run sends until its time is up.
func (s *Stream) Run(ctx context.Context) {
	var running sync.WaitGroup
	defer running.Wait()
	slots := make(chan struct{}, inFlight)
	tick := time.NewTicker(step)
	defer tick.Stop()
	last, due, quietUntil := time.Now(), 0.0, time.Time{}
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		now := time.Now()
		s.mu.Lock()
		rate, price := s.rate, s.price
		s.mu.Unlock()
		due = min(due+rate*now.Sub(last).Seconds(), max(1, rate*backlog.Seconds()))
		for last = now; due >= 1; due-- {
			price := price
			if price.Quiet = now.Before(quietUntil); !price.Quiet {
				quietUntil = now.Add(logged)
			}
			select {
			case slots <- struct{}{}:
				running.Go(func() {
					s.ask(ctx, price)
					<-slots
				})
			default: // The other side is so slow that more would only wait here.
				s.unsent.Add(1)
			}
		}
	}
}

func (s *Stream) ask(ctx context.Context, price cost.Cost) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.URL, nil)
	if err != nil {
		s.failed.Add(1)
		return
	}
	req.Header.Set("User-Agent", "kubedrill-load")
	if price.Time > 0 {
		req.Header.Set(cost.Header, price.String())
	}
	began := time.Now()
	resp, err := s.Client.Do(req)
	if err != nil {
		s.failed.Add(1)
		return
	}
	defer func() { _ = resp.Body.Close() }()
	if _, err := io.Copy(io.Discard, resp.Body); err != nil {
		s.failed.Add(1)
		return
	}
	switch {
	case resp.StatusCode == http.StatusServiceUnavailable:
		s.overloaded.Add(1)
	case resp.StatusCode >= http.StatusInternalServerError:
		s.failed.Add(1)
	default:
		s.good.Add(1)
		s.waited.Add(int64(time.Since(began)))
	}
}
