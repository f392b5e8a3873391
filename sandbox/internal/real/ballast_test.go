//go:build linux

package real

import (
	"context"
	"testing"
	"time"

	"kubedrill.dev/sandbox/internal/cost"
)

func TestRequestsHoldTheirMemoryWhileTheyCome(t *testing.T) {
	c := &Container{}
	before := anonymous()
	ask := func(bytes int64) int64 {
		t.Helper()
		if !c.Spend(context.Background(), cost.Cost{Time: time.Microsecond, Memory: bytes}) {
			t.Fatal("a request without a bound was refused")
		}
		return anonymous() - before
	}
	const near = 8 << 20 // What the test itself takes meanwhile.
	for _, want := range []int64{32 << 20, 96 << 20, 16 << 20} {
		if got := ask(want); got < want-near || got > want+near {
			t.Errorf("under requests that need %d bytes the process has %d more", want, got)
		}
	}
	ask(0)
	if len(c.ballast.block) != 16<<20 {
		t.Errorf("a request that needs no memory leaves %d bytes", len(c.ballast.block))
	}
	c.ballast.drop()
	if got := anonymous() - before; got > near {
		t.Errorf("%d bytes stay after the last request", got)
	}
}
