package oci

import "net/http"

// asMirror asks as containerd asks a mirror: with the real registry's name in the query.
type asMirror struct{ host string }

func (m asMirror) RoundTrip(req *http.Request) (*http.Response, error) {
	req = req.Clone(req.Context())
	query := req.URL.Query()
	query.Set("ns", m.host)
	req.URL.RawQuery = query.Encode()
	return http.DefaultTransport.RoundTrip(req)
}
