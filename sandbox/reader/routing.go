package main

import (
	"github.com/prometheus/alertmanager/config"
	"github.com/prometheus/alertmanager/dispatch"
	"github.com/prometheus/common/model"
)

// routing asks which receivers alerts with these labels reach.
type routing struct {
	Config string              `json:"config"`
	Alerts []map[string]string `json:"alerts"`
}

func (r *routing) reply() answer {
	loaded, err := config.Load(r.Config)
	if err != nil {
		return failed(err)
	}
	root := dispatch.NewRoute(loaded.Route, nil)
	reached := make([][]string, 0, len(r.Alerts))
	for _, labels := range r.Alerts {
		set := model.LabelSet{}
		for name, value := range labels {
			set[model.LabelName(name)] = model.LabelValue(value)
		}
		receivers := []string{}
		for _, route := range root.Match(set) {
			receivers = append(receivers, route.RouteOpts.Receiver)
		}
		reached = append(reached, receivers)
	}
	return answer{Errors: []string{}, Receivers: reached}
}
