package main

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/model/rulefmt"
	"github.com/prometheus/prometheus/model/timestamp"
	"github.com/prometheus/prometheus/promql"
)

const (
	// step is how often rules are evaluated, and how far apart samples are.
	step = 15 * time.Second
	// longest a trial may be, and how much it may hold.
	longest    = 6 * time.Hour
	maxSeries  = 500
	maxSamples = 1_000_000
	// patience with one question.
	patience = 20 * time.Second
)

// trials ask which alerts of rule groups fire over series that are made up.
type trials struct {
	Rules string  `json:"rules"`
	Cases []trial `json:"cases"`
}

type trial struct {
	// Series in the notation of Prometheus's own unit tests, with samples Interval apart.
	Series []struct {
		Series string `json:"series"`
		Values string `json:"values"`
	} `json:"series"`
	Interval string `json:"interval"`
	// At is when it is looked at, from the start.
	At string `json:"at"`
}

// alert is one that fires.
type alert struct {
	Name   string            `json:"name"`
	Labels map[string]string `json:"labels"`
}

func (t *trials) reply() answer {
	groups, errs := parseRules(t.Rules)
	if len(errs) > 0 {
		return answer{Errors: texts(errs)}
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	fired := make([][]alert, 0, len(t.Cases))
	for i, c := range t.Cases {
		found, err := c.run(ctx, groups)
		if err != nil {
			return failed(fmt.Errorf("trial %d: %w", i+1, err))
		}
		fired = append(fired, found)
	}
	return answer{Errors: []string{}, Fired: fired}
}

func (t *trial) run(ctx context.Context, groups *rulefmt.RuleGroups) ([]alert, error) {
	held := &memory{series: map[string]*series{}}
	end, err := t.fill(held)
	if err != nil {
		return nil, err
	}
	engine := promql.NewEngine(promql.EngineOpts{
		MaxSamples: maxSamples, Timeout: patience, LookbackDelta: 5 * time.Minute,
		EnableAtModifier: true, EnableNegativeOffset: true, Parser: promQL,
		NoStepSubqueryIntervalFn: func(int64) int64 { return step.Milliseconds() },
	})
	evaluation := &evaluation{engine: engine, held: held, since: map[string]time.Time{}}
	var fired []alert
	for now := time.Unix(0, 0).UTC(); !now.After(end); now = now.Add(step) {
		if fired, err = evaluation.at(ctx, groups, now); err != nil {
			return nil, err
		}
	}
	return fired, nil
}

// fill makes the series up, and says when the trial ends.
func (t *trial) fill(into *memory) (time.Time, error) {
	at, err := model.ParseDuration(t.At)
	if err != nil {
		return time.Time{}, fmt.Errorf("the time %q: %w", t.At, err)
	}
	interval, err := model.ParseDuration(t.Interval)
	if err != nil || interval <= 0 {
		return time.Time{}, fmt.Errorf("the interval %q is none", t.Interval)
	}
	if time.Duration(at) > longest || len(t.Series) > maxSeries {
		return time.Time{}, fmt.Errorf("it is longer than %s or has more than %d series", longest, maxSeries)
	}
	samples := 0
	for _, s := range t.Series {
		set, values, err := promQL.ParseSeriesDesc(s.Series + " " + s.Values)
		if err != nil {
			return time.Time{}, fmt.Errorf("the series %q: %w", s.Series, err)
		}
		if samples += len(values); samples > maxSamples {
			return time.Time{}, fmt.Errorf("it has more than %d samples", maxSamples)
		}
		for i, value := range values {
			if !value.Omitted {
				into.add(set, int64(i)*time.Duration(interval).Milliseconds(), value.Value)
			}
		}
	}
	return time.Unix(0, 0).UTC().Add(time.Duration(at)), nil
}

// evaluation of rules as time goes by.
type evaluation struct {
	engine *promql.Engine
	held   *memory
	// since when each alert has been active, by group, rule and labels.
	since map[string]time.Time
}

// at evaluates every rule once, and gives the alerts that fire.
func (e *evaluation) at(ctx context.Context, groups *rulefmt.RuleGroups, now time.Time) ([]alert, error) {
	active := map[string]time.Time{}
	fired := []alert{}
	for _, group := range groups.Groups {
		for i, rule := range group.Rules {
			vector, err := e.query(ctx, rule.Expr, now)
			if err != nil {
				return nil, err
			}
			for _, sample := range vector {
				own := rule.Labels
				if own == nil {
					own = map[string]string{}
				}
				if rule.Record != "" {
					e.held.add(labelled(sample.Metric, group.Labels, own, labels.MetricName, rule.Record), timestamp.FromTime(now), sample.F)
					continue
				}
				set := labelled(sample.Metric, group.Labels, own, labels.MetricName, "")
				key := fmt.Sprintf("%s/%d/%s", group.Name, i, set)
				start, ok := e.since[key]
				if !ok {
					start = now
				}
				active[key] = start
				if now.Sub(start) >= time.Duration(rule.For) {
					fired = append(fired, alert{Name: rule.Alert, Labels: set.Map()})
				}
			}
		}
	}
	e.since = active
	return fired, nil
}

// labelled gives a sample the labels of its rule, and a name or none.
func labelled(metric labels.Labels, group, rule map[string]string, name, value string) labels.Labels {
	builder := labels.NewBuilder(metric)
	for _, more := range []map[string]string{group, rule} {
		for _, key := range slices.Sorted(maps.Keys(more)) {
			builder.Set(key, more[key])
		}
	}
	return builder.Set(name, value).Labels()
}

func (e *evaluation) query(ctx context.Context, expression string, now time.Time) (promql.Vector, error) {
	query, err := e.engine.NewInstantQuery(ctx, e.held, nil, expression, now)
	if err != nil {
		return nil, fmt.Errorf("the expression %q: %w", expression, err)
	}
	defer query.Close()
	result := query.Exec(ctx)
	if result.Err != nil {
		return nil, fmt.Errorf("the expression %q: %w", expression, result.Err)
	}
	switch value := result.Value.(type) {
	case promql.Vector:
		// The memory belongs to the query.
		return slices.Clone(value), nil
	case promql.Scalar:
		return promql.Vector{{T: value.T, F: value.V, Metric: labels.EmptyLabels()}}, nil
	default:
		return nil, fmt.Errorf("the expression %q gives a %s", expression, value.Type())
	}
}
