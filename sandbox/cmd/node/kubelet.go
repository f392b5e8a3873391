package main

import (
	"context"

	"kubedrill.dev/sandbox/internal/kubelet"
)

func runKubelet(ctx context.Context, args []string) error {
	var c kubelet.Config
	set := flags("kubelet")
	kubeconfig := set.String("kubeconfig", "", "how to reach the API server as the node")
	set.StringVar(&c.Name, "name", "", "the node's name")
	set.IntVar(&c.Port, "port", 0, "the kubelet's port on the loopback interface")
	set.StringVar(&c.IP, "ip", "", "the node's address as the API shows it")
	set.StringVar(&c.Dir, "dir", "", "the node's own folder")
	set.StringVar(&c.Sockets, "sockets", "", "folder of the hub's and the nodes' sockets")
	set.StringVar(&c.Storage, "storage", "", "folder of the cluster's persistent volumes")
	set.StringVar(&c.Catalogue, "catalogue", "", "image catalogue; the built-in one when empty")
	set.StringVar(&c.CA, "ca", "", "CA of the kubelet's clients")
	set.StringVar(&c.Cert, "cert", "", "the kubelet's serving certificate")
	set.StringVar(&c.Key, "key", "", "its key")
	set.IntVar(&c.CPUs, "cpus", 4, "CPUs of the node")
	set.Uint64Var(&c.Memory, "memory", 8<<30, "memory of the node, in bytes")
	labels := set.String("labels", "", "labels at registration: KEY=VALUE,…")
	taints := set.String("taints", "", "taints at registration: KEY=VALUE:EFFECT,…")
	if err := set.Parse(args); err != nil {
		return err
	}
	var err error
	c.Labels = parseLabels(*labels)
	if c.Taints, err = parseTaints(*taints); err != nil {
		return err
	}
	server, client, err := connect(*kubeconfig)
	if err != nil {
		return err
	}
	return kubelet.Run(ctx, c, server, client)
}
