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
// those of a request. {env:NAME|arg:-name|text} is the first that has a value, and else the text. Anything else in braces stays as it is.
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

// value is what a placeholder stands for: the first of its alternatives that has a value, or the last one as it is.
func (im *Image) value(name string, v Values) (string, bool) {
	known := false
	alternatives := strings.Split(name, "|")
	for i, one := range alternatives {
		text, is := im.single(one, v)
		if !is && i == 0 {
			return "", false
		}
		if known = known || is; !is {
			return one, true
		}
		if text != "" || i == len(alternatives)-1 {
			return text, true
		}
	}
	return "", known
}

func (im *Image) single(name string, v Values) (string, bool) {
	if kind, key, keyed := strings.Cut(name, ":"); keyed {
		switch kind {
		case "env":
			return v.Env[key], true
		case "arg":
			value, _ := argument(v.Argv, key)
			return value, true
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
	text, ok := v.More[name]
	return text, ok
}
