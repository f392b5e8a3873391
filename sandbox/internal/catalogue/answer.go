package catalogue

import (
	"net/http"
	"strings"
	"time"
)

// Reply is what the app says to a request.
type Reply struct {
	Status   int
	Body     string
	Type     string
	Location string
	Upstream string
	Delay    time.Duration
	// File is set when the path is one of the document root.
	File string
	// Header is all that the answer has; nil leaves it to the image.
	Header http.Header
}

const plain = "text/plain; charset=utf-8"

// Answer is what the app says without knowing its container.
func (im *Image) Answer(path string, age time.Duration, readFile func(string) ([]byte, error)) (status int, body string, delay time.Duration) {
	r := im.Reply(path, age, Values{}, readFile)
	return r.Status, r.Body, r.Delay
}

// Reply is what the app says to a request for a path; age counts from listening.
func (im *Image) Reply(path string, age time.Duration, v Values, readFile func(string) ([]byte, error)) Reply {
	path, _, _ = strings.Cut(path, "?")
	a, ok := im.answer(path)
	if !ok {
		switch {
		case im.DocRoot != "":
			return Reply{Status: http.StatusOK, File: im.DocRoot + path}
		case path == "/" && len(im.HTTP) == 0:
			return Reply{Status: http.StatusOK, Body: "ok\n", Type: plain}
		}
		return im.Missed(v)
	}
	r := Reply{Status: a.Status, Type: a.Type, Location: a.Location, Upstream: im.Expand(a.Upstream, v), Delay: a.Delay.Duration}
	if r.Status == 0 {
		r.Status = http.StatusOK
	}
	if r.Type == "" {
		r.Type = plain
	}
	switch {
	case a.From.Duration > 0 && age < a.From.Duration:
		r.Status, r.Body = http.StatusServiceUnavailable, "starting\n"
		return r
	case a.Until.Duration > 0 && age > a.Until.Duration:
		r.Status, r.Body = a.Then, "failing\n"
		return r
	}
	if a.NeedsFile != "" {
		if _, err := readFile(a.NeedsFile); err != nil {
			r.Status, r.Body = http.StatusServiceUnavailable, err.Error()+"\n"
			return r
		}
	}
	r.Body = im.Expand(a.Body, v)
	if r.Body == "" {
		r.Body = "ok"
	}
	if !strings.HasSuffix(r.Body, "\n") {
		r.Body += "\n"
	}
	return r
}

// Missed is the answer for a path that is not there.
func (im *Image) Missed(v Values) Reply {
	body, kind := im.Expand(im.NotFound, v), plain
	if body == "" {
		body = "404 page not found\n"
	}
	if strings.HasPrefix(strings.ToLower(body), "<") {
		kind = "text/html"
	}
	return Reply{Status: http.StatusNotFound, Body: body, Type: kind}
}

func (im *Image) answer(path string) (Answer, bool) {
	if a, ok := im.HTTP[path]; ok {
		return a, true
	}
	best, found := "", false
	for p := range im.HTTP {
		if prefix, ok := strings.CutSuffix(p, "*"); ok && strings.HasPrefix(path, prefix) && len(p) > len(best) {
			best, found = p, true
		}
	}
	if found {
		return im.HTTP[best], true
	}
	if im.CatchAll {
		a, ok := im.HTTP["/"]
		return a, ok
	}
	return Answer{}, false
}
