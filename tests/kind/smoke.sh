#!/usr/bin/env bash
# Create a cluster from the node image with kind alone, try what kubedrill relies on, and delete it again. For work on
# the node image: nothing of kubedrill is in it.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

name=kubedrill-smoke
workers=0
keep=no
usage() {
  cat <<END
Usage: smoke.sh [--workers N] [--keep] [--help]

  --workers N   number of worker nodes beside the control plane (default: 0)
  --keep        leave the cluster $name running; its kubeconfig stays in $cache/$name.kubeconfig
END
}
while [ $# -gt 0 ]; do
  case $1 in
    --workers) workers=${2:?--workers needs a number}; shift 2 ;;
    --keep) keep=yes; shift ;;
    -h|--help) usage; exit 0 ;;
    *) echo "smoke.sh: unknown argument: $1" >&2; usage >&2; exit 2 ;;
  esac
done

export PATH=$cache/bin:$PATH KUBECONFIG=$cache/$name.kubeconfig
k() { kubectl --context "kind-$name" "$@"; }
finish() {
  local status=$?
  if [ $status -ne 0 ]; then
    say "FAILED"
    k get nodes,pods -A -o wide 2>/dev/null || true
  fi
  if [ "$keep" = no ]; then
    kind delete cluster --name "$name" >/dev/null 2>&1 || true
    rm -f "$KUBECONFIG"
  fi
}
trap finish EXIT
available() { awk '/^MemAvailable/ { printf "%d", $2 / 1024 }' /proc/meminfo; }

kind delete cluster --name "$name" >/dev/null 2>&1
before=$(available)
{
  printf 'kind: Cluster\napiVersion: kind.x-k8s.io/v1alpha4\nnodes:\n- role: control-plane\n'
  for _ in $(seq "$workers"); do printf -- '- role: worker\n'; done
} | kind create cluster --name "$name" --image "$node_image" --config - --wait 180s
say "cluster created"
k wait node --all --for=condition=Ready --timeout=120s
[ "$(k get nodes --no-headers | wc -l)" = $((workers + 1)) ]
k -n kube-system rollout status deployment/coredns --timeout=120s
k -n local-path-storage rollout status deployment/local-path-provisioner --timeout=120s
say "nodes, DNS and storage are up; the idle cluster takes $((before - $(available))) MiB"

# The storage helper's image is the one with a shell that every node has.
tools=$(k -n local-path-storage get configmap local-path-config -o jsonpath='{.data.helperPod\.yaml}' | sed -n 's/^ *image: //p')
k apply -f - <<END
apiVersion: apps/v1
kind: Deployment
metadata: {name: hello}
spec:
  replicas: 2
  selector: {matchLabels: {app: hello}}
  template:
    metadata: {labels: {app: hello}}
    spec:
      containers:
      - name: web
        image: $tools
        imagePullPolicy: IfNotPresent
        command: [sh, -c, "mkdir -p /tmp/www && hostname >/tmp/www/index.html && exec httpd -f -v -p 8080 -h /tmp/www"]
---
apiVersion: v1
kind: Service
metadata: {name: hello}
spec: {selector: {app: hello}, ports: [{port: 80, targetPort: 8080}]}
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: data}
spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 16Mi}}}
---
apiVersion: v1
kind: Pod
metadata: {name: tools}
spec:
  restartPolicy: Never
  terminationGracePeriodSeconds: 0
  containers:
  - name: t
    image: $tools
    imagePullPolicy: IfNotPresent
    command: [sh, -c, "echo kept >/data/f; exec sleep 3600"]
    volumeMounts: [{name: d, mountPath: /data}]
  volumes: [{name: d, persistentVolumeClaim: {claimName: data}}]
---
apiVersion: v1
kind: Pod
metadata: {name: hungry}
spec:
  restartPolicy: Never
  containers:
  - name: h
    image: $tools
    imagePullPolicy: IfNotPresent
    command: [sh, -c, "head -c 100000000 /dev/zero | tail"]
    resources: {limits: {memory: 20Mi}}
END
k rollout status deployment/hello --timeout=90s
k wait pod/tools --for=condition=Ready --timeout=90s
k exec tools -- grep kept /data/f
say "a deployment is up, a volume was provisioned and written"
until_done 30 k exec tools -- wget -q -O- -T 3 http://hello.default.svc.cluster.local
for address in $(k get pods -l app=hello -o jsonpath='{.items[*].status.podIP}'); do
  k exec tools -- wget -q -O- -T 5 "http://$address:8080/"
done
k logs deployment/hello >/dev/null
say "service, cluster DNS, pod addresses, logs and exec answer"
k wait pod/hungry --for=jsonpath='{.status.phase}'=Failed --timeout=60s
say "a memory limit was enforced"
[ "$keep" = yes ] || kind delete cluster --name "$name"
say "all passed"
