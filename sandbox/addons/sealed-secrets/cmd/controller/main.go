// Command controller is the controller of Sealed Secrets for a process outside of the cluster: its own main function works in a Pod alone.
package main

import (
	"context"
	"crypto/x509"
	"encoding/pem"
	"flag"
	"fmt"
	"net/http"
	"os"
	"os/signal"
	"reflect"
	"syscall"
	"time"

	v1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/client-go/util/keyutil"

	sealed "github.com/bitnami/sealed-secrets/pkg/client/clientset/versioned"
	sealedinformers "github.com/bitnami/sealed-secrets/pkg/client/informers/externalversions"
	"github.com/bitnami/sealed-secrets/pkg/controller"
	"github.com/bitnami/sealed-secrets/pkg/crypto"
)

const (
	keyName  = "sealed-secrets-key"
	keySize  = 4096
	validFor = 10 * 365 * 24 * time.Hour
	retries  = 5
	order    = "CertNotBefore"
	isKey    = controller.SealedSecretsKeyLabel + "=active"
)

func main() {
	kubeconfig := flag.String("kubeconfig", "", "how to reach the API server")
	namespace := flag.String("namespace", "kube-system", "where the keys are")
	address := flag.String("address", "", "where to give away the certificate to seal with, /v1/cert.pem")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, *kubeconfig, *namespace, *address); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, kubeconfig, namespace, address string) error {
	access, err := clientcmd.BuildConfigFromFlags("", kubeconfig)
	if err != nil {
		return fmt.Errorf("read the kubeconfig: %w", err)
	}
	client, err := kubernetes.NewForConfig(access)
	if err != nil {
		return fmt.Errorf("make the client: %w", err)
	}
	sealedClient, err := sealed.NewForConfig(access)
	if err != nil {
		return fmt.Errorf("make the client of sealed secrets: %w", err)
	}
	certificate, err := ensureKey(ctx, client, namespace)
	if err != nil {
		return fmt.Errorf("find or make a key in %s: %w", namespace, err)
	}
	keys := informers.NewSharedInformerFactoryWithOptions(client, 0, informers.WithNamespace(namespace),
		informers.WithTweakListOptions(func(options *metav1.ListOptions) { options.LabelSelector = isKey }))
	registry := controller.NewKeyRegistry(client, namespace, keyName, controller.SealedSecretsKeyLabel, keySize)
	made, err := controller.NewController(client, sealedClient, sealedinformers.NewSharedInformerFactory(sealedClient, 0),
		informers.NewSharedInformerFactory(client, 0), keys, registry, retries, order)
	if err != nil {
		return fmt.Errorf("make the controller: %w", err)
	}
	reportStatus(made)
	keys.Start(ctx.Done())
	keys.WaitForCacheSync(ctx.Done())
	go made.Run(ctx.Done())
	server := &http.Server{Addr: address, Handler: giveAway(certificate)}
	go func() {
		<-ctx.Done()
		_ = server.Close()
	}()
	if err := server.ListenAndServe(); ctx.Err() == nil {
		return fmt.Errorf("serve the certificate: %w", err)
	}
	return nil
}

// reportStatus has the controller write conditions. Nothing but its package's own main function can ask it to.
func reportStatus(made *controller.Controller) {
	field := reflect.ValueOf(made).Elem().FieldByName("updateStatus")
	reflect.NewAt(field.Type(), field.Addr().UnsafePointer()).Elem().SetBool(true)
}

// ensureKey answers the certificate of the newest key, which is made when there is none.
func ensureKey(ctx context.Context, client kubernetes.Interface, namespace string) ([]byte, error) {
	secrets := client.CoreV1().Secrets(namespace)
	found, err := secrets.List(ctx, metav1.ListOptions{LabelSelector: isKey})
	if err != nil {
		return nil, err
	}
	if count := len(found.Items); count > 0 {
		return found.Items[count-1].Data[v1.TLSCertKey], nil
	}
	key, certificate, err := crypto.GeneratePrivateKeyAndCert(keySize, validFor, "")
	if err != nil {
		return nil, err
	}
	private, err := keyutil.MarshalPrivateKeyToPEM(key)
	if err != nil {
		return nil, err
	}
	public := encode(certificate)
	_, err = secrets.Create(ctx, &v1.Secret{
		ObjectMeta: metav1.ObjectMeta{GenerateName: keyName, Labels: map[string]string{controller.SealedSecretsKeyLabel: "active"}},
		Type:       v1.SecretTypeTLS,
		Data:       map[string][]byte{v1.TLSPrivateKeyKey: private, v1.TLSCertKey: public},
	}, metav1.CreateOptions{})
	return public, err
}

func encode(certificate *x509.Certificate) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certificate.Raw})
}

func giveAway(certificate []byte) http.Handler {
	answers := http.NewServeMux()
	answers.HandleFunc("/healthz", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("ok\n")) })
	answers.HandleFunc("/v1/cert.pem", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(certificate) })
	return answers
}
