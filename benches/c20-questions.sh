#!/usr/bin/env bash
# The questions of `kubedrill check` for c20-service-no-endpoints, asked the way a careful person would script them with kubectl.
# Usage: c20-questions.sh KUBECTL...   (KUBECONFIG is set). Prints the answers; judging them is not even included.
set -euo pipefail
k() { "${kubectl[@]}" --namespace shop "$@"; }
kubectl=("$@")
# Does the Service lead to ready backend pods, on a port that they declare?
k get service backend -o jsonpath='{.spec.selector} {.spec.ports}{"\n"}'
k get endpointslices -l kubernetes.io/service-name=backend -o jsonpath='{.items[*].endpoints}{"\n"}'
k get pods -l app=backend -o jsonpath='{range .items[*]}{.metadata.name} {.status.conditions[?(@.type=="Ready")].status} {.spec.containers[*].ports}{"\n"}{end}'
k rollout status deployment/backend --timeout=1s
# Does the name `db` lead to the database?
k get service db -o jsonpath='{.spec.type} {.spec.externalName}{"\n"}'
k get services -o name
k get endpointslices -l kubernetes.io/service-name=postgres -o jsonpath='{.items[*].endpoints}{"\n"}'
# Would new pods be found too?
k get deployment backend -o jsonpath='{.spec.template.metadata.labels} {.spec.template.spec.containers[*].ports}{"\n"}'
# Is everything else as it was?
k get deployment frontend -o jsonpath='{.spec}{"\n"}'
k get configmap frontend-config -o jsonpath='{.data}{"\n"}'
k get deployment backend -o jsonpath='{.spec.replicas} {.spec.template.spec.containers[*].image}{"\n"}'
k get statefulset postgres -o jsonpath='{.spec.replicas} {.spec.template.spec.containers[*].image}{"\n"}'
