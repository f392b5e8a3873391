package metrics

import (
	"context"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/custom-metrics-apiserver/pkg/provider"

	"kubedrill.dev/sandbox/internal/demand"
)

// surge is what a hub tells while two Pods are saturated.
type surge struct{}

func (surge) Demands(context.Context) ([]demand.State, error) {
	d := demand.Demand{Namespace: "shop", Name: "campaign", Service: "web", Cap: 190}
	share := d.Split(850, 2, 0)
	app := map[string]string{"app": "web"}
	return []demand.State{{Demand: d, Milli: 850, Pods: []demand.Pod{{Name: "web-1", UID: "1", Labels: app, Share: share}, {Name: "web-2", UID: "2", Labels: app, Share: share}}}}, nil
}

func TestPodsAndServicesHaveRequestsPerSecond(t *testing.T) {
	a := newAdapter(surge{}, time.Now)
	rate := provider.CustomMetricInfo{GroupResource: pods, Namespaced: true, Metric: "http_requests_per_second"}
	list, err := a.GetMetricBySelector(t.Context(), "shop", labels.SelectorFromSet(labels.Set{"app": "web"}), rate, labels.Everything())
	if err != nil || len(list.Items) != 2 || list.Items[1].DescribedObject.Name != "web-2" || list.Items[1].Value.Value() != 425 {
		t.Errorf("%+v, %v", list, err)
	}
	rate.GroupResource = services
	one, err := a.GetMetricByName(t.Context(), types.NamespacedName{Namespace: "shop", Name: "web"}, rate, nil)
	if err != nil || one.Value.Value() != 850 {
		t.Errorf("%+v, %v", one, err)
	}
	if _, err := a.GetMetricByName(t.Context(), types.NamespacedName{Namespace: "shop", Name: "db"}, rate, nil); err == nil {
		t.Error("a Service without a demand has a metric")
	}
	if list, err := a.GetMetricBySelector(t.Context(), "other", labels.Everything(), rate, nil); err != nil || len(list.Items) != 0 {
		t.Errorf("another namespace: %+v, %v", list, err)
	}
}

func TestTheQueueIsAnExternalMetric(t *testing.T) {
	a := newAdapter(surge{}, time.Now)
	depth := provider.ExternalMetricInfo{Metric: "queue_depth"}
	list, err := a.GetExternalMetric(t.Context(), "shop", labels.SelectorFromSet(labels.Set{"service": "web"}), depth)
	if err != nil || len(list.Items) != 1 || list.Items[0].Value.Value() != 3400 {
		t.Errorf("850 requests a second that wait 4 s each: %+v, %v", list, err)
	}
	if list, err := a.GetExternalMetric(t.Context(), "shop", labels.SelectorFromSet(labels.Set{"service": "db"}), depth); err != nil || len(list.Items) != 0 {
		t.Errorf("another service: %+v, %v", list, err)
	}
	if _, err := a.GetExternalMetric(t.Context(), "shop", labels.Everything(), provider.ExternalMetricInfo{Metric: "mood"}); err == nil {
		t.Error("an unknown metric has a value")
	}
}
