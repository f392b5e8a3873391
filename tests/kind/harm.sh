# What happens to an attempt when its surroundings fail: another context, a full disk, a killed dockerd, a deleted cluster.
# Sourced by run, with a Docker daemon of our own that may be harmed.

# A disk that fills up quickly: room for the node images and a cluster.
small_disk=$cache/docker-small
small_disk_mib=6000

# use_small_disk : Docker's data on a small disk, in memory.
use_small_disk() {
  docker_data=$small_disk
  mkdir -p "$small_disk"
  mountpoint -q "$small_disk" || mount -t tmpfs -o "size=${small_disk_mib}m" kubedrill-harm "$small_disk" ||
    skip "cannot mount a small disk"
}
drop_small_disk() {
  ! mountpoint -q "$small_disk" || until_done 30 umount "$small_disk"
}

# expect CODES TEXT ARGUMENT... : kubedrill ends in time with one of these codes, and says this (an extended regular expression).
expect() {
  local codes=$1 text=$2 code=0 said; shift 2
  said=$(timeout 900 "$kubedrill" --lang en "$@" 2>&1 </dev/null) || code=$?
  printf '%s\n' "$said" >>"$cache/harm.log"
  [[ " $codes " == *" $code "* ]] || die "kubedrill $* ended with $code, not $codes: $said"
  grep -qE -- "$text" <<<"$said" || die "kubedrill $* does not say \"$text\": $said"
  say "kubedrill $*: $code, $(grep -E -m 1 -- "$text" <<<"$said")"
}

harm() {
  kubedrill=${KUBEDRILL:-$repository/target/release/kubedrill}
  [ "$own_docker" = yes ] || skip "a Docker daemon that others use is not harmed"
  export KUBEDRILL_HOME=$cache/harm-home KUBEDRILL_NODE_IMAGE=$node_image KUBEDRILL_PROVIDER=kind
  : >"$cache/harm.log"
  # Somebody's own cluster and kubeconfig must come out of all this as they went in.
  export KUBECONFIG=$cache/harm.kubeconfig
  # A run before this one lost its disk, and its clusters with it.
  rm -rf "$KUBECONFIG" "$KUBEDRILL_HOME"
  kind create cluster --name somebody --image "$node_image" >/dev/null 2>&1 || die "kind cannot create a cluster"
  local before; before=$(sha256sum <"$KUBECONFIG")

  expect 0 'It is broken, and confirmed to be' start c20-service-no-endpoints
  say "-- another context"
  kubectl config set-context elsewhere --cluster kind-somebody --user kind-somebody >/dev/null
  kubectl config use-context elsewhere >/dev/null
  expect 3 '^API: ' check --cost
  kubectl config use-context kind-somebody >/dev/null
  kubectl config delete-context elsewhere >/dev/null

  say "-- a full disk"
  # As much as the file system gives: dd ends with an error when it is full.
  dd if=/dev/zero of="$small_disk/fill" bs=1M >/dev/null 2>&1 || true
  expect '3 4 6' '.' reset
  expect 6 'MiB' start c13-crashloop-config --env second
  rm -f "$small_disk/fill"
  until_done 180 "$kubedrill" reset || die "no reset after the disk had room again"
  expect 3 '.' check

  say "-- a killed dockerd"
  kill -9 "$(cat "$engine/dockerd.pid")"
  until_done 30 sh -c '! docker version'
  expect '4 6' 'does not answer|not running|cannot connect|Cannot connect' check
  expect '4 6' 'does not answer|not running|cannot connect|Cannot connect' start c20-service-no-endpoints
  start_docker
  expect 0 '.' start c20-service-no-endpoints
  until_done 180 "$kubedrill" reset || die "no reset after dockerd came back"

  say "-- a deleted cluster"
  kind delete cluster --name "$(kind get clusters | grep -v '^somebody$')" >/dev/null 2>&1
  expect '4 6' 'deleted|gone' check
  expect 0 '.' stop
  expect 0 'It is broken, and confirmed to be' start c20-service-no-endpoints
  expect 0 '.' stop

  [ "$before" = "$(sha256sum <"$KUBECONFIG")" ] || die "somebody's kubeconfig was changed"
  docker start somebody-control-plane >/dev/null
  until_done 120 kubectl --context kind-somebody get namespace default || die "somebody's cluster does not answer"
  [ -z "$(kubectl --context kind-somebody get namespaces -o name | grep -E 'kubedrill|shop')" ] || die "somebody's cluster was touched"
  kind delete cluster --name somebody >/dev/null 2>&1
  rm -rf "$KUBECONFIG" "$KUBEDRILL_HOME"
}
