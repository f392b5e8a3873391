package hub

import (
	"context"
	"encoding/json"
	"fmt"

	"k8s.io/apimachinery/pkg/types"
	clientset "k8s.io/client-go/kubernetes"
)

// nodeLabels sets the labels that a node may not give itself, such as its role: the API server refuses them from a kubelet.
type nodeLabels struct{ client clientset.Interface }

func (n *nodeLabels) set(ctx context.Context, node string, labels map[string]string) error {
	patch, err := json.Marshal(map[string]any{"metadata": map[string]any{"labels": labels}})
	if err != nil {
		return fmt.Errorf("encode labels: %w", err)
	}
	if _, err := n.client.CoreV1().Nodes().Patch(ctx, node, types.MergePatchType, patch, patchOptions); err != nil {
		return fmt.Errorf("label node %s: %w", node, err)
	}
	return nil
}
