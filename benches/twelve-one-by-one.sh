#!/usr/bin/env bash
# The twelve questions of benches/pack/twelve-questions as the authors of labs write them: one kubectl after the other, a line for each.
# Usage: twelve-one-by-one.sh KUBECTL...   (KUBECONFIG is set; NAMESPACE, shop when left out)
set -uo pipefail
kubectl=("$@")
k() { "${kubectl[@]}" --namespace "${NAMESPACE:-shop}" "$@"; }
is() { [ "$2" = "$3" ] && echo "ok $1" || echo "not ok $1"; }
k rollout status deployment/web --timeout=1s >/dev/null && echo 'ok rolled-out' || echo 'not ok rolled-out'
pods=$(k get pods -l app=web -o jsonpath='{range .items[*]}{.metadata.name}{"\n"}{end}')
addresses=$(k get endpointslices -l kubernetes.io/service-name=web -o jsonpath='{.items[*].endpoints[?(@.conditions.ready==true)].targetRef.name}')
{ [ -n "$addresses" ] && grep -qxF "${addresses%% *}" <<<"$pods"; } && echo 'ok served' || echo 'not ok served'
is on-its-port "$(k get service web -o jsonpath='{.spec.ports[0].port}')" 80
is mode "$(k get configmap web-config -o jsonpath='{.data.mode}')" safe
k wait --for=condition=Ready pod -l app=web --timeout=1s >/dev/null && echo 'ok ready' || echo 'not ok ready'
k get poddisruptionbudget web >/dev/null && echo 'ok budget' || echo 'not ok budget'
k get networkpolicy web >/dev/null && echo 'ok policy' || echo 'not ok policy'
is may-read "$(k auth can-i get configmaps --as="system:serviceaccount:${NAMESPACE:-shop}:web")" yes
is memory "$(k get deployment web -o jsonpath='{.spec.template.spec.containers[0].resources.limits.memory}')" 128Mi
is no-leftover "$(k get configmap web-debug --ignore-not-found -o name)" ''
is probed "$(k get deployment web -o jsonpath='{.spec.template.spec.containers[*].readinessProbe.httpGet.path}')" /readyz
is no-token "$(k get serviceaccount web -o jsonpath='{.automountServiceAccountToken}')" false
