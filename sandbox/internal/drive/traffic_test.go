package drive

import (
	"testing"
	"time"

	"kubedrill.dev/sandbox/internal/demand"
	"kubedrill.dev/sandbox/internal/load"
)

func TestWhatCameOfTheRequestsIsTold(t *testing.T) {
	expected := demand.Share{Container: "web", Asked: 425, Milli: 190, Memory: 7, LatencyMillis: 4000, Failing: 0.55}
	second := func(good, overloaded, failed int64) load.Result {
		return load.Result{Good: good, Overloaded: overloaded, Failed: failed, Waited: time.Duration(good) * 30 * time.Millisecond}
	}
	for what, test := range map[string]struct {
		counts []load.Result
		want   demand.Share
	}{
		"saturated": {
			[]load.Result{second(190, 235, 0), second(191, 234, 0), second(189, 236, 0)},
			demand.Share{Container: "web", Asked: 425, Milli: 190, Memory: 7, LatencyMillis: 30, Failing: 0.55},
		},
		"one that went wrong on its way": {
			[]load.Result{second(170, 0, 1), second(170, 0, 0), second(170, 0, 0)},
			demand.Share{Container: "web", Asked: 170, Milli: 170, Memory: 7, LatencyMillis: 30},
		},
		"nothing answers":   {[]load.Result{second(0, 0, 425)}, demand.Share{Container: "web", Asked: 425, Memory: 7, LatencyMillis: 4000, Failing: 1}},
		"nothing was asked": {[]load.Result{{}, {}, {}}, demand.Share{Container: "web", Memory: 7}},
	} {
		if got := measured(expected, test.counts); got != test.want {
			t.Errorf("%s: %+v, want %+v", what, got, test.want)
		}
	}
}

func TestAnotherShareIsCountedAnewAndASlopeIsNot(t *testing.T) {
	share := func(asked int64) demand.Share { return demand.Share{Asked: asked, Milli: asked} }
	tr := &traffic{stream: &load.Stream{}}
	count := func(times int) {
		for range times {
			tr.count()
		}
	}
	measures := func() bool { return tr.share(demand.Share{LatencyMillis: 7}).LatencyMillis != 7 }
	tr.set(share(100), 190)
	count(window)
	if measures() {
		t.Error("the count that was going on when the share began is taken for a whole one")
	}
	count(1)
	if !measures() {
		t.Error("after the window nothing is measured")
	}
	for asked := int64(101); asked < 150; asked += 5 {
		tr.set(share(asked), 190)
	}
	if !measures() {
		t.Error("on a slope nothing is measured")
	}
	tr.set(share(300), 190)
	if measures() {
		t.Error("a step is told as it was before it")
	}
}
