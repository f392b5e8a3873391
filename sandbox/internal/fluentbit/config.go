// Package fluentbit reads the configuration of Fluent Bit as Fluent Bit reads it: classic and YAML, variables, includes, and which log
// files are sent where. It knows neither containers nor the network. src/fluent_bit answers the same cases alike.
package fluentbit

import (
	"fmt"
	"path"
	"slices"
	"strings"
)

const (
	deepest   = 8      // Includes within includes.
	mostFiles = 64     // Of one configuration.
	most      = 10_000 // Properties of one configuration.
)

// Properties of one section, in order; the keys in lower case.
type Properties []Property

// Property is a key with its value.
type Property struct{ Key, Value string }

// Get is the value of a property, the last one of several.
func (p Properties) Get(key string) (string, bool) {
	for _, one := range slices.Backward(p) {
		if one.Key == key {
			return one.Value, true
		}
	}
	return "", false
}

// Or is the value of a property, or another when it has none.
func (p Properties) Or(key, other string) string {
	if value, ok := p.Get(key); ok {
		return value
	}
	return other
}

// On tells whether a switch is on.
func (p Properties) On(key string) bool {
	value, _ := p.Get(key)
	return slices.Contains([]string{"on", "true", "yes"}, strings.ToLower(value))
}

// add takes a property: keys mind no case, nor do the names of plugins.
func (p *Properties) add(key, value string) {
	key = strings.ToLower(key)
	if key == "name" {
		value = strings.ToLower(value)
	}
	*p = append(*p, Property{key, value})
}

// Config is a configuration.
type Config struct {
	Service, Env                      Properties
	Inputs, Filters, Outputs, Parsers []Properties
}

func (c *Config) size() int {
	n := len(c.Service) + len(c.Env)
	for _, list := range [][]Properties{c.Inputs, c.Filters, c.Outputs, c.Parsers} {
		for _, section := range list {
			n += len(section) + 1
		}
	}
	return n
}

// Files are what a container sees.
type Files interface {
	ReadFile(name string) ([]byte, error)
	// List gives the names in a folder; none when there is no such folder.
	List(folder string) []string
}

// Read reads the configuration that starts with one file.
func Read(name string, files Files, environment map[string]string) (*Config, error) {
	r := &reader{files: files, config: &Config{}}
	if err := r.file(name); err != nil {
		return nil, err
	}
	resolve(r.config, environment)
	return r.config, nil
}

type reader struct {
	files  Files
	config *Config
	open   []string
	read   int
}

func (r *reader) file(name string) error {
	text, err := r.files.ReadFile(name)
	if err != nil {
		return fmt.Errorf("there is no file %s", name)
	}
	if slices.Contains(r.open, name) || len(r.open) >= deepest {
		return fmt.Errorf("%s is included within itself, or too deep", name)
	}
	if r.read++; r.read > mostFiles {
		return errTooLarge
	}
	r.open = append(r.open, name)
	parse := classic
	if ext := strings.ToLower(path.Ext(name)); ext == ".yaml" || ext == ".yml" {
		parse = yamlFormat
	}
	includes, err := parse(name, string(text), r.config)
	if err != nil {
		return err
	}
	if r.config.size() > most {
		return errTooLarge
	}
	for _, include := range includes {
		found, err := r.included(name, include)
		if err != nil {
			return err
		}
		for _, file := range found {
			if err := r.file(file); err != nil {
				return err
			}
		}
	}
	r.open = r.open[:len(r.open)-1]
	return nil
}

// included are the files that an include means, from the folder of the file that says so.
func (r *reader) included(from, include string) ([]string, error) {
	wanted := include
	if !path.IsAbs(include) {
		wanted = path.Join(path.Dir(from), include)
	}
	if !strings.Contains(path.Base(wanted), "*") {
		if _, err := r.files.ReadFile(wanted); err != nil {
			return nil, fmt.Errorf("there is no file %s", wanted)
		}
		return []string{wanted}, nil
	}
	var found []string
	for _, name := range r.files.List(path.Dir(wanted)) {
		if full := path.Join(path.Dir(wanted), name); globPath(wanted, full) {
			found = append(found, full)
		}
	}
	slices.Sort(found)
	return found, nil
}
