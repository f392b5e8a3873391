package fluentbit

import (
	"errors"
	"fmt"
	"strings"
)

var errTooLarge = errors.New("the configuration is too large")

const blanks = " \t"

// classic adds what a file says, and gives the files that it includes.
func classic(name, text string, config *Config) (includes []string, err error) {
	section, indent, inside := "", "", false
	var properties Properties
	number := 0
	for line := range strings.SplitSeq(text, "\n") {
		number++
		wrong := func(what string) error { return fmt.Errorf("%s, line %d: %s", name, number, what) }
		line = strings.TrimRight(line, " \t\r")
		content := strings.TrimLeft(line, blanks)
		if content == "" || content[0] == '#' {
			continue
		}
		if command, ok := strings.CutPrefix(line, "@"); ok {
			word, rest, ok := cutBlank(command)
			if !ok {
				return nil, wrong("a command has no value")
			}
			switch strings.ToUpper(word) {
			case "SET":
				key, value, ok := strings.Cut(rest, "=")
				if !ok {
					return nil, wrong("@SET needs NAME=value")
				}
				config.Env = append(config.Env, Property{strings.TrimSpace(key), strings.TrimSpace(value)})
			case "INCLUDE":
				includes = append(includes, strings.TrimSpace(rest))
			default:
				return nil, wrong("an unknown command")
			}
			continue
		}
		if header, ok := strings.CutPrefix(line, "["); ok {
			title, _, ok := strings.Cut(header, "]")
			if !ok || title == "" {
				return nil, wrong("a section's name does not end with ]")
			}
			if err := config.close(section, properties); err != nil {
				return nil, err
			}
			section, indent, inside, properties = strings.ToUpper(title), "", true, nil
			continue
		}
		found := line[:len(line)-len(content)]
		switch {
		case !inside:
			return nil, wrong("a property stands before any section")
		case found == "":
			return nil, wrong("a property must be indented")
		case indent == "":
			indent = found
		case indent != found:
			return nil, wrong("properties of a section must be indented alike")
		}
		key, value, ok := cutBlank(content)
		if !ok {
			return nil, wrong("a property has no value")
		}
		properties.add(key, value)
	}
	return includes, config.close(section, properties)
}

func cutBlank(text string) (before, after string, ok bool) {
	at := strings.IndexAny(text, blanks)
	if at < 0 {
		return text, "", false
	}
	return text[:at], strings.TrimLeft(text[at:], blanks), true
}

// close puts a section where it belongs.
func (c *Config) close(section string, properties Properties) error {
	into := map[string]*[]Properties{"INPUT": &c.Inputs, "FILTER": &c.Filters, "OUTPUT": &c.Outputs}[section]
	switch {
	case into != nil:
		if _, named := properties.Get("name"); !named {
			return fmt.Errorf("a section [%s] has no Name", section)
		}
		*into = append(*into, properties)
	case section == "SERVICE":
		c.Service = append(c.Service, properties...)
	case section == "PARSER" || section == "MULTILINE_PARSER":
		c.Parsers = append(c.Parsers, properties)
	}
	return nil
}
