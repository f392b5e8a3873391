// Command control-plane is every Kubernetes program of a sandbox in one binary, chosen by its first argument,
// so that the parts run as separate processes (an incident can stop one) and share one build.
package main

import (
	"fmt"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	_ "time/tzdata" // CronJobs name time zones; a laptop may have no zone files.

	"github.com/spf13/cobra"
	etcdctl "go.etcd.io/etcd/etcdctl/v3/ctlv3"
	"go.etcd.io/etcd/etcdutl/v3/etcdutl"
	"go.etcd.io/etcd/server/v3/etcdmain"
	genericapiserver "k8s.io/apiserver/pkg/server"
	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/component-base/cli"
	_ "k8s.io/component-base/logs/json/register"
	_ "k8s.io/component-base/metrics/prometheus/clientgo"
	_ "k8s.io/component-base/metrics/prometheus/version"
	kubectl "k8s.io/kubectl/pkg/cmd"
	controllermanager "k8s.io/kubernetes/cmd/kube-controller-manager/app"
	scheduler "k8s.io/kubernetes/cmd/kube-scheduler/app"
	metricsserver "sigs.k8s.io/metrics-server/cmd/metrics-server/app"

	"kubedrill.dev/sandbox/internal/apiserver"
	"kubedrill.dev/sandbox/internal/metrics"
	"kubedrill.dev/sandbox/internal/ready"
)

// components maps a program's name to what makes its command.
var components = map[string]func() *cobra.Command{
	"kube-apiserver":          apiserver.NewCommand,
	"kube-controller-manager": func() *cobra.Command { return afterServer(controllermanager.NewControllerManagerCommand()) },
	"kube-scheduler":          func() *cobra.Command { return afterServer(scheduler.NewSchedulerCommand()) },
	"etcdutl":                 newEtcdutlCommand,
	"kubectl":                 kubectl.NewDefaultKubectlCommand,
	"metrics-server": func() *cobra.Command {
		return metricsserver.NewMetricsServerCommand(genericapiserver.SetupSignalHandler())
	},
	metrics.Name: func() *cobra.Command { return metrics.NewCommand(genericapiserver.SetupSignalContext()) },
}

// tools have a main function of their own, which ends the process.
var tools = map[string]func(){
	"etcd":    func() { etcdmain.Main(os.Args) },
	"etcdctl": etcdctl.MustStart,
}

// afterServer makes a command wait until the API server of its kubeconfig is ready. By itself it would ask once a second.
func afterServer(cmd *cobra.Command) *cobra.Command {
	run := cmd.RunE
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		kubeconfig, err := cmd.Flags().GetString("kubeconfig")
		if err != nil {
			return err
		}
		config, err := clientcmd.BuildConfigFromFlags("", kubeconfig)
		if err != nil {
			return fmt.Errorf("read kubeconfig: %w", err)
		}
		ctx, stop := signal.NotifyContext(cmd.Context(), os.Interrupt, syscall.SIGTERM)
		err = ready.Wait(ctx, config)
		stop()
		if err != nil {
			return err
		}
		return run(cmd, args)
	}
	return cmd
}

// newEtcdutlCommand puts etcdutl together as its own main package does, which cannot be imported.
func newEtcdutlCommand() *cobra.Command {
	root := &cobra.Command{Use: "etcdutl", Short: "An administrative command line tool for etcd3."}
	root.PersistentFlags().StringVarP(&etcdutl.OutputFormat, "write-out", "w", "simple", "set the output format (fields, json, protobuf, simple, table)")
	root.AddCommand(etcdutl.NewDefragCommand(), etcdutl.NewSnapshotCommand(), etcdutl.NewHashKVCommand(), etcdutl.NewVersionCommand(), etcdutl.NewMigrateCommand())
	return root
}

func main() {
	if len(os.Args) < 2 {
		usage("no component named")
	}
	name := os.Args[1]
	os.Args = append([]string{name}, os.Args[2:]...)
	if run, ok := tools[name]; ok {
		run()
		return
	}
	build, ok := components[name]
	if !ok {
		usage("unknown component " + name)
	}
	os.Exit(cli.Run(build()))
}

func usage(problem string) {
	var names []string
	for name := range components {
		names = append(names, name)
	}
	for name := range tools {
		names = append(names, name)
	}
	slices.Sort(names)
	fmt.Fprintf(os.Stderr, "control-plane: %s; give one of: %s\n", problem, strings.Join(names, " "))
	os.Exit(2)
}
