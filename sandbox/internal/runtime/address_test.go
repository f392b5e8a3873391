package runtime

import (
	"net/netip"
	"testing"
)

func TestAddressesAreHandedOutInTurn(t *testing.T) {
	a := newAddresses(netip.MustParsePrefix("10.244.1.0/29")) // .0 the network, .1 the bridge, .7 broadcast.
	used := map[string]bool{}
	take := func() string {
		t.Helper()
		ip, err := a.next(func(ip string) bool { return used[ip] })
		if err != nil {
			t.Fatal(err)
		}
		if used[ip] {
			t.Fatalf("%s is given twice", ip)
		}
		used[ip] = true
		return ip
	}
	for _, want := range []string{"10.244.1.2", "10.244.1.3", "10.244.1.4"} {
		if got := take(); got != want {
			t.Fatalf("got %s, want %s", got, want)
		}
	}
	delete(used, "10.244.1.2")
	if got := take(); got != "10.244.1.5" {
		t.Errorf("got %s: an address that was just freed is used again at once", got)
	}
	take()
	if got := take(); got != "10.244.1.2" {
		t.Errorf("got %s, want the freed one at last", got)
	}
	if ip, err := a.next(func(ip string) bool { return used[ip] }); err == nil {
		t.Errorf("got %s of a range that is full", ip)
	}
}
