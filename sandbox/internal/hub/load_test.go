package hub

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestDemandIsSharedByReadyPods(t *testing.T) {
	ready := func(manifest, uid string) string {
		return strings.Replace(strings.Replace(manifest, "phase: Running", `phase: Running, conditions: [{type: Ready, status: "True"}]`, 1), "metadata: {", "metadata: {uid: "+uid+", ", 1)
	}
	file := filepath.Join(t.TempDir(), "load.json")
	w := build(t, ready(web, "a"), ready(web2, "b"), ready(client, "c"), far)
	l := newLoad(w)
	check := func(demands string, want map[string]int64) {
		t.Helper()
		if err := os.WriteFile(file, []byte(demands), 0o600); err != nil {
			t.Fatal(err)
		}
		l.read(file)
		for node, uid := range map[string]string{"node-1": "a", "node-2": "b"} {
			if got, _ := l.of(node); got[uid] != want[uid] {
				t.Errorf("%s: pod %s has %d milliCPU, want %d", demands, uid, got[uid], want[uid])
			}
		}
	}
	check(`[{"namespace": "shop", "selector": "app=web", "milli": 900}]`, map[string]int64{"a": 450, "b": 450})
	check(`[{"namespace": "shop", "selector": "app=web", "milli": 900, "cap": 200}]`, map[string]int64{"a": 200, "b": 200})
	_, changed := l.of("node-1")
	w.put(parse(t, web2), false) // Not ready any more.
	l.compute()
	select {
	case <-changed:
	default:
		t.Error("nobody is told that the shares changed")
	}
	check(`[{"namespace": "shop", "selector": "app=web", "milli": 900}]`, map[string]int64{"a": 900})
	check(`not JSON`, map[string]int64{"a": 900})
	check(`[]`, map[string]int64{})
}
