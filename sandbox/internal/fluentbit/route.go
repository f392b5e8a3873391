package fluentbit

import (
	"regexp"
	"strings"
)

const longest = 64 << 10 // A value does not grow beyond this.

// resolve puts in what variables stand for: those that the configuration sets, then those of the environment; others are empty.
func resolve(config *Config, environment map[string]string) {
	value := func(name string) string { return config.Env.Or(name, environment[name]) }
	for _, list := range [][]Properties{config.Inputs, config.Filters, config.Outputs, config.Parsers, {config.Service}} {
		for _, section := range list {
			for i := range section {
				section[i].Value = expanded(section[i].Value, value)
			}
		}
	}
}

func expanded(text string, value func(string) string) string {
	var out strings.Builder
	for {
		before, after, found := strings.Cut(text, "${")
		name, behind, ends := strings.Cut(after, "}")
		if !found || !ends {
			return out.String() + text
		}
		out.WriteString(before)
		out.WriteString(value(name))
		if out.Len() > longest {
			return out.String()
		}
		text = behind
	}
}

var ports = map[string]string{
	"es": "9200", "opensearch": "9200", "loki": "3100", "forward": "24224", "http": "80", "gelf": "12201", "splunk": "8088", "syslog": "514",
	"tcp": "5170",
}

// Address is where an output sends its records, and whether it sends them over the network at all.
func (p Properties) Address() (host, port string, ok bool) {
	name, _ := p.Get("name")
	port, ok = ports[name]
	return p.Or("host", "127.0.0.1"), p.Or("port", port), ok
}

// Sends tells whether what is written to a log file is sent to an output.
func (c *Config) Sends(log string, output Properties) bool {
	for _, input := range c.Inputs {
		if tag, ok := tagOf(input, log); ok && takes(output, tag) && !c.drops(log, tag) {
			return true
		}
	}
	return false
}

// drops tells whether a grep leaves out the namespace or the pod whose name the file has.
func (c *Config) drops(log, tag string) bool {
	for _, filter := range c.Filters {
		if filter.Or("name", "") != "grep" || !takes(filter, tag) {
			continue
		}
		if found, ok := kubernetesRule(filter.Or("exclude", ""), log); ok && found {
			return true
		}
		if found, ok := kubernetesRule(filter.Or("regex", ""), log); ok && !found {
			return true
		}
	}
	return false
}

// tagOf is the tag that a tail gives to a file's records.
func tagOf(input Properties, log string) (string, bool) {
	named := func(key string) bool {
		for pattern := range strings.SplitSeq(input.Or(key, ""), ",") {
			if globPath(strings.TrimSpace(pattern), log) {
				return true
			}
		}
		return false
	}
	if input.Or("name", "") != "tail" || !named("path") || named("exclude_path") {
		return "", false
	}
	dotted := strings.ReplaceAll(strings.TrimLeft(log, "/"), "/", ".")
	return strings.Replace(input.Or("tag", "tail.0"), "*", dotted, 1), true
}

func takes(section Properties, tag string) bool {
	if pattern, ok := section.Get("match_regex"); ok {
		return search(pattern, tag)
	}
	pattern, ok := section.Get("match")
	return ok && glob(pattern, tag)
}

// kubernetesRule is what a rule of grep on the names that Kubernetes gives says about a file POD_NAMESPACE_CONTAINER-ID.log.
func kubernetesRule(rule, log string) (found, ok bool) {
	field, pattern, ok := cutBlank(rule)
	parts := strings.Split(log[strings.LastIndexByte(log, '/')+1:], "_")
	if !ok || len(parts) < 2 {
		return false, false
	}
	switch {
	case strings.Contains(field, "namespace_name"):
		return search(strings.TrimSpace(pattern), parts[1]), true
	case strings.Contains(field, "pod_name"):
		return search(strings.TrimSpace(pattern), parts[0]), true
	}
	return false, false
}

func search(pattern, text string) bool {
	compiled, err := regexp.Compile(pattern)
	return err == nil && compiled.MatchString(text)
}

// glob tells whether a pattern means a text; * stands for any characters, dots and slashes too, as in Match.
func glob(pattern, text string) bool { return matched(pattern, text, func(byte) bool { return true }) }

// globPath is the same for files: * stays within one folder.
func globPath(pattern, path string) bool {
	return matched(pattern, path, func(b byte) bool { return b != '/' })
}

func matched(pattern, text string, maySkip func(byte) bool) bool {
	// Which lengths of the text the pattern so far can have eaten.
	reached := make([]bool, len(text)+1)
	reached[0] = true
	for _, b := range []byte(pattern) {
		next := make([]bool, len(text)+1)
		for at := range next {
			if b == '*' {
				next[at] = reached[at] || at > 0 && next[at-1] && maySkip(text[at-1])
			} else {
				next[at] = at > 0 && reached[at-1] && text[at-1] == b
			}
		}
		reached = next
	}
	return reached[len(text)]
}
