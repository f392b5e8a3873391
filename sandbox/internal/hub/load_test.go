package hub

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	v1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"

	"kubedrill.dev/sandbox/internal/demand"
)

func ready(manifest, uid string) string {
	return strings.Replace(strings.Replace(manifest, "phase: Running", `phase: Running, conditions: [{type: Ready, status: "True"}]`, 1), "metadata: {", "metadata: {uid: "+uid+", ", 1)
}

// steady is a demand that does not change.
func steady(milli, limit int64) demand.Demand {
	return demand.Demand{Namespace: "shop", Name: "web", Selector: "app=web", Cap: limit, Course: []demand.Point{{Milli: milli}}}
}

func TestDemandIsSharedByReadyPods(t *testing.T) {
	w := build(t, ready(web, "a"), ready(web2, "b"), ready(client, "c"), far)
	l := newLoad(w, "", time.Now)
	check := func(d demand.Demand, want map[string]int64) {
		t.Helper()
		if err := l.store.Put(d); err != nil {
			t.Fatal(err)
		}
		for node, uid := range map[string]string{"node-1": "a", "node-2": "b"} {
			if got, _ := l.of(node); got[uid].Milli != want[uid] {
				t.Errorf("%+v: pod %s has %d milliCPU, want %d", d, uid, got[uid].Milli, want[uid])
			}
		}
	}
	check(steady(900, 0), map[string]int64{"a": 450, "b": 450})
	check(steady(900, 200), map[string]int64{"a": 200, "b": 200})
	_, changed := l.of("node-1")
	w.put(parse(t, web2), false) // Not ready any more.
	l.compute()
	select {
	case <-changed:
	default:
		t.Error("nobody is told that the shares changed")
	}
	check(steady(900, 0), map[string]int64{"a": 900})
	if err := l.store.Put(demand.Demand{Namespace: "shop", Name: "web"}); err == nil {
		t.Error("a demand on nothing is taken")
	}
	check(steady(0, 0), map[string]int64{})
}

func TestALimitBoundsWhatAPodServes(t *testing.T) {
	w := build(t, ready(web, "a"))
	pod := w.pods["shop/web"].DeepCopy()
	pod.Spec.Containers = []v1.Container{{Name: "app", Ports: []v1.ContainerPort{{ContainerPort: 80}}, Resources: v1.ResourceRequirements{Limits: v1.ResourceList{v1.ResourceCPU: resource.MustParse("100m")}}}}
	w.put(pod, false)
	l := newLoad(w, "", time.Now)
	if err := l.store.Put(steady(400, 190)); err != nil {
		t.Fatal(err)
	}
	if got, _ := l.of("node-1"); got["a"].Milli != 100 || got["a"].Failing != 0.75 || got["a"].Container != "app" {
		t.Errorf("a Pod with a limit of 100m under 400m: %+v", got["a"])
	}
}

func TestProfilesFollowTheClockAndOutliveTheHub(t *testing.T) {
	now := time.Date(2026, 1, 1, 20, 0, 0, 0, time.UTC)
	w, file := build(t, ready(web, "a")), filepath.Join(t.TempDir(), "load.json")
	l := newLoad(w, file, func() time.Time { return now })
	d := steady(100, 0)
	d.Course = append(d.Course, demand.Point{AfterMillis: 30_000, Milli: 850}, demand.Point{AfterMillis: 40_000, Milli: 100, Ramp: true})
	if err := l.store.Put(d); err != nil {
		t.Fatal(err)
	}
	look := func(l *load, want int64) {
		t.Helper()
		l.compute()
		if got, _ := l.of("node-1"); got["a"].Milli != want {
			t.Errorf("at %s the Pod uses %d milliCPU, want %d", now.Format(time.TimeOnly), got["a"].Milli, want)
		}
	}
	look(l, 100)
	if in, changes := l.compute(); !changes || in != 30*time.Second {
		t.Errorf("the next change comes in %s (%t)", in, changes)
	}
	now = now.Add(30 * time.Second)
	look(l, 850)
	now = now.Add(5 * time.Second)
	look(l, 475)
	later := newLoad(w, file, func() time.Time { return now })
	if err := later.store.Read(); err != nil {
		t.Fatal(err)
	}
	look(later, 475)
}

func TestDemandsAreSetAndShownOverHTTP(t *testing.T) {
	l := newLoad(build(t, ready(web, "a"), ready(web2, "b")), "", time.Now)
	do := func(method, path, body string, want int) string {
		t.Helper()
		rec := httptest.NewRecorder()
		l.demandsHandler().ServeHTTP(rec, httptest.NewRequestWithContext(t.Context(), method, path, strings.NewReader(body)))
		if rec.Code != want {
			t.Errorf("%s %s: %d %s", method, path, rec.Code, rec.Body)
		}
		return rec.Body.String()
	}
	do(http.MethodPut, "/demands/shop/web", `{"selector": "app=web", "cap": 190, "course": [{"milli": 850}]}`, http.StatusNoContent)
	do(http.MethodPut, "/demands/shop/web", `{"selector": "app=web"}`, http.StatusBadRequest)
	var states []demand.State
	if err := json.Unmarshal([]byte(do(http.MethodGet, "/demands", "", http.StatusOK)), &states); err != nil {
		t.Fatal(err)
	}
	if len(states) != 1 || states[0].Milli != 850 || len(states[0].Pods) != 2 || !states[0].Pods[0].Saturated() || states[0].Pods[0].Milli != 190 {
		t.Errorf("%+v", states)
	}
	do(http.MethodDelete, "/demands/shop/web", "", http.StatusNoContent)
	if got := do(http.MethodGet, "/demands", "", http.StatusOK); got != "[]\n" {
		t.Error(got)
	}
}
