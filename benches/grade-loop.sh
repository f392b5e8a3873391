#!/usr/bin/env bash
# Grades learners the way a careful person would script it with kubectl, one after the other on one cluster: back to the broken state,
# apply what was handed in, ask the questions of c20-questions.sh. Judging the answers, and whatever a learner leaves behind in the
# cluster, are not even included.
# Usage: grade-loop.sh CHALLENGE SUBMISSIONS KUBECTL...   (KUBECONFIG is set)
set -euo pipefail
challenge=$1 submissions=$2
shift 2
here=$(dirname "$0")
k() { "${kubectl[@]}" --namespace shop "$@"; }
kubectl=("$@")
for learner in "$submissions"/*/; do
    k apply --server-side --force-conflicts -f "$challenge/stage" >/dev/null
    k rollout status statefulset/postgres --timeout=120s >/dev/null
    k rollout status deployment/backend --timeout=120s >/dev/null
    k rollout status deployment/frontend --timeout=120s >/dev/null
    k patch service backend -p '{"spec":{"selector":{"app":"back-end"},"ports":[{"port":80,"targetPort":"http"}]}}' >/dev/null
    k patch service db -p '{"spec":{"externalName":"db.old.svc.cluster.local"}}' >/dev/null
    k apply --server-side --force-conflicts -f "$learner" >/dev/null || true
    # The windows of the checks: what holds must hold for three seconds.
    sleep 3
    "$here/c20-questions.sh" "${kubectl[@]}" >/dev/null || true
done
