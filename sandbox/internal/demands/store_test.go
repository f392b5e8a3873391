package demands

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kubedrill.dev/sandbox/internal/demand"
)

func TestWhatCannotBeKeptIsNotChanged(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "state")
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	changes := 0
	s := New(filepath.Join(folder, "demands.json"), time.Now, func() { changes++ })
	put := func(milli string) int {
		rec := httptest.NewRecorder()
		body := strings.NewReader(`{"service": "web", "course": [{"milli": ` + milli + `}]}`)
		s.Handler(func() []demand.State { return nil }).ServeHTTP(rec, httptest.NewRequestWithContext(t.Context(), http.MethodPut, "/demands/shop/web", body))
		return rec.Code
	}
	if code := put("100"); code != http.StatusNoContent || changes != 1 {
		t.Fatalf("%d, %d changes", code, changes)
	}
	if err := os.RemoveAll(folder); err != nil {
		t.Fatal(err)
	}
	if code := put("850"); code != http.StatusInternalServerError || changes != 1 {
		t.Errorf("where nothing can be kept: %d, %d changes", code, changes)
	}
	if all := s.All(); len(all) != 1 || all[0].Course[0].Milli != 100 {
		t.Errorf("%+v", all)
	}
}

func TestTheNextChangeIsThatOfTheFirstDemandThatChanges(t *testing.T) {
	now := time.Date(2026, 1, 1, 20, 0, 0, 0, time.UTC)
	s := New("", func() time.Time { return now }, func() {})
	if _, changes := s.Next(); changes {
		t.Error("without demands something changes")
	}
	for name, after := range map[string]int64{"a": 40_000, "b": 30_000} {
		course := []demand.Point{{Milli: 100}, {AfterMillis: after, Milli: 850}}
		if err := s.Put(demand.Demand{Namespace: "shop", Name: name, Service: "web", Course: course}); err != nil {
			t.Fatal(err)
		}
	}
	if in, changes := s.Next(); !changes || in != 30*time.Second {
		t.Errorf("the next change comes in %s (%t)", in, changes)
	}
}
