package catalogue

import (
	"strconv"
	"strings"
	"time"
)

// Values are what placeholders in a text stand for.
type Values struct {
	Argv     []string
	Env      map[string]string
	Hostname string
	IP       string
	Ports    []int32
	Now      time.Time
	More     map[string]string // Of a request: method, path, status, …
}

// Expand puts values into a text: {version}, {tag}, {hostname}, {ip}, {port}, {env:NAME}, {arg:-name}, {time:LAYOUT} with Go's layout, and
// those of a request. {env:NAME|text} is the text when there is no value. Anything else in braces stays as it is.
func (im *Image) Expand(text string, v Values) string {
	var out strings.Builder
	for {
		open := strings.IndexByte(text, '{')
		if open < 0 {
			break
		}
		end := strings.IndexByte(text[open:], '}')
		if end < 0 {
			break
		}
		value, ok := im.value(text[open+1:open+end], v)
		out.WriteString(text[:open])
		if ok {
			out.WriteString(value)
			text = text[open+end+1:]
			continue
		}
		out.WriteByte('{')
		text = text[open+1:]
	}
	out.WriteString(text)
	return out.String()
}

func (im *Image) value(name string, v Values) (string, bool) {
	name, otherwise, _ := strings.Cut(name, "|")
	kind, key, keyed := strings.Cut(name, ":")
	if keyed {
		switch kind {
		case "env":
			if s := v.Env[key]; s != "" {
				return s, true
			}
			return otherwise, true
		case "arg":
			if s, ok := argument(v.Argv, key); ok {
				return s, true
			}
			return otherwise, true
		case "time":
			return v.Now.UTC().Format(key), true
		}
		return "", false
	}
	switch name {
	case "version":
		return im.Version, true
	case "tag":
		return im.Tag, true
	case "hostname":
		return v.Hostname, true
	case "ip":
		return v.IP, true
	case "port":
		if len(v.Ports) > 0 {
			return strconv.Itoa(int(v.Ports[0])), true
		}
		return "", true
	}
	s, ok := v.More[name]
	return s, ok
}
