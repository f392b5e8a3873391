package metrics

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"
	basecmd "sigs.k8s.io/custom-metrics-apiserver/pkg/cmd"
)

// Name is what the program is called.
const Name = "custom-metrics"

// NewCommand is the program that serves both APIs until ctx ends.
func NewCommand(ctx context.Context) *cobra.Command {
	cmd := &cobra.Command{Use: Name, Short: "Serve custom and external metrics out of the load model", SilenceUsage: true}
	base := &basecmd.AdapterBase{Name: Name, FlagSet: cmd.Flags(), DiscoveryInterval: 10 * time.Minute}
	base.InstallFlags()
	socket := cmd.Flags().String("hub", "", "the hub's socket")
	cmd.RunE = func(*cobra.Command, []string) error {
		a := newAdapter(NewHub(*socket), time.Now)
		base.WithCustomMetrics(a)
		base.WithExternalMetrics(a)
		if err := base.Run(ctx); err != nil {
			return fmt.Errorf("serve metrics: %w", err)
		}
		return nil
	}
	return cmd
}
