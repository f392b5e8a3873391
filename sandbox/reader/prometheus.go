package main

import (
	"strings"

	"github.com/prometheus/common/promslog"
	"github.com/prometheus/prometheus/config"
	_ "github.com/prometheus/prometheus/discovery/dns"
	_ "github.com/prometheus/prometheus/discovery/file"
	_ "github.com/prometheus/prometheus/discovery/http"
	_ "github.com/prometheus/prometheus/discovery/kubernetes"
	"go.yaml.in/yaml/v2"
)

// known are the kinds of service discovery whose settings are read too. Those of clouds would make this program several times larger.
var known = map[string]bool{
	"static_configs":        true,
	"dns_sd_configs":        true,
	"file_sd_configs":       true,
	"http_sd_configs":       true,
	"kubernetes_sd_configs": true,
}

// configErrors says what Prometheus itself would have against a configuration. The files that it names are not opened.
func configErrors(text string) []string {
	var sections yaml.MapSlice
	if err := yaml.Unmarshal([]byte(text), &sections); err != nil {
		return []string{err.Error()}
	}
	if kept, without := withoutClouds(sections); without {
		plain, err := yaml.Marshal(kept)
		if err != nil {
			return []string{err.Error()}
		}
		text = string(plain)
	}
	if _, err := config.Load(text, promslog.NewNopLogger()); err != nil {
		return []string{err.Error()}
	}
	return []string{}
}

// withoutClouds is the value without service discovery that is not known, and whether there was any.
func withoutClouds(value any) (any, bool) {
	found := false
	switch value := value.(type) {
	case yaml.MapSlice:
		kept := yaml.MapSlice{}
		for _, entry := range value {
			if name, ok := entry.Key.(string); ok && strings.HasSuffix(name, "_sd_configs") && !known[name] {
				found = true
				continue
			}
			inner, without := withoutClouds(entry.Value)
			found = found || without
			kept = append(kept, yaml.MapItem{Key: entry.Key, Value: inner})
		}
		return kept, found
	case []any:
		kept := make([]any, 0, len(value))
		for _, item := range value {
			inner, without := withoutClouds(item)
			found = found || without
			kept = append(kept, inner)
		}
		return kept, found
	default:
		return value, false
	}
}
