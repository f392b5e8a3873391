package apiserver

import (
	"context"
	"fmt"
	"path"
	"slices"
	"time"

	"go.etcd.io/etcd/client/pkg/v3/transport"
	clientv3 "go.etcd.io/etcd/client/v3"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/uuid"
	"k8s.io/apiserver/pkg/storage/storagebackend"
	"k8s.io/kubernetes/pkg/api/legacyscheme"
)

const (
	// seedWithin is how long the store may take to answer: it starts at the same time as the server.
	seedWithin = 20 * time.Second
	// atOnce is how many objects one transaction writes; etcd allows 128.
	atOnce = 100
)

// seed writes the objects that every cluster begins with to an empty store, as the server's own hooks would one by one through
// the API. Says whether the store was empty and now holds them all; else the hooks have to look at what is there.
func seed(ctx context.Context, config storagebackend.Config) (bool, error) {
	ctx, cancel := context.WithTimeout(ctx, seedWithin)
	defer cancel()
	store, err := open(config.Transport)
	if err != nil {
		return false, fmt.Errorf("reach etcd: %w", err)
	}
	defer store.Close()
	found, err := store.Get(ctx, config.Prefix+"/", clientv3.WithPrefix(), clientv3.WithLimit(1), clientv3.WithKeysOnly())
	if err != nil {
		return false, fmt.Errorf("look into etcd: %w", err)
	}
	if len(found.Kvs) > 0 {
		return false, nil
	}
	puts, err := encode(beginning(), config.Prefix)
	if err != nil {
		return false, err
	}
	for chunk := range slices.Chunk(puts, atOnce) {
		if _, err := store.Txn(ctx).Then(chunk...).Commit(); err != nil {
			return false, fmt.Errorf("write to etcd: %w", err)
		}
	}
	return true, nil
}

func open(config storagebackend.TransportConfig) (*clientv3.Client, error) {
	info := transport.TLSInfo{CertFile: config.CertFile, KeyFile: config.KeyFile, TrustedCAFile: config.TrustedCAFile}
	tls, err := info.ClientConfig()
	if err != nil {
		return nil, err
	}
	return clientv3.New(clientv3.Config{Endpoints: config.ServerList, TLS: tls})
}

// encode gives the objects what the server would, and the form in which it stores them.
func encode(objects []stored, prefix string) ([]clientv3.Op, error) {
	info, ok := runtime.SerializerInfoForMediaType(legacyscheme.Codecs.SupportedMediaTypes(), runtime.ContentTypeProtobuf)
	if !ok {
		return nil, fmt.Errorf("the server knows no %s", runtime.ContentTypeProtobuf)
	}
	now := metav1.Now().Rfc3339Copy()
	puts := make([]clientv3.Op, 0, len(objects))
	for _, item := range objects {
		object := item.object
		legacyscheme.Scheme.Default(object)
		object.SetUID(uuid.NewUUID())
		object.SetCreationTimestamp(now)
		kinds, _, err := legacyscheme.Scheme.ObjectKinds(object)
		if err != nil {
			return nil, fmt.Errorf("encode %s: %w", object.GetName(), err)
		}
		bytes, err := runtime.Encode(legacyscheme.Codecs.EncoderForVersion(info.Serializer, kinds[0].GroupVersion()), object)
		if err != nil {
			return nil, fmt.Errorf("encode %s: %w", object.GetName(), err)
		}
		key := path.Join(prefix, item.resource, object.GetNamespace(), object.GetName())
		puts = append(puts, clientv3.OpPut(key, string(bytes)))
	}
	return puts, nil
}
