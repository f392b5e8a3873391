package runtime

import "testing"

func TestPathsOfTheNodeStayOnTheNode(t *testing.T) {
	p := Paths{Root: "/s/node/kubelet", Storage: "/s/storage", Host: "/s/node/host"}
	for path, want := range map[string][2]string{
		"/s/node/kubelet/pods/u/volumes/v": {"/s/node/kubelet", "/s/node/kubelet/pods/u/volumes/v"},
		"/s/storage/pvc-1":                 {"/s/storage", "/s/storage/pvc-1"},
		"/etc":                             {"/s/node/host", "/s/node/host/etc"},
		"/":                                {"/s/node/host", "/s/node/host"},
		"/s/node/host":                     {"/s/node/host", "/s/node/host"},
		"/s/node/host/etc":                 {"/s/node/host", "/s/node/host/etc"},
		"/s/storage/../../etc":             {"/s/node/host", "/s/node/host/etc"},
		"/s/storagex":                      {"/s/node/host", "/s/node/host/s/storagex"},
	} {
		base, real := p.Real(path)
		if base != want[0] || real != want[1] {
			t.Errorf("%s lies in %s at %s, want %s at %s", path, base, real, want[0], want[1])
		}
		if again, same := p.Real(real); again != base || same != real {
			t.Errorf("%s, mapped twice, lies in %s at %s", path, again, same)
		}
	}
}
