package kubelet

import (
	"context"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/util/wait"
	"k8s.io/klog/v2"
	kubeletapis "k8s.io/kubelet/pkg/apis"

	"kubedrill.dev/sandbox/internal/link"
)

// splitLabels tells labels that a node may give itself from those that admission refuses, such as its role.
func splitLabels(all map[string]string) (own, refused map[string]string) {
	own, refused = map[string]string{}, map[string]string{}
	for name, value := range all {
		domain, _, _ := strings.Cut(name, "/")
		reserved := strings.HasSuffix("."+domain, ".kubernetes.io") || strings.HasSuffix("."+domain, ".k8s.io")
		if reserved && !kubeletapis.IsKubeletLabel(name) {
			refused[name] = value
		} else {
			own[name] = value
		}
	}
	return own, refused
}

// labelRetry is short: the Node object is there a moment after the kubelet started.
const labelRetry = 50 * time.Millisecond

// setRole has the hub set the labels that the node may not set.
func setRole(ctx context.Context, hub *link.Client, node string, labels map[string]string) {
	if len(labels) == 0 {
		return
	}
	var last error
	err := wait.PollUntilContextTimeout(ctx, labelRetry, time.Minute, true, func(ctx context.Context) (bool, error) {
		last = hub.SetLabels(ctx, node, labels)
		return last == nil, nil
	})
	if err != nil {
		klog.ErrorS(last, "Cannot label the node", "node", node, "labels", labels)
	}
}
