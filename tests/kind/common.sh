# What the scripts of this folder share. Sourced, never run.

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
repository=$(cd "$here/../.." && pwd)
cache=${KUBEDRILL_KIND_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/kubedrill-kind}
kind_version=${KIND_VERSION:-v0.33.0}
# required MODULE : the version that the sandbox is built with; the node has the same.
required() { sed -n "s#^\t$1 \(v[^ ]*\).*#\1#p" "$repository/sandbox/go.mod" | head -n1; }
k8s_version=$(required k8s.io/kubernetes)
node_image=kind-node:$k8s_version

# The scripts count from the start of the first of them.
export KIND_STARTED=${KIND_STARTED:-$(date +%s)}
say() { printf '[%4ds] %s\n' "$(($(date +%s) - KIND_STARTED))" "$*" >&2; }
die() { printf '%s: %s\n' "${0##*/}" "$*" >&2; exit 1; }

# short ARGUMENT... : a short name for a set of inputs.
short() { printf '%s\n' "$@" | sha256sum | cut -c1-16; }
digest() { sha256sum "$1" | cut -d' ' -f1; }

# until_done SECONDS COMMAND... : repeat until it succeeds, or fail when the time is over.
until_done() {
  local end=$((SECONDS + $1)); shift
  until "$@" >/dev/null 2>&1; do
    [ $SECONDS -lt $end ] || return 1
    sleep 0.3
  done
}

# lock FILE DESCRIPTOR : hold a lock as long as this script and what it started live.
lock() {
  eval "exec $2>\"\$1\""
  flock -n "$2" || { say "waiting for another run ($1)"; flock "$2"; }
}
