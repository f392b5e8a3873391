package kubelet

import (
	"sync"

	v1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	"k8s.io/klog/v2"
	kubeletconfig "k8s.io/kubernetes/pkg/kubelet/apis/config"
	"k8s.io/kubernetes/pkg/kubelet/cm"
	"k8s.io/utils/ptr"
)

// containerManager is the stub one with a disk and with what the node keeps for itself.
type containerManager struct {
	cm.ContainerManager
	disk    uint64
	cgroups *sync.Map
}

func (c *containerManager) GetCapacity(bool) v1.ResourceList {
	return v1.ResourceList{v1.ResourceEphemeralStorage: *resource.NewQuantity(int64(c.disk), resource.BinarySI)}
}

func (c *containerManager) GetNodeAllocatableReservation() v1.ResourceList {
	return v1.ResourceList{v1.ResourceCPU: resource.MustParse("100m"), v1.ResourceMemory: resource.MustParse("256Mi")}
}

// GetPodCgroupRoot names the pods' share: without it the eviction manager complains at every turn.
func (c *containerManager) GetPodCgroupRoot() string { return podCgroup }

func (c *containerManager) NewPodContainerManager() cm.PodContainerManager {
	return &podCgroups{PodContainerManager: c.ContainerManager.NewPodContainerManager(), set: c.cgroups}
}

// podCgroups remembers what the kubelet sets for a Pod as a whole: in-place resize reads it back.
type podCgroups struct {
	cm.PodContainerManager
	set *sync.Map // Of cm.ResourceConfig by Pod UID.
}

func (p *podCgroups) get(pod *v1.Pod) cm.ResourceConfig {
	if v, ok := p.set.Load(pod.UID); ok {
		return v.(cm.ResourceConfig)
	}
	// The kubelet follows every pointer: what has no limit is -1, as in a cgroup.
	rc := cm.ResourceConfig{Memory: ptr.To(int64(-1)), CPUShares: ptr.To(uint64(2)), CPUQuota: ptr.To(int64(-1)), CPUPeriod: ptr.To(uint64(100000))}
	if own := cm.ResourceConfigForPod(pod, true, 100000, false, kubeletconfig.NoneMemoryReservationPolicy); own != nil { // Nil where there are no cgroups.
		merge(&rc, own)
	}
	return rc
}

func merge(to, from *cm.ResourceConfig) {
	if from.Memory != nil {
		to.Memory = from.Memory
	}
	if from.CPUShares != nil {
		to.CPUShares = from.CPUShares
	}
	if from.CPUQuota != nil && from.CPUPeriod != nil {
		to.CPUQuota, to.CPUPeriod = from.CPUQuota, from.CPUPeriod
	}
}

func (p *podCgroups) GetPodCgroupConfig(pod *v1.Pod, _ v1.ResourceName) (*cm.ResourceConfig, error) {
	rc := p.get(pod)
	return &rc, nil
}

func (p *podCgroups) SetPodCgroupConfig(_ klog.Logger, pod *v1.Pod, from *cm.ResourceConfig) error {
	rc := p.get(pod)
	merge(&rc, from)
	p.set.Store(pod.UID, rc)
	return nil
}

func (p *podCgroups) GetPodCgroupMemoryUsage(*v1.Pod) (uint64, error) { return 0, nil }
