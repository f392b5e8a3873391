package metrics

import (
	"context"
	"time"

	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/metrics/pkg/apis/custom_metrics"
	"k8s.io/metrics/pkg/apis/external_metrics"
	"sigs.k8s.io/custom-metrics-apiserver/pkg/provider"

	"kubedrill.dev/sandbox/internal/demand"
)

var (
	pods     = schema.GroupResource{Resource: "pods"}
	services = schema.GroupResource{Resource: "services"}
)

// figure is one number about a Pod, and how those of a Service's Pods come together.
type figure struct {
	of  func(demand.Share) float64
	all func(sum float64, pods int) float64
}

func total(sum float64, _ int) float64      { return sum }
func average(sum float64, pods int) float64 { return sum / float64(max(pods, 1)) }

// custom are the metrics of Pods and Services, by name.
var custom = map[string]figure{
	"http_requests_per_second":        {demand.Share.Rate, total},
	"http_requests_failed_per_second": {func(s demand.Share) float64 { return s.Rate() * s.Failing }, total},
	"http_request_duration_seconds":   {func(s demand.Share) float64 { return float64(s.LatencyMillis) / 1000 }, average},
}

// external are the metrics of demands, by name.
var external = map[string]figure{
	"http_requests_per_second": {demand.Share.Rate, total},
	"queue_depth":              {demand.Share.Waiting, total},
}

// adapter answers for both APIs.
type adapter struct {
	source Source
	now    func() time.Time
}

var _ provider.MetricsProvider = (*adapter)(nil)

func newAdapter(source Source, now func() time.Time) *adapter {
	return &adapter{source: source, now: now}
}

// GetMetricByName is a metric of one Pod or Service.
func (a *adapter) GetMetricByName(ctx context.Context, name types.NamespacedName, info provider.CustomMetricInfo, selector labels.Selector) (*custom_metrics.MetricValue, error) {
	values, err := a.values(ctx, name.Namespace, info, func(object string, _ map[string]string) bool { return object == name.Name }, selector)
	if err != nil {
		return nil, err
	}
	if len(values) == 0 {
		return nil, provider.NewMetricNotFoundForError(info.GroupResource, info.Metric, name.Name)
	}
	return &values[0], nil
}

// GetMetricBySelector is a metric of the Pods with these labels.
func (a *adapter) GetMetricBySelector(ctx context.Context, namespace string, pick labels.Selector, info provider.CustomMetricInfo, selector labels.Selector) (*custom_metrics.MetricValueList, error) {
	values, err := a.values(ctx, namespace, info, func(_ string, l map[string]string) bool { return pick.Matches(labels.Set(l)) }, selector)
	if err != nil {
		return nil, err
	}
	return &custom_metrics.MetricValueList{Items: values}, nil
}

// values are the metric of every Pod or Service that is picked. A series has no labels beside its object, so that a selector of series
// that asks for any finds none.
func (a *adapter) values(ctx context.Context, namespace string, info provider.CustomMetricInfo, picked func(string, map[string]string) bool, selector labels.Selector) ([]custom_metrics.MetricValue, error) {
	f, known := custom[info.Metric]
	if !known || info.GroupResource != pods && info.GroupResource != services {
		return nil, provider.NewMetricNotFoundError(info.GroupResource, info.Metric)
	}
	if selector != nil && !selector.Matches(labels.Set{}) {
		return nil, nil
	}
	states, err := a.source.Demands(ctx)
	if err != nil {
		return nil, err
	}
	var values []custom_metrics.MetricValue
	if info.GroupResource == services {
		for _, s := range inNamespace(states, namespace) {
			if s.Service != "" && picked(s.Service, nil) {
				values = append(values, a.value("Service", namespace, s.Service, info.Metric, f.over(s.Pods)))
			}
		}
		return values, nil
	}
	for _, p := range merged(inNamespace(states, namespace)) {
		if picked(p.Name, p.Labels) {
			values = append(values, a.value("Pod", namespace, p.Name, info.Metric, f.of(p.Share)))
		}
	}
	return values, nil
}

func (a *adapter) value(kind, namespace, name, metric string, v float64) custom_metrics.MetricValue {
	return custom_metrics.MetricValue{
		DescribedObject: custom_metrics.ObjectReference{APIVersion: "v1", Kind: kind, Namespace: namespace, Name: name},
		Metric:          custom_metrics.MetricIdentifier{Name: metric},
		Timestamp:       metav1.Time{Time: a.now()},
		Value:           quantity(v),
	}
}

// over is the figure of several Pods.
func (f figure) over(pods []demand.Pod) float64 {
	sum := 0.0
	for _, p := range pods {
		sum += f.of(p.Share)
	}
	return f.all(sum, len(pods))
}

func quantity(v float64) resource.Quantity {
	return *resource.NewMilliQuantity(int64(v*1000), resource.DecimalSI)
}

func inNamespace(states []demand.State, namespace string) []demand.State {
	var in []demand.State
	for _, s := range states {
		if s.Namespace == namespace {
			in = append(in, s)
		}
	}
	return in
}

// merged lists every Pod once, with what all demands ask of it.
func merged(states []demand.State) []demand.Pod {
	var list []demand.Pod
	at := map[string]int{}
	for _, s := range states {
		for _, p := range s.Pods {
			if i, seen := at[p.UID]; seen {
				list[i].Share = list[i].And(p.Share)
				continue
			}
			at[p.UID] = len(list)
			list = append(list, p)
		}
	}
	return list
}

// ListAllMetrics lists every custom metric.
func (a *adapter) ListAllMetrics() []provider.CustomMetricInfo {
	var infos []provider.CustomMetricInfo
	for name := range custom {
		for _, r := range []schema.GroupResource{pods, services} {
			infos = append(infos, provider.CustomMetricInfo{GroupResource: r, Namespaced: true, Metric: name})
		}
	}
	return infos
}

// GetExternalMetric is a metric of every demand of a namespace; its labels are demand and service.
func (a *adapter) GetExternalMetric(ctx context.Context, namespace string, selector labels.Selector, info provider.ExternalMetricInfo) (*external_metrics.ExternalMetricValueList, error) {
	f, known := external[info.Metric]
	if !known {
		return nil, provider.NewMetricNotFoundError(schema.GroupResource{Group: external_metrics.GroupName, Resource: "externalmetrics"}, info.Metric)
	}
	states, err := a.source.Demands(ctx)
	if err != nil {
		return nil, err
	}
	list := &external_metrics.ExternalMetricValueList{}
	for _, s := range inNamespace(states, namespace) {
		series := labels.Set{"demand": s.Name}
		if s.Service != "" {
			series["service"] = s.Service
		}
		if selector == nil || selector.Matches(series) {
			list.Items = append(list.Items, external_metrics.ExternalMetricValue{MetricName: info.Metric, MetricLabels: series, Timestamp: metav1.Time{Time: a.now()}, Value: quantity(f.over(s.Pods))})
		}
	}
	return list, nil
}

// ListAllExternalMetrics lists every external metric.
func (a *adapter) ListAllExternalMetrics() []provider.ExternalMetricInfo {
	var infos []provider.ExternalMetricInfo
	for name := range external {
		infos = append(infos, provider.ExternalMetricInfo{Metric: name})
	}
	return infos
}
