package kubelet

import (
	"context"
	"fmt"
	"sync"
	"time"

	v1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/uuid"
	utilfeature "k8s.io/apiserver/pkg/util/feature"
	clientset "k8s.io/client-go/kubernetes"
	typedv1 "k8s.io/client-go/kubernetes/typed/core/v1"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/record"
	kubeletapp "k8s.io/kubernetes/cmd/kubelet/app"
	"k8s.io/kubernetes/pkg/api/legacyscheme"
	"k8s.io/kubernetes/pkg/kubelet/cm"
	"k8s.io/kubernetes/pkg/kubelet/config"
	kubeletutil "k8s.io/kubernetes/pkg/kubelet/util"
	"k8s.io/kubernetes/pkg/kubemark"
	"k8s.io/kubernetes/pkg/volume/util/hostutil"

	"kubedrill.dev/sandbox/internal/catalogue"
	"kubedrill.dev/sandbox/internal/link"
	"kubedrill.dev/sandbox/internal/ready"
	"kubedrill.dev/sandbox/internal/runtime"
)

// diskSize is what every node has.
const diskSize = 100 << 30

// Run is the node until ctx ends. It may be started before the API server answers.
func Run(ctx context.Context, c Config, server *rest.Config, client *clientset.Clientset) error {
	if err := utilfeature.DefaultMutableFeatureGate.SetFromMap(map[string]bool{"PodAndContainerStatsFromCRI": true}); err != nil {
		return fmt.Errorf("set feature gates: %w", err)
	}
	flags, kc, err := c.options()
	if err != nil {
		return err
	}
	list, err := catalogue.Load(c.Catalogue)
	if err != nil {
		return err
	}
	if err := ready.Wait(ctx, server); err != nil {
		return err
	}
	broadcaster := record.NewBroadcaster(record.WithContext(ctx))
	broadcaster.StartRecordingToSink(&typedv1.EventSinkImpl{Interface: client.CoreV1().Events("")})
	recorder := broadcaster.NewRecorder(legacyscheme.Scheme, v1.EventSource{Component: "kubelet", Host: c.Name})

	hub := link.NewClient(c.Sockets)
	images := runtime.NewImages(list, c.root())
	rt := runtime.New(images, runtime.Config{
		Node: c.Name, NodeIP: c.IP, Paths: c.paths(), Network: hub,
		Unlisted: func(namespace, pod, uid, image string) {
			ref := &v1.ObjectReference{APIVersion: "v1", Kind: "Pod", Namespace: namespace, Name: pod, UID: types.UID(uid)}
			recorder.Eventf(ref, v1.EventTypeWarning, "UnlistedImage", "The image catalogue does not list %q: the container runs as a process that does nothing", image)
		},
	})
	if err := rt.ServeStreams(); err != nil {
		return err
	}
	if err := link.Accept(ctx, c.Sockets, c.Name, rt.Listener); err != nil {
		return err
	}
	go hub.FollowLoad(ctx, c.Name, rt.SetLoad)

	hardware := &machine{name: c.Name, cpus: c.CPUs, memory: c.Memory, disk: diskSize, use: rt.Use, boot: time.Now(), bootID: string(uuid.NewUUID())}
	hollow := kubemark.NewHollowKubelet(flags, kc, client, client, hardware, images, rt, &containerManager{cm.NewStubContainerManager(), diskSize, &sync.Map{}})
	d := hollow.KubeletDeps
	d.EventClient = client.CoreV1() // Without it events go nowhere.
	d.Recorder = recorder
	d.ProbeManager = nil // The kubelet makes its own.
	d.OSInterface = hostOS{}
	d.HostUtil = hostFiles{hostutil.NewFakeHostUtil(nil), c.paths()}
	d.VolumePlugins = volumePlugins(d.VolumePlugins, c.paths())
	d.Subpather = &subpaths{}
	// Without these two the kubelet serves plain HTTP to everybody on this machine.
	if d.TLSOptions, err = kubeletapp.InitializeTLS(ctx, flags, kc); err != nil {
		return fmt.Errorf("set up the kubelet's certificate: %w", err)
	}
	auth, reloadCA, err := kubeletapp.BuildAuth(types.NodeName(c.Name), client, *kc)
	if err != nil {
		return fmt.Errorf("set up the kubelet's authentication: %w", err)
	}
	d.Auth = auth
	reloadCA(ctx.Done())
	d.PodStartupLatencyTracker = kubeletutil.NewPodStartupLatencyTracker()
	d.PodConfig = config.NewPodConfig(recorder, d.PodStartupLatencyTracker)
	feedPods(ctx, client, c.Name, d.PodConfig)
	d.Options = append(d.Options, anyNodeIP)
	_, role := splitLabels(c.Labels)
	go setRole(ctx, hub, c.Name, role)
	go hollow.Run(ctx) // It never returns.
	<-ctx.Done()
	return nil
}
