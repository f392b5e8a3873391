package catalogue

import (
	"net/http"
	"strings"
	"time"
)

// Answer is what the app says to a request: status, body and how long it takes; age counts from listening.
func (im *Image) Answer(path string, age time.Duration, readFile func(string) ([]byte, error)) (status int, body string, delay time.Duration) {
	path, _, _ = strings.Cut(path, "?")
	a, ok := im.HTTP[path]
	if !ok && im.CatchAll {
		a, ok = im.HTTP["/"]
	}
	if !ok {
		if path == "/" && len(im.HTTP) == 0 {
			return http.StatusOK, "ok\n", 0
		}
		return http.StatusNotFound, "404 page not found\n", 0
	}
	delay = a.Delay.Duration
	switch {
	case a.From.Duration > 0 && age < a.From.Duration:
		return http.StatusServiceUnavailable, "starting\n", delay
	case a.Until.Duration > 0 && age > a.Until.Duration:
		return a.Then, "failing\n", delay
	}
	if a.NeedsFile != "" {
		if _, err := readFile(a.NeedsFile); err != nil {
			return http.StatusServiceUnavailable, err.Error() + "\n", delay
		}
	}
	status, body = a.Status, a.Body
	if status == 0 {
		status = http.StatusOK
	}
	if body == "" {
		body = "ok"
	}
	return status, body + "\n", delay
}
