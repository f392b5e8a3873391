package drive

import (
	"context"
	"math"
	"time"

	"kubedrill.dev/sandbox/internal/cost"
	"kubedrill.dev/sandbox/internal/demand"
	"kubedrill.dev/sandbox/internal/load"
)

const (
	// window is how many counts are looked back on.
	window = 3
	// step is by what part a share changes at once when it counts as another one; on a slope it is the same share.
	step = 0.1
)

// traffic is the requests of one demand to one Pod.
type traffic struct {
	stream   *load.Stream
	end      context.CancelFunc
	expected demand.Share // What the model says of it.
	most     int64
	counts   []load.Result // The last ones since this share began.
	begun    bool          // The count that goes on began with this share.
}

func begin(ctx context.Context, address string) *traffic {
	ctx, end := context.WithCancel(ctx)
	t := &traffic{stream: &load.Stream{URL: "http://" + address + "/", Client: load.NewDirectClient()}, end: end}
	go t.stream.Run(ctx)
	return t
}

// set makes it this share from now on, of which the Pod can serve at most so many milliCPU; 0 is no bound.
func (t *traffic) set(share demand.Share, most int64) {
	if t.most != most || differs(t.expected.Asked, share.Asked) || t.expected.Saturated() != share.Saturated() {
		t.counts, t.begun = nil, false
	}
	t.expected, t.most = share, most
	t.stream.Set(share.Rate(), cost.Cost{Time: demand.RequestTime, Cap: most, Memory: share.Memory})
}

func differs(before, now int64) bool {
	return math.Abs(float64(now-before)) > step*float64(before)
}

// count notes what came of the requests since it was called last.
func (t *traffic) count() {
	result := t.stream.Take()
	if t.begun {
		t.counts = append(t.counts, result)
	}
	t.begun = true
	if len(t.counts) > window {
		t.counts = t.counts[1:]
	}
}

// share is what came of the requests, or else what is to be expected as long as nobody can know.
func (t *traffic) share(expected demand.Share) demand.Share {
	if len(t.counts) < window {
		return expected
	}
	return measured(expected, t.counts)
}

// measured is a share as it was seen in counts.
func measured(expected demand.Share, counts []load.Result) demand.Share {
	var sum load.Result
	for _, c := range counts {
		sum.Good += c.Good
		sum.Overloaded += c.Overloaded
		sum.Failed += c.Failed
		sum.Unsent += c.Unsent
		sum.Waited += c.Waited
	}
	lost := sum.Overloaded + sum.Failed + sum.Unsent
	seconds := looks.Seconds() * float64(len(counts))
	milli := func(requests int64) int64 {
		return int64(math.Round(float64(requests) * demand.RequestTime.Seconds() * 1000 / seconds))
	}
	s := demand.Share{Container: expected.Container, Memory: expected.Memory, Asked: milli(sum.Good + lost), Milli: milli(sum.Good)}
	if sum.Good > 0 {
		s.LatencyMillis = (sum.Waited / time.Duration(sum.Good)).Milliseconds()
	} else if lost > 0 {
		s.LatencyMillis = expected.LatencyMillis
	}
	if all := sum.Good + lost; all > 0 {
		// One in two hundred that goes wrong on the way is no want of room.
		s.Failing = math.Round(float64(lost)/float64(all)*100) / 100
	}
	return s
}
