// Package link is the wire between a node and the hub: tunnels to and from Pods, names, and the load, over unix sockets in one folder.
package link

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"time"

	"kubedrill.dev/sandbox/internal/demand"
	"kubedrill.dev/sandbox/internal/shell"
)

// FromHeader names the Pod that dials, as NAMESPACE/NAME.
const FromHeader = "Kubedrill-From"

// HubSocket is the hub's socket in the folder of sockets.
func HubSocket(dir string) string { return filepath.Join(dir, "hub.sock") }

// NodeSocket is a node's socket in the folder of sockets.
func NodeSocket(dir, node string) string { return filepath.Join(dir, node+".sock") }

// Client speaks to the hub.
type Client struct {
	socket string
	http   *http.Client
}

// NewClient makes a client of the hub whose socket lies in dir.
func NewClient(dir string) *Client {
	c := &Client{socket: HubSocket(dir)}
	c.http = &http.Client{Transport: &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) { return c.connect(ctx) }}}
	return c
}

func (c *Client) connect(ctx context.Context) (net.Conn, error) {
	var d net.Dialer
	return d.DialContext(ctx, "unix", c.socket)
}

// Dial connects the Pod from (NAMESPACE/NAME) to host:port; the error's text is what a real program would get.
func (c *Client) Dial(ctx context.Context, from, address string) (net.Conn, error) {
	conn, err := c.connect(ctx)
	if err != nil {
		return nil, fmt.Errorf("dial tcp %s: connect: network is unreachable", address)
	}
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
	defer stop()
	if _, err := fmt.Fprintf(conn, "CONNECT %s HTTP/1.1\r\nHost: %s\r\n%s: %s\r\n\r\n", address, address, FromHeader, from); err != nil {
		_ = conn.Close()
		return nil, err
	}
	in := bufio.NewReader(conn)
	resp, err := http.ReadResponse(in, &http.Request{Method: http.MethodConnect})
	if err != nil {
		_ = conn.Close()
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return nil, err
	}
	if resp.StatusCode != http.StatusOK {
		_ = conn.Close()
		_, reason, _ := strings.Cut(resp.Status, " ")
		return nil, errors.New(reason)
	}
	return &buffered{Conn: conn, in: in}, nil
}

// buffered gives back what was read ahead.
type buffered struct {
	net.Conn
	in *bufio.Reader
}

func (b *buffered) Read(p []byte) (int, error) { return b.in.Read(p) }

func (b *buffered) CloseWrite() error {
	if w, ok := b.Conn.(interface{ CloseWrite() error }); ok {
		return w.CloseWrite()
	}
	return nil
}

// Resolve asks cluster DNS on behalf of the Pod from.
func (c *Client) Resolve(ctx context.Context, from, name string) (shell.Answer, error) {
	query := url.Values{"name": {name}, "from": {from}}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://hub/resolve?"+query.Encode(), nil)
	if err != nil {
		return shell.Answer{}, err
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return shell.Answer{}, err
	}
	defer func() { _ = resp.Body.Close() }()
	switch resp.StatusCode {
	case http.StatusOK:
		var a shell.Answer
		return a, json.NewDecoder(resp.Body).Decode(&a)
	case http.StatusNotFound:
		return shell.Answer{}, shell.NoSuchName{Name: name}
	default:
		b, _ := io.ReadAll(io.LimitReader(resp.Body, 1<<10))
		return shell.Answer{}, errors.New(strings.TrimSpace(string(b)))
	}
}

// FollowLoad calls set with the shares of the node's Pods by UID, now and at every change.
func (c *Client) FollowLoad(ctx context.Context, node string, set func(map[string]demand.Share)) {
	for ctx.Err() == nil {
		c.readLoad(ctx, node, set)
		select {
		case <-ctx.Done():
		case <-time.After(time.Second): // The hub is not there, or was restarted.
		}
	}
}

func (c *Client) readLoad(ctx context.Context, node string, set func(map[string]demand.Share)) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://hub/load?node="+url.QueryEscape(node), nil)
	if err != nil {
		return
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return
	}
	defer func() { _ = resp.Body.Close() }()
	for dec := json.NewDecoder(resp.Body); ; {
		share := map[string]demand.Share{}
		if dec.Decode(&share) != nil {
			return
		}
		set(share)
	}
}

// SetLabels has the hub label a node with what the API server refuses from a kubelet.
func (c *Client) SetLabels(ctx context.Context, node string, labels map[string]string) error {
	body, err := json.Marshal(labels)
	if err != nil {
		return fmt.Errorf("encode labels: %w", err)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://hub/labels?node="+url.QueryEscape(node), bytes.NewReader(body))
	if err != nil {
		return err
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return fmt.Errorf("ask the hub to label the node: %w", err)
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode != http.StatusOK {
		b, _ := io.ReadAll(io.LimitReader(resp.Body, 1<<10))
		return errors.New(strings.TrimSpace(string(b)))
	}
	return nil
}
