package hub

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	v1 "k8s.io/api/core/v1"
	storage "k8s.io/api/storage/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes/fake"
	"k8s.io/client-go/tools/record"
)

func claimOf(class string, annotations map[string]string) *v1.PersistentVolumeClaim {
	c := &v1.PersistentVolumeClaim{ObjectMeta: metav1.ObjectMeta{Name: "data", Namespace: "shop", UID: "1234", Annotations: annotations}}
	c.Spec.StorageClassName = &class
	c.Spec.AccessModes = []v1.PersistentVolumeAccessMode{v1.ReadWriteOnce}
	c.Spec.Resources.Requests = v1.ResourceList{v1.ResourceStorage: resource.MustParse("1Gi")}
	return c
}

func classOf(name, provisioner string, mode storage.VolumeBindingMode, reclaim v1.PersistentVolumeReclaimPolicy) *storage.StorageClass {
	return &storage.StorageClass{ObjectMeta: metav1.ObjectMeta{Name: name}, Provisioner: provisioner, VolumeBindingMode: &mode, ReclaimPolicy: &reclaim}
}

func newTestProvisioner(t *testing.T) *provisioner {
	t.Helper()
	p, err := newProvisioner(fake.NewClientset(), record.NewFakeRecorder(10), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for _, class := range []*storage.StorageClass{
		classOf("now", provisionerName, storage.VolumeBindingImmediate, v1.PersistentVolumeReclaimDelete),
		classOf("later", provisionerName, storage.VolumeBindingWaitForFirstConsumer, v1.PersistentVolumeReclaimRetain),
		classOf("foreign", "example.com/disk", storage.VolumeBindingImmediate, v1.PersistentVolumeReclaimDelete),
	} {
		p.kinds[class.Name] = class
	}
	return p
}

func TestClaimsGetVolumesWhenTheirClassSays(t *testing.T) {
	chosen := map[string]string{selectedNode: "node-1"}
	tests := map[string]struct {
		claim *v1.PersistentVolumeClaim
		want  bool
	}{
		"at once":                        {claimOf("now", nil), true},
		"not before there is a consumer": {claimOf("later", nil), false},
		"when there is a consumer":       {claimOf("later", chosen), true},
		"not for another provisioner":    {claimOf("foreign", nil), false},
		"not for a class that is not":    {claimOf("missing", nil), false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			p := newTestProvisioner(t)
			p.known["shop/data"] = test.claim
			if err := p.provision(context.Background(), "shop/data"); err != nil {
				t.Fatal(err)
			}
			volume, err := p.client.CoreV1().PersistentVolumes().Get(context.Background(), "pvc-1234", metav1.GetOptions{})
			if (err == nil) != test.want {
				t.Fatalf("volume: %v, want one is %v", err, test.want)
			}
			if err != nil {
				return
			}
			if st, err := os.Stat(volume.Spec.HostPath.Path); err != nil || !st.IsDir() {
				t.Errorf("the volume has no folder: %v", err)
			}
			if volume.Spec.NodeAffinity != nil {
				t.Error("the volume is bound to a node")
			}
		})
	}
}

func TestReleasedVolumeGoesWithItsFolderUnlessRetained(t *testing.T) {
	for _, test := range []struct {
		class string
		kept  bool
	}{{"now", false}, {"later", true}} {
		t.Run(test.class, func(t *testing.T) {
			ctx := context.Background()
			p := newTestProvisioner(t)
			p.known["shop/data"] = claimOf(test.class, map[string]string{selectedNode: "node-1"})
			if err := p.provision(ctx, "shop/data"); err != nil {
				t.Fatal(err)
			}
			volumes := p.client.CoreV1().PersistentVolumes()
			v, err := volumes.Get(ctx, "pvc-1234", metav1.GetOptions{})
			if err != nil {
				t.Fatal(err)
			}
			now := metav1.Now()
			v.Status.Phase, v.DeletionTimestamp = v1.VolumeReleased, &now
			p.pvs[v.Name] = v
			if err := p.reclaim(ctx, v.Name); err != nil {
				t.Fatal(err)
			}
			_, err = os.Stat(filepath.Join(p.dir, v.Name))
			if (err == nil) != test.kept {
				t.Errorf("the folder: %v, want it kept is %v", err, test.kept)
			}
		})
	}
}
