package main

import (
	"context"
	"sort"

	"github.com/prometheus/prometheus/model/histogram"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/storage"
	"github.com/prometheus/prometheus/tsdb/chunkenc"
	"github.com/prometheus/prometheus/tsdb/chunks"
	"github.com/prometheus/prometheus/util/annotations"
)

// point is a sample of a float.
type point struct {
	t int64
	v float64
}

func (p point) T() int64                    { return p.t }
func (point) ST() int64                     { return 0 }
func (p point) F() float64                  { return p.v }
func (point) H() *histogram.Histogram       { return nil }
func (point) FH() *histogram.FloatHistogram { return nil }
func (point) Type() chunkenc.ValueType      { return chunkenc.ValFloat }
func (p point) Copy() chunks.Sample         { return p }

// memory holds series for the time of one trial.
type memory struct {
	series map[string]*series
}

type series struct {
	labels labels.Labels
	points []chunks.Sample
}

func (m *memory) add(set labels.Labels, t int64, v float64) {
	key := set.String()
	found, ok := m.series[key]
	if !ok {
		found = &series{labels: set}
		m.series[key] = found
	}
	found.points = append(found.points, point{t, v})
}

func (m *memory) Querier(mint, maxt int64) (storage.Querier, error) {
	return &view{m, mint, maxt}, nil
}

// view is the part of the series between two times.
type view struct {
	memory     *memory
	mint, maxt int64
}

func (v *view) Select(_ context.Context, _ bool, _ *storage.SelectHints, matchers ...*labels.Matcher) storage.SeriesSet {
	var found []storage.Series
	for _, s := range v.memory.series {
		if !matches(s.labels, matchers) {
			continue
		}
		within := []chunks.Sample{}
		for _, p := range s.points {
			if p.T() >= v.mint && p.T() <= v.maxt {
				within = append(within, p)
			}
		}
		found = append(found, storage.NewListSeries(s.labels, within))
	}
	sort.Slice(found, func(i, j int) bool { return labels.Compare(found[i].Labels(), found[j].Labels()) < 0 })
	return &set{series: found, at: -1}
}

func (*view) LabelValues(context.Context, string, *storage.LabelHints, ...*labels.Matcher) ([]string, annotations.Annotations, error) {
	return nil, nil, nil
}

func (*view) LabelNames(context.Context, *storage.LabelHints, ...*labels.Matcher) ([]string, annotations.Annotations, error) {
	return nil, nil, nil
}

func (*view) Close() error { return nil }

func matches(set labels.Labels, matchers []*labels.Matcher) bool {
	for _, m := range matchers {
		if !m.Matches(set.Get(m.Name)) {
			return false
		}
	}
	return true
}

type set struct {
	series []storage.Series
	at     int
}

func (s *set) Next() bool {
	s.at++
	return s.at < len(s.series)
}
func (s *set) At() storage.Series              { return s.series[s.at] }
func (*set) Err() error                        { return nil }
func (*set) Warnings() annotations.Annotations { return nil }
