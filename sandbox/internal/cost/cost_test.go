package cost

import (
	"net/http/httptest"
	"testing"
	"time"
)

func TestARequestSaysWhatItCosts(t *testing.T) {
	for text, want := range map[string]Cost{
		"":                               {Time: 8 * time.Millisecond},
		"much":                           {Time: 8 * time.Millisecond},
		"1ms":                            {Time: time.Millisecond},
		"1h; cap=190; memory=-1; x=5":    {Time: maxCost, Cap: 190},
		"5ms; cap=no; memory=1024;quiet": {Time: 5 * time.Millisecond, Memory: 1024, Quiet: true},
	} {
		req := httptest.NewRequestWithContext(t.Context(), "GET", "/", nil)
		req.Header.Set(Header, text)
		if got := Of(8*time.Millisecond, req); got != want {
			t.Errorf("%q costs %+v, want %+v", text, got, want)
		}
	}
	told := Cost{Time: time.Millisecond, Cap: 190, Memory: 1 << 28, Quiet: true}
	req := httptest.NewRequestWithContext(t.Context(), "GET", "/", nil)
	req.Header.Set(Header, told.String())
	if got := Of(0, req); got != told {
		t.Errorf("%s is understood as %+v", told, got)
	}
}
