//go:build linux

package real

import (
	"context"
	"errors"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/dns/dnsmessage"

	"kubedrill.dev/sandbox/internal/shell"
)

// server answers as cluster DNS would: two names, one of them an alias, one server error and silence.
func server(t *testing.T) string {
	t.Helper()
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	go func() {
		buffer := make([]byte, 1024)
		for {
			n, from, err := conn.ReadFrom(buffer)
			if err != nil {
				return
			}
			var m dnsmessage.Message
			if m.Unpack(buffer[:n]) != nil {
				continue
			}
			name := m.Questions[0].Name
			m.Response = true
			header := dnsmessage.ResourceHeader{Name: name, Class: dnsmessage.ClassINET}
			switch full := name.String(); {
			case strings.HasPrefix(full, "silent."):
				continue
			case strings.HasPrefix(full, "broken."):
				m.RCode = dnsmessage.RCodeServerFailure
			case full == "db.shop.svc.cluster.local.":
				m.Answers = []dnsmessage.Resource{{Header: header, Body: &dnsmessage.AResource{A: [4]byte{10, 96, 0, 7}}}}
			case full == "alias.shop.svc.cluster.local.":
				m.Answers = []dnsmessage.Resource{
					{Header: header, Body: &dnsmessage.CNAMEResource{CNAME: dnsmessage.MustNewName("db.shop.svc.cluster.local.")}},
					{Header: header, Body: &dnsmessage.AResource{A: [4]byte{10, 96, 0, 7}}},
				}
			default:
				m.RCode = dnsmessage.RCodeNameError
			}
			packed, err := m.Pack()
			if err != nil {
				return
			}
			_, _ = conn.WriteTo(packed, from)
		}
	}()
	return conn.LocalAddr().String()
}

func TestNamesResolveByTheRulesOfResolvConf(t *testing.T) {
	r := readResolver("search shop.svc.cluster.local svc.cluster.local cluster.local\nnameserver 10.96.0.10\noptions ndots:5 timeout:1\n")
	if !slices.Equal(r.servers, []string{"10.96.0.10:53"}) || r.timeout != time.Second {
		t.Fatalf("%+v", r)
	}
	r.servers, r.timeout = []string{server(t)}, 100*time.Millisecond
	for name, want := range map[string]shell.Answer{
		"db":                         {Name: "db.shop.svc.cluster.local", Addresses: []string{"10.96.0.7"}},
		"db.shop":                    {Name: "db.shop.svc.cluster.local", Addresses: []string{"10.96.0.7"}},
		"db.shop.svc.cluster.local.": {Name: "db.shop.svc.cluster.local", Addresses: []string{"10.96.0.7"}},
		"alias":                      {Name: "alias.shop.svc.cluster.local", CNAME: "db.shop.svc.cluster.local", Addresses: []string{"10.96.0.7"}},
	} {
		got, err := r.resolve(context.Background(), name)
		if err != nil || got.Name != want.Name || got.CNAME != want.CNAME || !slices.Equal(got.Addresses, want.Addresses) {
			t.Errorf("%s: %+v, %v; want %+v", name, got, err, want)
		}
	}
	var none shell.NoSuchName
	if _, err := r.resolve(context.Background(), "nowhere"); !errors.As(err, &none) {
		t.Errorf("an unknown name: %v", err)
	}
	for name, sign := range map[string]string{"silent": "timeout", "broken": "misbehaving"} {
		if _, err := r.resolve(context.Background(), name); err == nil || errors.As(err, &none) || !strings.Contains(err.Error(), sign) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestNamesWithEnoughDotsAreAskedForAsTheyAreFirst(t *testing.T) {
	r := readResolver("search shop.svc\noptions ndots:2\n")
	if got := r.candidates("a.b.c"); got[0] != "a.b.c" {
		t.Errorf("%q", got)
	}
	if got := r.candidates("a.b"); got[0] != "a.b.shop.svc" || got[1] != "a.b" {
		t.Errorf("%q", got)
	}
}
