package runtime

import (
	"fmt"
	"net/netip"
)

// addresses hands out the addresses of a node's range, round robin: one that was just freed is not used again at once.
type addresses struct {
	prefix netip.Prefix
	last   netip.Addr
}

// newAddresses leaves the range's first address out, which names the network, and the second, which is the bridge's.
func newAddresses(p netip.Prefix) addresses {
	p = p.Masked()
	return addresses{prefix: p, last: p.Addr().Next()}
}

// next gives a free address; the range's last one is for broadcast.
func (a *addresses) next(used func(string) bool) (string, error) {
	first := a.prefix.Addr().Next()
	for start, turned := a.last, false; ; {
		a.last = a.last.Next()
		if !a.prefix.Contains(a.last) || !a.prefix.Contains(a.last.Next()) {
			if turned {
				break
			}
			a.last, turned = first, true
			continue
		}
		if ip := a.last.String(); !used(ip) {
			return ip, nil
		}
		if turned && a.last == start {
			break
		}
	}
	return "", fmt.Errorf("no IP addresses available in range set: %s-%s", first, a.prefix)
}
