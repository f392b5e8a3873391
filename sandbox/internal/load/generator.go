// Package load sends real requests at a steady rate, such that the programs of application images burn a given demand for CPU between
// them. It knows neither Kubernetes nor what it asks.
package load

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"kubedrill.dev/sandbox/internal/app"
)

const (
	step     = 10 * time.Millisecond
	patience = 2 * time.Second
	inFlight = 1000
	report   = 10 * time.Second
)

// Plan is what to send.
type Plan struct {
	URL    string
	Rate   float64 // Requests a second.
	Cost   app.Cost
	Client *http.Client // NewClient's when nil.
}

// NewClient makes one that opens a connection for each request: a Service picks a Pod by connection.
func NewClient() *http.Client {
	return &http.Client{
		Timeout:       patience,
		Transport:     &http.Transport{DisableKeepAlives: true, DialContext: (&dialer{}).dial},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// Result counts answers.
type Result struct{ Good, Overloaded, Failed, Unsent int64 }

// counters are Results in the making.
type counters struct{ good, overloaded, failed, unsent atomic.Int64 }

func (c *counters) take() Result {
	return Result{c.good.Swap(0), c.overloaded.Swap(0), c.failed.Swap(0), c.unsent.Swap(0)}
}

// Run sends until its time is up and writes a line to the log now and then.
func (p Plan) Run(ctx context.Context, log io.Writer) {
	if p.Client == nil {
		p.Client = NewClient()
	}
	var count counters
	var running sync.WaitGroup
	defer running.Wait()
	slots := make(chan struct{}, inFlight)
	tick := time.NewTicker(step)
	defer tick.Stop()
	began, told, sent := time.Now(), time.Now(), 0.0
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		for due := time.Since(began).Seconds() * p.Rate; sent < due; sent++ {
			select {
			case slots <- struct{}{}:
				running.Go(func() {
					p.ask(ctx, &count)
					<-slots
				})
			default: // The other side is so slow that more would only wait here.
				count.unsent.Add(1)
			}
		}
		if time.Since(told) >= report {
			told = time.Now()
			r := count.take()
			fmt.Fprintf(log, "%s load %s: %d answered, %d overloaded, %d failed, %d not sent\n", told.UTC().Format(time.RFC3339), p.URL, r.Good, r.Overloaded, r.Failed, r.Unsent)
		}
	}
}

func (p Plan) ask(ctx context.Context, count *counters) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, p.URL, nil)
	if err != nil {
		count.failed.Add(1)
		return
	}
	req.Header.Set("User-Agent", "kubedrill-load")
	if p.Cost.Time > 0 {
		req.Header.Set(app.CostHeader, p.Cost.String())
	}
	resp, err := p.Client.Do(req)
	if err != nil {
		count.failed.Add(1)
		return
	}
	defer resp.Body.Close()
	if _, err := io.Copy(io.Discard, resp.Body); err != nil {
		count.failed.Add(1)
		return
	}
	switch {
	case resp.StatusCode == http.StatusServiceUnavailable:
		count.overloaded.Add(1)
	case resp.StatusCode >= http.StatusInternalServerError:
		count.failed.Add(1)
	default:
		count.good.Add(1)
	}
}
