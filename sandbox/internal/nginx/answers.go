package nginx

import (
	"fmt"
	"html"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// giveBack answers as return says.
func (x *exchange) giveBack(d *directive) {
	code, text := number(d.args[0]), ""
	if code < 0 {
		code, text = http.StatusFound, x.expand(d.args[0])
	} else if len(d.args) > 1 {
		text = x.expand(d.args[1])
	}
	switch {
	case slices.Contains([]int{301, 302, 303, 307, 308}, code):
		x.redirect(code, text)
	case len(d.args) > 1 || code == http.StatusNoContent || code < 300:
		x.out.Status, x.out.Body = code, []byte(text)
		if code != http.StatusNoContent {
			x.out.Header.Set("Content-Type", x.contentType(x.path))
		}
	default:
		x.fail(code)
	}
}

// redirect sends the client to another address; a path becomes one of this server.
func (x *exchange) redirect(status int, to string) {
	if strings.HasPrefix(to, "/") && x.here().on("absolute_redirect", true) {
		host := x.hostName()
		if x.here().on("server_name_in_redirect", false) {
			host = x.serverName()
		}
		if x.in.Port != 80 && x.here().on("port_in_redirect", true) {
			host += ":" + strconv.Itoa(int(x.in.Port))
		}
		to = "http://" + host + to
	}
	x.fail(status)
	x.out.Header.Set("Location", to)
}

// fail answers with a page for a status: the configuration's own, or nginx's.
func (x *exchange) fail(status int) {
	x.out.Status, x.out.Body = status, nil
	if status == 444 {
		return
	}
	if x.failed == 0 && x.errorPage(status) {
		return
	}
	x.out.Status = status
	x.out.Header.Set("Content-Type", "text/html")
	title := fmt.Sprintf("%d %s", status, words(status))
	x.out.Body = fmt.Appendf(nil, "<html>\r\n<head><title>%[1]s</title></head>\r\n<body>\r\n<center><h1>%[1]s</h1></center>\r\n<hr><center>%[2]s</center>\r\n</body>\r\n</html>\r\n", title, x.product())
}

func words(status int) string {
	switch status {
	case http.StatusServiceUnavailable:
		return "Service Temporarily Unavailable"
	case http.StatusGatewayTimeout:
		return "Gateway Time-out"
	case http.StatusMethodNotAllowed:
		return "Not Allowed"
	}
	return http.StatusText(status)
}

// product is how nginx names itself.
func (x *exchange) product() string {
	if x.here().word("server_tokens", "on") == "off" {
		return "nginx"
	}
	return "nginx/" + x.config.Version
}

// errorPage answers with the page that error_page has for a status; false when it has none.
func (x *exchange) errorPage(status int) bool {
	if x.server == nil {
		return false
	}
	for _, d := range x.here().all("error_page") {
		last := len(d.args) - 1
		if !slices.Contains(d.args[:last], strconv.Itoa(status)) {
			continue
		}
		x.failed = status
		to, other := x.expand(d.args[last]), status
		if how, ok := strings.CutPrefix(d.args[last-1], "="); ok && last > 1 {
			other = max(number(how), 0)
		}
		if strings.HasPrefix(to, "http://") || strings.HasPrefix(to, "https://") {
			if other == status {
				other = http.StatusFound
			}
			x.redirect(other, to)
			return true
		}
		if x.in.Method != http.MethodHead && !strings.HasPrefix(to, "@") {
			x.in.Method = http.MethodGet
		}
		if !x.inward(to) {
			x.locate()
		}
		if other > 0 && x.out.Status == http.StatusOK {
			x.out.Status = other
		}
		return true
	}
	return false
}

// admitted asks allow and deny, in their order.
func (x *exchange) admitted() bool {
	from, err := netip.ParseAddr(x.in.Remote)
	if err != nil {
		return true
	}
	for s := x.here(); s != nil; s = s.above {
		if len(s.own["allow"])+len(s.own["deny"]) == 0 {
			continue
		}
		for _, d := range s.rules {
			prefix, err := netip.ParsePrefix(d.args[0])
			if d.args[0] == "all" || d.args[0] == x.in.Remote || err == nil && prefix.Contains(from) {
				return d.name == "allow"
			}
		}
		return true
	}
	return true
}

// tooLarge tells whether the client sends more than the configuration takes.
func (x *exchange) tooLarge() bool {
	limit := strings.ToLower(x.here().word("client_max_body_size", "1m"))
	unit := 1
	switch {
	case strings.HasSuffix(limit, "k"):
		unit = 1 << 10
	case strings.HasSuffix(limit, "m"):
		unit = 1 << 20
	case strings.HasSuffix(limit, "g"):
		unit = 1 << 30
	}
	most := number(strings.TrimRight(limit, "kmg"))
	return most > 0 && max(len(x.in.Body), number(x.in.Header.Get("Content-Length"))) > most*unit
}

// list shows what is in a folder.
func (x *exchange) list(folder string) bool {
	entries, err := x.host.ReadDir(folder)
	if err != nil {
		x.cannotOpen(folder, err)
		return true
	}
	var out strings.Builder
	title := "Index of " + html.EscapeString(x.path)
	out.WriteString("<html>\r\n<head><title>" + title + "</title></head>\r\n<body>\r\n<h1>" + title + "</h1><hr><pre><a href=\"../\">../</a>\r\n")
	for _, e := range entries {
		name, size, at := e.Name(), "-", ""
		if strings.HasPrefix(name, ".") {
			continue
		}
		st, err := x.host.Stat(strings.TrimSuffix(folder, "/") + "/" + name)
		if err != nil {
			continue
		}
		if at = st.ModTime().UTC().Format("02-Jan-2006 15:04"); st.IsDir() {
			name += "/"
		} else {
			size = strconv.FormatInt(st.Size(), 10)
		}
		fmt.Fprintf(&out, "<a href=\"%s\">%s</a>%*s%s %19s\r\n", url.PathEscape(e.Name())+name[len(e.Name()):], html.EscapeString(name), max(1, 51-len(name)), " ", at, size)
	}
	out.WriteString("</pre><hr></body>\r\n</html>\r\n")
	x.out.Status, x.out.Body = http.StatusOK, []byte(out.String())
	x.out.Header.Set("Content-Type", "text/html")
	return true
}
