package nginx

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"
)

func TestRequestsAreAnsweredAsConfigured(t *testing.T) {
	c, f := site(t, `
map $http_upgrade $connection_upgrade { default upgrade; '' close; }
upstream pool { server gone:80; server api:8080; }
server {
    listen 80 default_server;
    server_name shop.example *.shop.example;
    root /usr/share/nginx/html;
    add_header X-Site shop;
    error_page 404 /404.html;
    location = /exact { return 200 "exact $request_method $arg_q $host\n"; }
    location /exact { return 200 prefix; }
    location ^~ /assets/ { return 200 assets; }
    location ~ ^/user/(?<who>\w+)\.png$ { return 200 "$who/$1"; }
    location ~* \.PNG$ { return 200 picture; }
    location /old { return 301 /new; }
    location /gone { return 410; }
    location /spa/ { try_files $uri $uri/ /index.html; }
    location /maybe/ { try_files $uri =404; }
    location /named/ { try_files $uri @api; }
    location @api { proxy_pass http://api; }
    location /api/ { proxy_pass http://api:8080/v1/; proxy_set_header X-Real-IP $remote_addr; proxy_set_header Host $host; }
    location /plain/ { proxy_pass http://api; }
    location /pool/ { proxy_pass http://pool; }
    location /refused { proxy_pass http://gone; }
    location /held { proxy_pass http://held; }
    location /var { set $to http://api.shop.svc.cluster.local; resolver 10.96.0.10; proxy_pass $to; }
    location /novar { set $to http://api; proxy_pass $to; }
    location /files/ { alias /data/; }
    location /deep/ { location /deep/er { return 200 deeper; } return 200 deep; }
    location /secret { deny all; }
    location /hidden { internal; return 200 hidden; }
    location /nginx_status { stub_status; }
    location /if { if ($request_method = POST) { return 405; } if ($arg_x ~* "^(a|b)$") { return 200 "x$1"; } return 200 no; }
    rewrite ^/go/(.*)$ /exact?q=$1 last;
    rewrite ^/away https://example.org$request_uri permanent;
    location /loop { rewrite ^ /loop last; }
}
server { listen 80; server_name ~^admin\. www.*; return 200 "admin $server_name"; }
server { listen 8080; server_name _; location / { autoindex on; root /usr/share/nginx/html; index none; } location = /r { return 302 /x; } }
`, map[string]string{"/data/f.css": "css", "/usr/share/nginx/html/404.html": "not here"})
	for url, want := range map[string]string{
		"GET http://shop.example/exact?q=1":        "200 exact GET 1 shop.example\n",
		"GET http://shop.example/exact/":           "200 prefix",
		"GET http://shop.example/assets/a.png":     "200 assets",
		"GET http://shop.example/user/kim.png":     "200 kim/kim",
		"GET http://shop.example/x/kim.png":        "200 picture",
		"GET http://a.shop.example/old":            "301 http://a.shop.example/new",
		"GET http://shop.example/gone":             "410 page of nginx",
		"GET http://shop.example/":                 "200 welcome",
		"GET http://shop.example/a/page.html":      "200 page",
		"GET http://shop.example/a/../a/page.html": "200 page",
		"GET http://shop.example/a/%70age.html":    "200 page",
		"GET http://shop.example/a":                "301 http://shop.example/a/",
		"GET http://shop.example/a/":               "403 page of nginx",
		"GET http://shop.example/none":             "404 not here",
		"POST http://shop.example/index.html":      "405 page of nginx",
		"GET http://shop.example/spa/x":            "200 welcome",
		"GET http://shop.example/maybe/x":          "404 not here",
		"GET http://shop.example/named/x":          "201 hello",
		"GET http://shop.example/api/orders?a=b":   "201 hello",
		"GET http://shop.example/api":              "301 http://shop.example/api/",
		"GET http://shop.example/plain/x%20y":      "201 hello",
		"GET http://shop.example/pool/1":           "201 hello",
		"GET http://shop.example/refused":          "502 page of nginx",
		"GET http://shop.example/held":             "504 page of nginx",
		"GET http://shop.example/var":              "201 hello",
		"GET http://shop.example/novar":            "502 page of nginx",
		"GET http://shop.example/files/f.css":      "200 css",
		"GET http://shop.example/deep/x":           "200 deep",
		"GET http://shop.example/deep/er":          "200 deeper",
		"GET http://shop.example/secret":           "403 page of nginx",
		"GET http://shop.example/hidden":           "404 not here",
		"POST http://shop.example/if":              "405 page of nginx",
		"GET http://shop.example/if?x=B":           "200 xB",
		"GET http://shop.example/if":               "200 no",
		"GET http://shop.example/go/7":             "200 exact GET 7 shop.example\n",
		"GET http://shop.example/away/b":           "301 https://example.org/away/b",
		"GET http://shop.example/loop":             "500 page of nginx",
		"GET http://unknown/exact":                 "200 exact GET  unknown\n",
		"GET http://admin.example/":                "200 admin www.*",
		"GET http://www.example/":                  "200 admin www.*",
		"GET http://shop.example:8080/r":           "302 http://shop.example:8080/x",
	} {
		if got, r := ask(t, c, f, url); got != want {
			t.Errorf("%s: %q, want %q; %v", url, got, want, r.Lines)
		}
	}
	if got, _ := ask(t, c, f, "GET http://x:8080/"); !strings.Contains(got, `<a href="a/">a/</a>`) && got != "200 page of nginx" {
		t.Error(got)
	}
	if got, _ := ask(t, c, f, "GET http://shop.example/nginx_status"); !strings.Contains(got, "server accepts handled requests\n 1 1 1") {
		t.Error(got)
	}
}

func TestUpstreamsAreAskedAsConfigured(t *testing.T) {
	for pass, want := range map[string]string{
		"http://api":        "GET /api/orders%20x?a=b api ",
		"http://api:8080/":  "GET /orders%20x?a=b api:8080 ",
		"http://api/v1":     "GET /v1orders%20x?a=b api ",
		"http://api/$arg_a": "GET /b api ",
	} {
		c, f := site(t, "server { location /api/ { resolver x; proxy_pass "+strings.Replace(pass, "//api/$", "//10.96.0.1/$", 1)+"; } }", nil)
		ask(t, c, f, "GET http://web/api/orders%20x?a=b")
		if want = strings.Replace(want, "/b api ", "/b 10.96.0.1 ", 1); len(f.asked) != 1 || f.asked[0] != want {
			t.Errorf("%s: %q, want %q", pass, f.asked, want)
		}
	}
}

func TestAConfigurationThatPassesRequestsOnToItselfEnds(t *testing.T) {
	c, f := site(t, "server { location / { proxy_pass http://localhost; } }", nil)
	stats := &Stats{}
	answer := func() Response {
		return c.Answer(t.Context(), f, stats, Request{Method: "GET", URI: "/", Host: "web", Header: http.Header{}, Port: 80})
	}
	f.itself = func(conn net.Conn) {
		defer func() { _ = conn.Close() }()
		if _, err := http.ReadRequest(bufio.NewReader(conn)); err == nil {
			_, _ = fmt.Fprintf(conn, "HTTP/1.1 %d X\r\nContent-Length: 0\r\n\r\n", answer().Status)
		}
	}
	if r := answer(); r.Status != http.StatusInternalServerError || stats.began.Load() != mostActive+1 {
		t.Errorf("%d after %d", r.Status, stats.began.Load())
	}
}

func TestLogsAndHeadersAreNginxs(t *testing.T) {
	c, f := site(t, "server { server_name s; add_header X-Ok 1; add_header X-All 2 always; location /refused { proxy_pass http://gone; } location /quiet { access_log off; return 204; } }", nil)
	_, r := ask(t, c, f, "GET http://web/refused?a")
	if len(r.Lines) != 2 || !strings.HasSuffix(r.Lines[0].Text, `[error] 29#29: *1 connect() failed (111: Connection refused) while connecting to upstream, client: 10.244.1.1, server: s, request: "GET /refused?a HTTP/1.1", upstream: "http://10.96.0.2:80/refused?a", host: "web"`) {
		t.Errorf("%+v", r.Lines)
	}
	if r.Lines[1].Text != `10.244.1.1 "GET /refused?a HTTP/1.1" 502 "-"` || r.Lines[1].File != accessFile {
		t.Errorf("%+v", r.Lines[1])
	}
	if r.Header.Get("X-Ok") != "" || r.Header.Get("X-All") != "2" || r.Header.Get("Server") != "nginx/1.29.3" {
		t.Errorf("%v", r.Header)
	}
	if _, r = ask(t, c, f, "GET http://web/quiet"); len(r.Lines) != 0 || r.Header.Get("X-Ok") != "1" {
		t.Errorf("%+v", r)
	}
	if _, r = ask(t, c, f, "GET http://web/nope.html"); len(r.Lines) != 2 || !strings.Contains(r.Lines[0].Text, `open() "/etc/nginx/html/nope.html" failed (2: No such file or directory)`) {
		t.Errorf("%+v", r.Lines)
	}
}
