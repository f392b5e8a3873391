package probe

import (
	"strings"
	"testing"
)

func TestProbeSurvivesTheKubelet(t *testing.T) {
	want := Spec{Kind: HTTP, Scheme: "https", Port: 8080, Path: "/$(HOME)/x?y=1", Host: "10.244.0.2"}
	argv, err := Encode(want)
	if err != nil {
		t.Fatal(err)
	}
	argv[1] = strings.ReplaceAll(argv[1], "$$(", "$(") // What the kubelet's expansion makes of it.
	got, ok, err := Decode(argv)
	if err != nil || !ok || got.Path != want.Path || got.Port != want.Port || got.Host != want.Host {
		t.Errorf("got %+v %v %v, want %+v", got, ok, err, want)
	}
}

func TestOtherCommandsAreNoProbes(t *testing.T) {
	for _, argv := range [][]string{nil, {"cat", "/tmp/healthy"}, {command}} {
		if _, ok, err := Decode(argv); ok || err != nil {
			t.Errorf("%v: taken for a probe: %v %v", argv, ok, err)
		}
	}
	if _, ok, err := Decode([]string{command, "{"}); !ok || err == nil {
		t.Error("a broken probe is not reported")
	}
}
