# Looks whether a run left anything behind, and takes away what kind itself leaves. Sourced by run.

# Whether Docker had kind's network before us; yes, until it was looked at.
had_network=yes

before_clusters() {
  docker network inspect kind >/dev/null 2>&1 || had_network=no
}

# remove_network : kind never does.
remove_network() {
  [ $had_network = yes ] || docker network rm kind >/dev/null 2>&1 || true
}

# after_clusters PREFIX HOME : nothing of clusters whose names begin with PREFIX is left, nor of environments below HOME.
after_clusters() {
  local prefix=$1 home=$2 left
  left=$(docker ps --all --filter label=io.x-k8s.kind.cluster --format '{{ .Names }}' | grep "^$prefix" || true)
  [ -z "$left" ] || die "containers are left: $left"
  left=$(pgrep -fa -- "$home" || true)
  [ -z "$left" ] || die "processes are left: $left"
  left=$(find "$home/state/kind" "$home/state/environments" -mindepth 1 -maxdepth 1 2>/dev/null || true)
  [ -z "$left" ] || die "environments are left: $left"
  remove_network
  [ "$own_docker" = yes ] || return 0
  left=$(docker ps --all --quiet; docker volume ls --quiet; docker network ls --quiet --filter type=custom)
  [ -z "$left" ] || die "containers, volumes or networks are left in our own Docker: $left"
}
