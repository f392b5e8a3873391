package shell

import (
	"fmt"
	"html"
	"io"
	"mime"
	"net"
	"net/http"
	"net/url"
	"path"
	"strings"
	"time"
)

// httpd is busybox's web server for files.
func httpd(k *call) int {
	o, ok := k.parse("fivp:u:h:c:r:")
	if !ok {
		return 1
	}
	port := o.get("p", "80")
	if i := strings.LastIndexByte(port, ':'); i >= 0 {
		port = port[i+1:]
	}
	root := k.abs(o.get("h", "."))
	if !o.has("f", "i") {
		go k.serveFiles(port, root, nil)
		return 0
	}
	return k.serveFiles(port, root, nil)
}

// serveFiles answers requests with the container's files until the command is ended.
func (k *call) serveFiles(port, root string, log func(r *http.Request, status int)) int {
	l, err := k.listen(port)
	if err != nil {
		return k.fail("bind: %v", err)
	}
	return k.serve(l, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		status := k.answerFile(w, r, root, log != nil)
		if log != nil {
			log(r, status)
		}
	}))
}

func (k *call) serve(l net.Listener, h http.Handler) int {
	server := &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second}
	stop := make(chan struct{})
	defer close(stop)
	go func() {
		select {
		case <-k.ctx.Done():
			_ = server.Close()
		case <-stop:
		}
	}()
	_ = server.Serve(l)
	return 143
}

func (k *call) answerFile(w http.ResponseWriter, r *http.Request, root string, listing bool) int {
	name := path.Join(root, path.Clean("/"+r.URL.Path))
	st, err := k.c.Stat(name)
	if err == nil && st.IsDir() {
		index, ierr := k.c.Stat(path.Join(name, "index.html"))
		switch {
		case ierr == nil && index.Mode().IsRegular():
			name, st = path.Join(name, "index.html"), index
		case listing:
			return k.answerFolder(w, name, r.URL.Path)
		default:
			err = ierr
		}
	}
	if err != nil || !st.Mode().IsRegular() {
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(http.StatusNotFound)
		_, _ = io.WriteString(w, "<HTML><HEAD><TITLE>404 Not Found</TITLE></HEAD>\n<BODY><H1>404 Not Found</H1>\nThe requested URL was not found\n</BODY></HTML>\n")
		return http.StatusNotFound
	}
	f, err := k.c.Open(name, 0, 0)
	if err != nil {
		http.Error(w, "403 Forbidden", http.StatusForbidden)
		return http.StatusForbidden
	}
	defer f.Close()
	if kind := mime.TypeByExtension(path.Ext(name)); kind != "" {
		w.Header().Set("Content-Type", kind)
	}
	w.Header().Set("Content-Length", fmt.Sprint(st.Size()))
	_, _ = io.Copy(w, f)
	return http.StatusOK
}

func (k *call) answerFolder(w http.ResponseWriter, name, shown string) int {
	entries, err := k.c.ReadDir(name)
	if err != nil {
		http.Error(w, "404 Not Found", http.StatusNotFound)
		return http.StatusNotFound
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	fmt.Fprintf(w, "<!DOCTYPE HTML>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>Directory listing for %[1]s</title>\n</head>\n<body>\n<h1>Directory listing for %[1]s</h1>\n<hr>\n<ul>\n", html.EscapeString(shown))
	for _, e := range entries {
		n := e.Name()
		if e.IsDir() {
			n += "/"
		}
		fmt.Fprintf(w, "<li><a href=\"%s\">%s</a></li>\n", (&url.URL{Path: n}).String(), html.EscapeString(n))
	}
	_, _ = io.WriteString(w, "</ul>\n<hr>\n</body>\n</html>\n")
	return http.StatusOK
}
