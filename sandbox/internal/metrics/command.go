package metrics

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"
	clientset "k8s.io/client-go/kubernetes"
	basecmd "sigs.k8s.io/custom-metrics-apiserver/pkg/cmd"

	"kubedrill.dev/sandbox/internal/drive"
)

// Name is what the program is called.
const Name = "custom-metrics"

// NewCommand is the program that serves both APIs until ctx ends. In a cluster of containers it drives the demands as well: there, no
// hub plays them.
func NewCommand(ctx context.Context) *cobra.Command {
	cmd := &cobra.Command{Use: Name, Short: "Serve custom and external metrics of the load", SilenceUsage: true}
	base := &basecmd.AdapterBase{Name: Name, FlagSet: cmd.Flags(), DiscoveryInterval: 10 * time.Minute}
	base.InstallFlags()
	socket := cmd.Flags().String("hub", "", "the hub's socket")
	var c drive.Config
	cmd.Flags().StringVar(&c.Listen, "demands", "", "drive the demands that are set at this HOST:PORT")
	cmd.Flags().StringVar(&c.File, "demands-file", "", "where they are kept")
	cmd.Flags().StringVar(&c.SecretFile, "demands-secret-file", "", "holds the password of who may set them")
	cmd.RunE = func(*cobra.Command, []string) error {
		source := NewHub(*socket)
		ctx, cancel := context.WithCancelCause(ctx)
		defer cancel(nil)
		if c.Listen != "" {
			driver, err := startDriver(ctx, cancel, base, c)
			if err != nil {
				return err
			}
			source = driver
		}
		a := newAdapter(source, time.Now)
		base.WithCustomMetrics(a)
		base.WithExternalMetrics(a)
		if err := base.Run(ctx); err != nil {
			return fmt.Errorf("serve metrics: %w", err)
		}
		if err := context.Cause(ctx); err != nil && !errors.Is(err, context.Canceled) {
			return err
		}
		return nil
	}
	return cmd
}

// startDriver returns once the driver takes demands; should it fail later, that is the cause of the end.
func startDriver(ctx context.Context, failed context.CancelCauseFunc, base *basecmd.AdapterBase, c drive.Config) (*drive.Driver, error) {
	config, err := base.ClientConfig()
	if err != nil {
		return nil, fmt.Errorf("find the API server: %w", err)
	}
	client, err := clientset.NewForConfig(config)
	if err != nil {
		return nil, fmt.Errorf("make a client: %w", err)
	}
	driver, ready, ended := drive.New(c.File, time.Now), make(chan struct{}), make(chan error, 1)
	go func() {
		err := driver.Run(ctx, c, client, func() { close(ready) })
		ended <- err
		if err != nil {
			failed(fmt.Errorf("drive the load: %w", err))
		}
	}()
	select {
	case <-ready:
		return driver, nil
	case err := <-ended:
		return nil, fmt.Errorf("drive the load: %w", err)
	}
}
