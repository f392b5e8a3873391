package fluentbit

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"sigs.k8s.io/yaml"
)

type mapping = map[string]any

// yamlFormat adds what a file says, and gives the files that it includes.
func yamlFormat(name, text string, config *Config) (includes []string, err error) {
	var root mapping
	if err := yaml.Unmarshal([]byte(text), &root, func(d *json.Decoder) *json.Decoder { d.UseNumber(); return d }); err != nil {
		return nil, fmt.Errorf("%s: it is no mapping of sections", name)
	}
	wrong := func(what string) error { return fmt.Errorf("%s: %s", name, what) }
	for _, key := range slices.Sorted(maps.Keys(root)) {
		value := root[key]
		switch strings.ToLower(key) {
		case "service":
			found, ok := properties(value)
			if !ok {
				return nil, wrong("`service` is no mapping")
			}
			config.Service = append(config.Service, found...)
		case "env":
			variables, ok := value.(mapping)
			if !ok {
				return nil, wrong("`env` is no mapping")
			}
			for _, variable := range slices.Sorted(maps.Keys(variables)) {
				text, _ := scalar(variables[variable])
				config.Env = append(config.Env, Property{variable, text})
			}
		case "includes":
			list, ok := value.([]any)
			if !ok {
				return nil, wrong("`includes` is no list")
			}
			for _, item := range list {
				if text, ok := item.(string); ok {
					includes = append(includes, text)
				}
			}
		case "pipeline":
			if err := config.pipeline(value); err != nil {
				return nil, wrong(err.Error())
			}
		case "parsers", "multiline_parsers":
			found, err := sections("parsers", value)
			if err != nil {
				return nil, wrong(err.Error())
			}
			config.Parsers = append(config.Parsers, found...)
		case "customs", "plugins", "upstream_servers", "stream_processor":
		default:
			return nil, wrong("there is no section `" + strings.ToLower(key) + "`")
		}
	}
	return includes, nil
}

func (c *Config) pipeline(value any) error {
	parts, ok := value.(mapping)
	if !ok {
		return fmt.Errorf("`pipeline` is no mapping")
	}
	into := map[string]struct {
		list    *[]Properties
		section string
	}{"inputs": {&c.Inputs, "INPUT"}, "filters": {&c.Filters, "FILTER"}, "outputs": {&c.Outputs, "OUTPUT"}}
	for _, key := range slices.Sorted(maps.Keys(parts)) {
		to, ok := into[strings.ToLower(key)]
		if !ok {
			return fmt.Errorf("there is no `%s` in `pipeline`", strings.ToLower(key))
		}
		found, err := sections(key, parts[key])
		if err != nil {
			return err
		}
		for _, section := range found {
			if _, named := section.Get("name"); !named {
				return fmt.Errorf("a section [%s] has no Name", to.section)
			}
		}
		*to.list = append(*to.list, found...)
	}
	return nil
}

func sections(name string, value any) ([]Properties, error) {
	if value == nil {
		return nil, nil
	}
	list, ok := value.([]any)
	if !ok {
		return nil, fmt.Errorf("`%s` is no list", name)
	}
	var found []Properties
	for _, item := range list {
		one, ok := properties(item)
		if !ok {
			return nil, fmt.Errorf("an item of `%s` is no mapping", name)
		}
		found = append(found, one)
	}
	return found, nil
}

func properties(value any) (Properties, bool) {
	fields, ok := value.(mapping)
	if !ok {
		return nil, false
	}
	var found Properties
	for _, key := range slices.Sorted(maps.Keys(fields)) {
		if list, ok := fields[key].([]any); ok {
			for _, item := range list {
				if text, ok := scalar(item); ok {
					found.add(key, text)
				}
			}
			continue
		}
		// Processors have sections of their own, which say nothing about where records go.
		if _, nested := fields[key].(mapping); !nested {
			text, _ := scalar(fields[key])
			found.add(key, text)
		}
	}
	return found, true
}

func scalar(value any) (string, bool) {
	switch value := value.(type) {
	case string:
		return value, true
	case bool, json.Number:
		return fmt.Sprint(value), true
	}
	return "", false
}
