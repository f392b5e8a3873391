package app

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
	"strings"
	"time"

	"kubedrill.dev/sandbox/internal/shell"
)

// bulkWaits is how long Elasticsearch may take.
const bulkWaits = 5 * time.Second

// bulk sends what waits for an output to Elasticsearch; what is in the way, it writes to the log as Fluent Bit does.
func (c *shipping) bulk(output *target) bool {
	host, port, _ := output.Address()
	ctx, cancel := context.WithTimeout(context.Background(), bulkWaits)
	defer cancel()
	found, err := shell.Lookup(ctx, c.stage, host)
	if err != nil || len(found.Addresses) == 0 {
		note(c.stage, "warn", fmt.Sprintf("[net] getaddrinfo(host='%s', err=4): Domain name not found", host))
		return false
	}
	conn, err := c.stage.Dial(ctx, net.JoinHostPort(found.Addresses[0], port))
	if err != nil {
		c.unreachable(ctx, err, host, port)
		return false
	}
	defer func() { _ = conn.Close() }()
	defer context.AfterFunc(ctx, func() { _ = conn.Close() })()
	if output.On("tls") {
		note(c.stage, "error", "[tls] error: unexpected EOF")
		note(c.stage, "error", fmt.Sprintf("[output:es:%s] TLS error: unexpected EOF", output.name))
		return false
	}
	status, body, err := post(ctx, conn, output, host, port)
	switch {
	case err != nil:
		note(c.stage, "error", fmt.Sprintf("[http_client] broken connection to %s:%s ?", host, port))
		return false
	case status != http.StatusOK:
		note(c.stage, "error", fmt.Sprintf("[output:es:%s] HTTP status=%d URI=%s, response:\n%s", output.name, status, bulkPath(output), body))
		return false
	}
	return true
}

func (c *shipping) unreachable(ctx context.Context, err error, host, port string) {
	if ctx.Err() != nil || errors.Is(err, context.DeadlineExceeded) {
		note(c.stage, "error", fmt.Sprintf("[upstream] connection #-1 to tcp://%s:%s timed out after 10 seconds (connection timeout)", host, port))
		return
	}
	note(c.stage, "error", fmt.Sprintf("[net] TCP connection failed: %s:%s (Connection refused)", host, port))
}

func bulkPath(output *target) string { return strings.TrimRight(output.Or("path", ""), "/") + "/_bulk" }

func post(ctx context.Context, conn net.Conn, output *target, host, port string) (int, string, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+net.JoinHostPort(host, port)+bulkPath(output), bytes.NewReader(documents(output)))
	if err != nil {
		return 0, "", err
	}
	req.Close = true
	req.Header.Set("Content-Type", "application/x-ndjson")
	req.Header.Set("User-Agent", "Fluent-Bit")
	if user, ok := output.Get("http_user"); ok {
		req.SetBasicAuth(user, output.Or("http_passwd", ""))
	}
	if err := req.Write(conn); err != nil {
		return 0, "", err
	}
	resp, err := http.ReadResponse(bufio.NewReader(conn), req)
	if err != nil {
		return 0, "", err
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(resp.Body, 4<<10))
	return resp.StatusCode, string(body), err
}

// documents is the body of a bulk request.
func documents(output *target) []byte {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	for _, r := range output.waiting {
		action := map[string]string{"_index": output.Or("index", "fluent-bit")}
		if output.On("logstash_format") {
			action["_index"] = output.Or("logstash_prefix", "logstash") + "-" + r.at.UTC().Format("2006.01.02")
		}
		if !output.On("suppress_type_name") {
			action["_type"] = output.Or("type", "_doc")
		}
		// Maps of texts always encode.
		_ = encoder.Encode(map[string]any{"create": action})
		_ = encoder.Encode(map[string]any{
			"@timestamp": r.at.UTC().Format(time.RFC3339Nano), "stream": r.stream, "log": r.text,
			"kubernetes": map[string]string{"pod_name": r.pod, "namespace_name": r.namespace, "container_name": r.name},
		})
	}
	return out.Bytes()
}
