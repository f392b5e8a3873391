package hub

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"kubedrill.dev/sandbox/internal/link"
)

func TestProxyAsksForItsSecret(t *testing.T) {
	handler := withSecret("s3cret", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) }))
	tests := map[string]struct {
		change func(*http.Request)
		want   int
	}{
		"right":            {func(r *http.Request) { setPassword(r, "s3cret") }, http.StatusOK},
		"wrong":            {func(r *http.Request) { setPassword(r, "guess") }, http.StatusProxyAuthRequired},
		"none":             {func(*http.Request) {}, http.StatusProxyAuthRequired},
		"not a tunnel":     {func(r *http.Request) { setPassword(r, "s3cret"); r.Method = http.MethodPost }, http.StatusProxyAuthRequired},
		"posing as a pod":  {func(r *http.Request) { setPassword(r, "s3cret"); r.Header.Set(link.FromHeader, "a/b") }, http.StatusProxyAuthRequired},
		"demands":          {func(r *http.Request) { setPassword(r, "s3cret"); r.Method, r.URL.Path = http.MethodGet, "/demands" }, http.StatusOK},
		"demands, guessed": {func(r *http.Request) { setPassword(r, "guess"); r.Method, r.URL.Path = http.MethodGet, "/demands" }, http.StatusProxyAuthRequired},
		"secret elsewhere": {func(r *http.Request) { r.SetBasicAuth("kubedrill", "s3cret") }, http.StatusProxyAuthRequired},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			req := httptest.NewRequest(http.MethodConnect, "http://172.18.0.2:30261", nil)
			test.change(req)
			w := httptest.NewRecorder()
			handler.ServeHTTP(w, req)
			if w.Code != test.want {
				t.Errorf("answered %d, want %d", w.Code, test.want)
			}
		})
	}
}

func setPassword(r *http.Request, password string) {
	r.SetBasicAuth("kubedrill", password)
	r.Header.Set("Proxy-Authorization", r.Header.Get("Authorization"))
	r.Header.Del("Authorization")
}
