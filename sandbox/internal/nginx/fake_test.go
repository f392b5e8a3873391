package nginx

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"

	"kubedrill.dev/sandbox/internal/files"
)

const shippedMain = `user nginx;
events { worker_connections 1024; }
http {
    types { text/html html; text/css css; }
    default_type application/octet-stream;
    log_format main '$remote_addr "$request" $status "$http_x"';
    access_log /var/log/nginx/access.log main;
    include /etc/nginx/conf.d/*.conf;
}
`

const shippedSite = "server { listen 80; location / { root /usr/share/nginx/html; } }\n"

// fake is a container's files and a network with an api that says what it was asked.
type fake struct {
	*files.Tree
	asked  []string
	itself func(net.Conn)
}

func newFake(content map[string]string) *fake {
	all := map[string]string{mainFile: shippedMain, "/etc/nginx/conf.d/default.conf": shippedSite, "/usr/share/nginx/html/index.html": "welcome", "/usr/share/nginx/html/a/page.html": "page"}
	for name, text := range content {
		all[name] = text
	}
	return &fake{Tree: files.New(nil, all, false)}
}

func (*fake) Hostname() string { return "web-0" }
func (*fake) PodIP() string    { return "10.244.1.7" }

func (*fake) Resolve(_ context.Context, name string) ([]string, error) {
	known := map[string]string{"api": "10.96.0.1", "api.shop.svc.cluster.local.": "10.96.0.1", "gone": "10.96.0.2", "held": "10.96.0.3", "localhost": "127.0.0.1"}
	if known[name] == "" {
		return nil, errors.New("no such host")
	}
	return []string{known[name]}, nil
}

func (f *fake) Dial(_ context.Context, address string) (net.Conn, error) {
	switch host, _, _ := net.SplitHostPort(address); host {
	case "10.96.0.2":
		return nil, fmt.Errorf("dial tcp %s: connect: connection refused", address)
	case "10.96.0.3":
		return nil, fmt.Errorf("dial tcp %s: i/o timeout", address)
	}
	near, far := net.Pipe()
	if f.itself != nil && strings.HasPrefix(address, "127.0.0.1:") {
		go f.itself(far)
		return near, nil
	}
	go func() {
		defer func() { _ = far.Close() }()
		req, err := http.ReadRequest(bufio.NewReader(far))
		if err != nil {
			return
		}
		f.asked = append(f.asked, req.Method+" "+req.RequestURI+" "+req.Host+" "+req.Header.Get("X-Real-Ip"))
		_, _ = fmt.Fprintf(far, "HTTP/1.1 201 Created\r\nServer: api\r\nX-Api: yes\r\nContent-Length: 5\r\n\r\nhello")
	}()
	return near, nil
}

func (f *fake) read(t *testing.T) (*Config, error) {
	t.Helper()
	return Read(t.Context(), Source{Files: f, Shipped: map[string]string{mainFile: shippedMain, "/etc/nginx/conf.d/default.conf": shippedSite}, Argv: []string{"nginx", "-g", "daemon off;"}, Version: "1.29.3", Root: true, Resolve: f.Resolve})
}

// site is nginx with a default.conf.
func site(t *testing.T, conf string, more map[string]string) (*Config, *fake) {
	t.Helper()
	content := map[string]string{"/etc/nginx/conf.d/default.conf": conf}
	for name, text := range more {
		content[name] = text
	}
	f := newFake(content)
	c, err := f.read(t)
	if err != nil {
		t.Fatal(err)
	}
	return c, f
}

// ask is a request as METHOD URL, and its answer as "status body".
func ask(t *testing.T, c *Config, f *fake, url string) (string, Response) {
	t.Helper()
	method, url, _ := strings.Cut(url, " ")
	hostPort, uri, _ := strings.Cut(strings.TrimPrefix(url, "http://"), "/")
	port := 80
	if _, text, err := net.SplitHostPort(hostPort); err == nil {
		port = number(text)
	}
	r := c.Answer(t.Context(), f, &Stats{}, Request{Method: method, URI: "/" + uri, Host: hostPort, Remote: "10.244.1.1", Header: http.Header{}, Port: int32(port)})
	body := string(r.Body)
	if strings.HasPrefix(body, "<html>\r\n") {
		body = "page of nginx"
	}
	if to := r.Header.Get("Location"); to != "" {
		body = to
	}
	return fmt.Sprintf("%d %s", r.Status, body), r
}
