// Package metrics serves custom.metrics.k8s.io and external.metrics.k8s.io out of the load model, as a metrics adapter does out of a
// monitoring system. It computes nothing itself: the hub tells what every demand and its Pods are now.
package metrics

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"time"

	"kubedrill.dev/sandbox/internal/demand"
)

// hubAnswers is how long the hub has.
const hubAnswers = 5 * time.Second

// Source tells what the demands are now.
type Source interface {
	Demands(ctx context.Context) ([]demand.State, error)
}

// hub is the source of a sandbox.
type hub struct{ client *http.Client }

// NewHub is the hub with this socket.
func NewHub(socket string) Source {
	dial := func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "unix", socket)
	}
	return hub{&http.Client{Timeout: hubAnswers, Transport: &http.Transport{DialContext: dial}}}
}

// Demands asks the hub.
func (h hub) Demands(ctx context.Context) ([]demand.State, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://hub/demands", nil)
	if err != nil {
		return nil, err
	}
	resp, err := h.client.Do(req)
	if err != nil {
		return nil, fmt.Errorf("ask the hub for the demands: %w", err)
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("ask the hub for the demands: it answered %s", resp.Status)
	}
	var states []demand.State
	if err := json.NewDecoder(resp.Body).Decode(&states); err != nil {
		return nil, fmt.Errorf("read the hub's answer: %w", err)
	}
	return states, nil
}
