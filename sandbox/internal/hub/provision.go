package hub

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	v1 "k8s.io/api/core/v1"
	storage "k8s.io/api/storage/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	clientset "k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/record"
	"k8s.io/client-go/util/workqueue"
	"k8s.io/klog/v2"

	"kubedrill.dev/sandbox/internal/follow"
)

// provisionerName is what a StorageClass names to have its volumes made here.
const provisionerName = "kubedrill.dev/local"

const (
	selectedNode    = "volume.kubernetes.io/selected-node"
	provisionedBy   = "pv.kubernetes.io/provisioned-by"
	betaClass       = "volume.beta.kubernetes.io/storage-class"
	volumeFinalizer = "kubedrill.dev/volume"
)

// provisioner makes volumes for claims: folders that every node sees, so that data outlives Pods and nodes.
type provisioner struct {
	client   clientset.Interface
	recorder record.EventRecorder
	dir      string
	claims   workqueue.TypedRateLimitingInterface[string] // NAMESPACE/NAME
	volumes  workqueue.TypedRateLimitingInterface[string]

	mu    sync.Mutex
	known map[string]*v1.PersistentVolumeClaim
	pvs   map[string]*v1.PersistentVolume
	kinds map[string]*storage.StorageClass
}

func newQueue() workqueue.TypedRateLimitingInterface[string] {
	return workqueue.NewTypedRateLimitingQueue(workqueue.NewTypedItemExponentialFailureRateLimiter[string](50*time.Millisecond, 10*time.Second))
}

func newProvisioner(client clientset.Interface, recorder record.EventRecorder, dir string) (*provisioner, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("folder of the volumes: %w", err)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("make the folder of the volumes: %w", err)
	}
	return &provisioner{
		client: client, recorder: recorder, dir: dir, claims: newQueue(), volumes: newQueue(),
		known: map[string]*v1.PersistentVolumeClaim{}, pvs: map[string]*v1.PersistentVolume{}, kinds: map[string]*storage.StorageClass{},
	}, nil
}

func (p *provisioner) follow(ctx context.Context) {
	core := p.client.CoreV1().RESTClient()
	follow.Kind(ctx, p.client.StorageV1().RESTClient(), "storageclasses", &storage.StorageClass{}, func(o any, gone bool) {
		class := o.(*storage.StorageClass)
		p.mu.Lock()
		defer p.mu.Unlock()
		set(p.kinds, class.Name, class, gone)
		for name, c := range p.known { // A claim may have come before its class.
			if c.Spec.VolumeName == "" {
				p.claims.Add(name)
			}
		}
	})
	follow.Kind(ctx, core, "persistentvolumeclaims", &v1.PersistentVolumeClaim{}, func(o any, gone bool) {
		c := o.(*v1.PersistentVolumeClaim)
		p.mu.Lock()
		set(p.known, key(c), c, gone)
		p.mu.Unlock()
		p.claims.Add(key(c))
	})
	follow.Kind(ctx, core, "persistentvolumes", &v1.PersistentVolume{}, func(o any, gone bool) {
		v := o.(*v1.PersistentVolume)
		p.mu.Lock()
		set(p.pvs, v.Name, v, gone)
		p.mu.Unlock()
		p.volumes.Add(v.Name)
	})
	go work(ctx, p.claims, p.provision)
	go work(ctx, p.volumes, p.reclaim)
}

// work does what lies in a queue, one after another, and again later what failed.
func work(ctx context.Context, queue workqueue.TypedRateLimitingInterface[string], do func(context.Context, string) error) {
	context.AfterFunc(ctx, queue.ShutDown)
	for {
		name, stopped := queue.Get()
		if stopped {
			return
		}
		if err := do(ctx, name); err != nil && ctx.Err() == nil {
			klog.ErrorS(err, "Will try again", "object", name)
			queue.AddRateLimited(name)
		} else {
			queue.Forget(name)
		}
		queue.Done(name)
	}
}

// wanted gives the claim and its class if a volume is to be made now.
func (p *provisioner) wanted(name string) (*v1.PersistentVolumeClaim, *storage.StorageClass) {
	p.mu.Lock()
	defer p.mu.Unlock()
	c := p.known[name]
	if c == nil || c.DeletionTimestamp != nil || c.Spec.VolumeName != "" {
		return nil, nil
	}
	class := p.kinds[className(c)]
	if class == nil || class.Provisioner != provisionerName {
		return nil, nil
	}
	if class.VolumeBindingMode != nil && *class.VolumeBindingMode == storage.VolumeBindingWaitForFirstConsumer && c.Annotations[selectedNode] == "" {
		return nil, nil
	}
	return c, class
}

func className(c *v1.PersistentVolumeClaim) string {
	if name, ok := c.Annotations[betaClass]; ok {
		return name
	}
	if c.Spec.StorageClassName != nil {
		return *c.Spec.StorageClassName
	}
	return ""
}

func (p *provisioner) provision(ctx context.Context, name string) error {
	c, class := p.wanted(name)
	if c == nil {
		return nil
	}
	if c.Spec.VolumeMode != nil && *c.Spec.VolumeMode == v1.PersistentVolumeBlock {
		p.recorder.Event(c, v1.EventTypeWarning, "ProvisioningFailed", "failed to provision volume: block volumes are not supported by "+provisionerName)
		return nil
	}
	volume := newVolume(c, class, p.dir)
	if err := os.MkdirAll(volume.Spec.HostPath.Path, 0o777); err != nil {
		return fmt.Errorf("make the folder of volume %s: %w", volume.Name, err)
	}
	_, err := p.client.CoreV1().PersistentVolumes().Create(ctx, volume, metav1.CreateOptions{FieldManager: fieldManager})
	switch {
	case apierrors.IsAlreadyExists(err):
		return nil
	case err != nil:
		p.recorder.Eventf(c, v1.EventTypeWarning, "ProvisioningFailed", "failed to provision volume with StorageClass %q: %v", class.Name, err)
		return fmt.Errorf("create volume %s: %w", volume.Name, err)
	}
	p.recorder.Eventf(c, v1.EventTypeNormal, "ProvisioningSucceeded", "Successfully provisioned volume %s", volume.Name)
	return nil
}

// newVolume has no node affinity: every node sees the folder.
func newVolume(c *v1.PersistentVolumeClaim, class *storage.StorageClass, dir string) *v1.PersistentVolume {
	name := "pvc-" + string(c.UID)
	kind, mode, reclaim := v1.HostPathDirectoryOrCreate, v1.PersistentVolumeFilesystem, v1.PersistentVolumeReclaimDelete
	if class.ReclaimPolicy != nil {
		reclaim = *class.ReclaimPolicy
	}
	v := &v1.PersistentVolume{ObjectMeta: metav1.ObjectMeta{Name: name, Annotations: map[string]string{provisionedBy: provisionerName}}}
	if reclaim == v1.PersistentVolumeReclaimDelete {
		v.Finalizers = []string{volumeFinalizer}
	}
	v.Spec = v1.PersistentVolumeSpec{
		Capacity:                      v1.ResourceList{v1.ResourceStorage: c.Spec.Resources.Requests[v1.ResourceStorage]},
		PersistentVolumeSource:        v1.PersistentVolumeSource{HostPath: &v1.HostPathVolumeSource{Path: filepath.Join(dir, name), Type: &kind}},
		AccessModes:                   c.Spec.AccessModes,
		ClaimRef:                      &v1.ObjectReference{APIVersion: "v1", Kind: "PersistentVolumeClaim", Namespace: c.Namespace, Name: c.Name, UID: c.UID, ResourceVersion: c.ResourceVersion},
		PersistentVolumeReclaimPolicy: reclaim,
		StorageClassName:              class.Name,
		MountOptions:                  class.MountOptions,
		VolumeMode:                    &mode,
	}
	return v
}

// reclaim deletes a released volume and its folder, unless its policy is to keep it.
func (p *provisioner) reclaim(ctx context.Context, name string) error {
	p.mu.Lock()
	v := p.pvs[name]
	p.mu.Unlock()
	if v == nil || v.Annotations[provisionedBy] != provisionerName || v.Spec.HostPath == nil {
		return nil
	}
	if v.Status.Phase == v1.VolumeReleased && v.Spec.PersistentVolumeReclaimPolicy == v1.PersistentVolumeReclaimDelete && v.DeletionTimestamp == nil {
		if err := p.client.CoreV1().PersistentVolumes().Delete(ctx, name, metav1.DeleteOptions{Preconditions: &metav1.Preconditions{UID: &v.UID}}); err != nil && !apierrors.IsNotFound(err) {
			return fmt.Errorf("delete volume %s: %w", name, err)
		}
		return nil
	}
	if v.DeletionTimestamp == nil || v.Spec.ClaimRef != nil && v.Status.Phase == v1.VolumeBound {
		return nil
	}
	return p.release(ctx, v)
}

// release removes the folder before the object may go, so that a hub that was stopped in between does it again.
func (p *provisioner) release(ctx context.Context, v *v1.PersistentVolume) error {
	left := v.DeepCopy()
	left.Finalizers = nil
	for _, f := range v.Finalizers {
		if f != volumeFinalizer {
			left.Finalizers = append(left.Finalizers, f)
		}
	}
	if len(left.Finalizers) == len(v.Finalizers) {
		return nil
	}
	if v.Spec.PersistentVolumeReclaimPolicy == v1.PersistentVolumeReclaimDelete {
		if err := os.RemoveAll(filepath.Join(p.dir, filepath.Base(v.Name))); err != nil {
			return fmt.Errorf("remove the folder of volume %s: %w", v.Name, err)
		}
	}
	_, err := p.client.CoreV1().PersistentVolumes().Update(ctx, left, metav1.UpdateOptions{FieldManager: fieldManager})
	if err != nil && !apierrors.IsNotFound(err) {
		return fmt.Errorf("release volume %s: %w", v.Name, err)
	}
	return nil
}
