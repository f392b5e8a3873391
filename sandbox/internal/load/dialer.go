package load

import (
	"context"
	"net"
	"sync"
	"time"
)

// remembered is how long an address holds: asking for it with every request would be a load on the cluster's DNS.
const remembered = 5 * time.Second

// dialer connects by name and asks for the name's address now and then only.
type dialer struct {
	mu      sync.Mutex
	host    string
	address string
	until   time.Time
}

func (d *dialer) dial(ctx context.Context, network, target string) (net.Conn, error) {
	host, port, err := net.SplitHostPort(target)
	if err != nil {
		return nil, err
	}
	address, err := d.lookup(ctx, host)
	if err != nil {
		return nil, err
	}
	return (&net.Dialer{}).DialContext(ctx, network, net.JoinHostPort(address, port))
}

func (d *dialer) lookup(ctx context.Context, host string) (string, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.host == host && time.Now().Before(d.until) {
		return d.address, nil
	}
	found, err := net.DefaultResolver.LookupHost(ctx, host)
	if err != nil {
		return "", err
	}
	d.host, d.address, d.until = host, found[0], time.Now().Add(remembered)
	return d.address, nil
}
