package load

import (
	"context"
	"fmt"
	"io"
	"time"

	"kubedrill.dev/sandbox/internal/cost"
)

const report = 10 * time.Second

// Plan is what to send to one URL at a steady rate.
type Plan struct {
	URL  string
	Rate float64 // Requests a second.
	Cost cost.Cost
}

// Run sends until its time is up and writes a line to the log now and then.
func (p Plan) Run(ctx context.Context, log io.Writer) {
	stream := &Stream{URL: p.URL, Client: NewClient()}
	stream.Set(p.Rate, p.Cost)
	done := make(chan struct{})
	go func() {
		defer close(done)
		stream.Run(ctx)
	}()
	tick := time.NewTicker(report)
	defer tick.Stop()
	for {
		select {
		case <-done:
			return
		case now := <-tick.C:
			r := stream.Take()
			fmt.Fprintf(log, "%s load %s: %d answered, %d overloaded, %d failed, %d not sent\n", now.UTC().Format(time.RFC3339), p.URL, r.Good, r.Overloaded, r.Failed, r.Unsent)
		}
	}
}
