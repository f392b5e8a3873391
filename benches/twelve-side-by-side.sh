#!/usr/bin/env bash
# The twelve questions of benches/pack/twelve-questions as whoever wants it fast asks them: one kubectl for each, all at the same time.
# Usage: twelve-side-by-side.sh KUBECTL...   (KUBECONFIG is set; NAMESPACE, shop when left out)
set -uo pipefail
kubectl=("$@")
k() { "${kubectl[@]}" --namespace "${NAMESPACE:-shop}" "$@" >/dev/null; }
w() { k wait --timeout=1s --for="$@"; }
asked=(
  "k rollout status deployment/web --timeout=1s"
  "k get endpointslices -l kubernetes.io/service-name=web -o jsonpath={.items[*].endpoints}"
  "w jsonpath={.spec.ports[0].port}=80 service/web"
  "w jsonpath={.data.mode}=safe configmap/web-config"
  "w condition=Ready pod -l app=web"
  "k get poddisruptionbudget web"
  "k get networkpolicy web"
  "k auth can-i get configmaps --as=system:serviceaccount:${NAMESPACE:-shop}:web"
  "w jsonpath={.spec.template.spec.containers[0].resources.limits.memory}=128Mi deployment/web"
  "k get configmap web-debug --ignore-not-found"
  "k get deployment web -o jsonpath={.spec.template.spec.containers[*].readinessProbe}"
  "w jsonpath={.automountServiceAccountToken}=false serviceaccount/web"
)
for question in "${asked[@]}"; do
  $question &
done
wait
