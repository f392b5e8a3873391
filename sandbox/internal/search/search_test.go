package search

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

func ask(t *testing.T, s *Store, method, target, body string) (int, string) {
	t.Helper()
	u, err := url.Parse(target)
	if err != nil {
		t.Fatal(err)
	}
	status, text, ok := s.Reply(method, u, []byte(body))
	if !ok {
		t.Fatalf("%s is not answered", target)
	}
	return status, text
}

func TestWhatWasSentIsFound(t *testing.T) {
	s := NewStore()
	now := time.Now().UTC().Format(time.RFC3339Nano)
	body := `{"create":{"_index":"logstash-2026.11.21"}}
{"@timestamp":"` + now + `","log":"order 4711 shipped","kubernetes":{"namespace_name":"shop"}}
{"create":{"_index":"logstash-2026.11.21"}}
{"@timestamp":"2020-01-01T00:00:00Z","log":"old","kubernetes":{"namespace_name":"shop"}}
`
	if status, text := ask(t, s, http.MethodPost, "/_bulk", body); status != http.StatusOK {
		t.Fatal(text)
	}
	for target, want := range map[string]string{
		"/logstash-*/_count": `"count":2,`,
		"/other-*/_count":    `"count":0,`,
		"/_count?q=kubernetes.namespace_name:shop+AND+@timestamp:%3Enow-60s": `"count":1,`,
		"/_count?q=kubernetes.namespace_name:pay":                            `"count":0,`,
		"/_search?q=4711": "order 4711 shipped",
		"/_cat/indices?v": "logstash-2026.11.21 1 1 2",
	} {
		if _, text := ask(t, s, http.MethodGet, target, ""); !strings.Contains(text, want) {
			t.Errorf("%s: %s", target, text)
		}
	}
}

func TestATypeNameIsRefusedAsByVersion8(t *testing.T) {
	body := `{"create":{"_index":"a","_type":"_doc"}}` + "\n{}\n"
	status, text := ask(t, NewStore(), http.MethodPost, "/_bulk", body)
	if status != http.StatusBadRequest || !strings.Contains(text, "unknown parameter [_type]") {
		t.Error(status, text)
	}
	if status, _ := ask(t, NewStore(), http.MethodPost, "/_bulk", "nonsense\n"); status != http.StatusBadRequest {
		t.Error(status)
	}
}

func TestOldDocumentsMakeRoom(t *testing.T) {
	s := NewStore()
	for range mostDocuments + 10 {
		s.add("a", []byte(`{"x":1}`), time.Now())
	}
	if n := len(s.find("", "", time.Now())); n != mostDocuments {
		t.Error(n)
	}
}
