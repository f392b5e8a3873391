package load

import "net/http"

// idle is how many connections to an address stay open for the next requests.
const idle = 64

// NewClient makes one that opens a connection for each request: a Service picks a Pod by connection.
func NewClient() *http.Client {
	return client(&http.Transport{DisableKeepAlives: true, DialContext: (&dialer{}).dial})
}

// NewDirectClient makes one that keeps its connections, for an address of which there is nothing to pick.
func NewDirectClient() *http.Client {
	return client(&http.Transport{MaxIdleConns: idle, MaxIdleConnsPerHost: idle, IdleConnTimeout: patience})
}

func client(transport *http.Transport) *http.Client {
	return &http.Client{
		Timeout: patience, Transport: transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}
