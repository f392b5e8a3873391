// Command webhook is cert-manager's webhook with its default settings and certificates from files.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/cert-manager/cert-manager/internal/apis/config/shared"
	config "github.com/cert-manager/cert-manager/internal/apis/config/webhook"
	"github.com/cert-manager/cert-manager/internal/webhook"
	logs "github.com/cert-manager/cert-manager/pkg/logs"
)

func main() {
	settings := config.WebhookConfiguration{MetricsListenAddress: "0"}
	flags := flag.NewFlagSet("webhook", flag.ExitOnError)
	flags.StringVar(&settings.KubeConfig, "kubeconfig", "", "how to reach the API server")
	port := flags.Int("secure-port", 0, "where the API server asks")
	healthz := flags.Int("healthz-port", 0, "where to answer when it is ready")
	var files shared.FilesystemServingConfig
	flags.StringVar(&files.CertFile, "tls-cert-file", "", "the certificate to serve with")
	flags.StringVar(&files.KeyFile, "tls-private-key-file", "", "its key")
	_ = flags.Parse(os.Args[1:])
	settings.SecurePort, settings.HealthzPort, settings.TLSConfig.Filesystem = int32(*port), int32(*healthz), files
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, settings); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, settings config.WebhookConfiguration) error {
	server, err := webhook.NewCertManagerWebhookServer(logs.Log, settings)
	if err != nil {
		return fmt.Errorf("make the webhook: %w", err)
	}
	return server.Run(ctx)
}
