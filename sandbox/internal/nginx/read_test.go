package nginx

import (
	"slices"
	"strings"
	"testing"
)

func TestMistakesAreNamedAsNginxNamesThem(t *testing.T) {
	const at = " in /etc/nginx/conf.d/default.conf:"
	for conf, want := range map[string]string{
		"server {\n  lisen 80;\n}":                   `unknown directive "lisen"` + at + "2",
		"server {\n  listen 80\n  server_name a;\n}": `invalid parameter "server_name"` + at + "3",
		"server {\n  root /a\n}":                     `unexpected "}"` + at + "3",
		"server {\n  listen 80;\n":                   `unexpected end of file, expecting "}"` + at + "3",
		"server {\n  listen 80;\n}\n}":               `unexpected "}"` + at + "4",
		"server {\n  root \"/a;\n}\n":                `unexpected end of file, expecting ";" or "}"` + at + "4",
		"location / { }":                             `"location" directive is not allowed here` + at + "1",
		"server { root; }":                           `invalid number of arguments in "root" directive` + at + "1",
		"server { listen 80 {} }":                    `directive "listen" is not terminated by ";"` + at + "1",
		"server { location /; }":                     `directive "location" has no opening "{"` + at + "1",
		"server { listen eighty:http; }":             `invalid port in "eighty:http" of the "listen" directive` + at + "1",
		"server { sendfile maybe; }":                 `invalid value "maybe" in "sendfile" directive, it must be "on" or "off"` + at + "1",
		"server {\n location / {\n  proxy_pass http://nobody:8080/x;\n }\n}":             `host not found in upstream "nobody"` + at + "3",
		"upstream u {\n server nobody:8080;\n}":                                          `host not found in upstream "nobody:8080"` + at + "2",
		"server { location / { proxy_pass api; } }":                                      `invalid URL prefix` + at + "1",
		"server { location / {} location / {} }":                                         `duplicate location "/"` + at + "1",
		"server { listen 80 default_server; } server { listen 80 default_server; }":      `a duplicate default server for 0.0.0.0:80` + at + "1",
		"server { location ~ x { proxy_pass http://api/y; } }":                           `"proxy_pass" cannot have URI part`,
		"server { listen 443 ssl; }":                                                     `no "ssl_certificate" is defined for the "listen ... ssl" directive` + at + "1",
		"server { listen 443 ssl; ssl_certificate /a.crt; ssl_certificate_key /a.key; }": `cannot load certificate "/a.crt": BIO_new_file() failed`,
		"server { return 200 $nope; }":                                                   `unknown "nope" variable`,
		"include absent.conf;":                                                           `open() "/etc/nginx/absent.conf" failed (2: No such file or directory)` + at + "1",
		"include conf.d/default.conf;":                                                   `(24: Too many open files)` + at + "1",
		"server { access_log /a nope; }":                                                 `unknown log format "nope"` + at + "1",
		"server { location / { fastcgi_pass php:9000; } }":                               `host not found in upstream "php"` + at + "1",
	} {
		_, err := newFake(map[string]string{"/etc/nginx/conf.d/default.conf": conf}).read(t)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s\n%v\nwant %s", conf, err, want)
		}
	}
	if _, err := newFake(map[string]string{mainFile: "http { }"}).read(t); err == nil || err.Error() != `no "events" section in configuration` {
		t.Error(err)
	}
}

func TestAConfigurationThatCameWithTheImageIsKnown(t *testing.T) {
	c, err := newFake(nil).read(t)
	if err != nil || !c.Shipped || !slices.Equal(c.Ports, []int32{80}) {
		t.Errorf("%+v %v", c, err)
	}
	c, err = newFake(map[string]string{"/etc/nginx/conf.d/more.conf": "server { listen 8080; listen [::]:8081; }"}).read(t)
	if err != nil || c.Shipped || !slices.Equal(c.Ports, []int32{80, 8080, 8081}) {
		t.Errorf("%+v %v", c, err)
	}
}

func TestWordsAreReadAsNginxReadsThem(t *testing.T) {
	l := &lexer{file: "f", text: "a \"b;\\\" c\" 'd' ${e}f g\\;h # x;\n\ni;", line: 1}
	words, end, err := l.statement()
	if err != nil || end != ';' || !slices.Equal(words, []string{"a", `b;" c`, "d", "${e}f", `g\;h`, "i"}) || l.line != 3 {
		t.Errorf("%q %c %v %d", words, end, err, l.line)
	}
}

func FuzzRead(f *testing.F) {
	f.Add(shippedSite)
	f.Add("map $a $b { default x; ~*y z; } upstream u { server 10.0.0.1:80 weight=3; } server { if ($a ~ (x)) { return 200 $1; } rewrite ^/(.*)$ /$1?a last; }")
	f.Add("server { location ~* \\.(png|jpg)$ { try_files $uri @x; } location @x { proxy_pass http://u; } error_page 404 =200 /x; }")
	f.Fuzz(func(t *testing.T, conf string) {
		host := newFake(map[string]string{"/etc/nginx/conf.d/default.conf": conf})
		if c, err := host.read(t); err == nil {
			ask(t, c, host, "GET http://web/a/x?b=c")
		}
	})
}
