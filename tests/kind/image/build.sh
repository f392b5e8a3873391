#!/usr/bin/env bash
# Build a kind node image out of package registries alone: Debian packages and Go modules. No container image is pulled
# at any point. See ../README.md.
set -euo pipefail

. "$(dirname "${BASH_SOURCE[0]}")/../common.sh"
suite=${DEBIAN_SUITE:-trixie}
local_path_version=${LOCAL_PATH_VERSION:-v0.0.30}
force=no

usage() {
  cat <<END
Usage: build.sh [--force] [--help]

Build a kind node image from Debian packages and Go modules, put it into the local Docker, and print its tag
($node_image) as the last line. The kind command of the same version is left in CACHE/bin/kind.

  --force   put the image together again even if an identical one is there
            (compiled programs and the Debian root are still reused)

Environment:
  KIND_VERSION          kind version                   (now $kind_version)
  LOCAL_PATH_VERSION    local-path-provisioner version (now $local_path_version)
  CONTAINERD_VERSION, CRICTL_VERSION, CNI_PLUGINS_VERSION
                        default: what this version of kind itself uses
  DEBIAN_SUITE          Debian suite of the node       (now $suite)
  DEBIAN_MIRROR         default: the mirror this machine's apt uses
  KUBEDRILL_KIND_CACHE  cache folder                   (now $cache)
  GOPROXY, GOCACHE, GOMODCACHE, ...  as usual for Go

The versions of Kubernetes and etcd are those of the sandbox (sandbox/go.mod).
END
}
while [ $# -gt 0 ]; do
  case $1 in
    --force) force=yes; shift ;;
    -h|--help) usage; exit 0 ;;
    *) echo "build.sh: unknown argument: $1" >&2; usage >&2; exit 2 ;;
  esac
done

for tool in go docker debootstrap jq tar gzip sha256sum flock; do
  command -v "$tool" >/dev/null || die "missing command: $tool (see README.md)"
done
[ "$(id -u)" = 0 ] || die "must run as root (debootstrap needs it)"
docker version >/dev/null 2>&1 || die "the Docker daemon does not answer"

mkdir -p "$cache"/{bin,gomod,images}
lock "$cache/build.lock" 9
work=$cache/work # scratch, emptied at the end
rm -rf --one-file-system "$work"; mkdir -p "$work"
builder=
cleanup() {
  [ -z "$builder" ] || docker rm -f -v "$builder" >/dev/null 2>&1 || true
  rm -rf --one-file-system "$work"
}
trap cleanup EXIT

# The module of kind carries the files of its base image (entry point, systemd units, containerd settings) and the
# versions that it uses. They are read from the module, never copied here.
kind_dir=$(cd "$cache" && go mod download -json "sigs.k8s.io/kind@$kind_version" | jq -r .Dir) ||
  die "cannot get the module of kind $kind_version"
base_files=$kind_dir/images/base/files
[ -f "$base_files/usr/local/bin/entrypoint" ] || die "kind $kind_version does not carry images/base/files"
pinned() { sed -n "s/^ARG $1=\"\{0,1\}\([^\"]*\)\"\{0,1\}\$/\1/p" "$kind_dir/images/base/Dockerfile" | head -n1; }
containerd_version=${CONTAINERD_VERSION:-$(pinned CONTAINERD_VERSION)}
crictl_version=${CRICTL_VERSION:-$(pinned CRICTL_VERSION)}
cni_version=${CNI_PLUGINS_VERSION:-$(pinned CNI_PLUGINS_VERSION)}

. "$here/image/programs.sh"
compile_all
. "$here/image/debian.sh"
ensure_debian

inputs=$(short "$(digest "$root_tar")" "$(sha256sum "$bin"/*)" \
  "$(cat "$here"/image/*.sh "$here"/image/nodenet/* "$kind_dir/pkg/build/nodeimage/const_storage.go")")
have=$(docker image inspect -f '{{ index .Config.Labels "kubedrill.inputs" }}' "$node_image" 2>/dev/null || true)
if [ "$have" = "$inputs" ] && [ "$force" = no ]; then
  say "$node_image is up to date"
  echo "$node_image"
  exit 0
fi

say "unpacking the Debian root"
root=$work/root
mkdir -p "$root"
tar -C "$root" -xf "$root_tar"
. "$here/image/containers.sh"
say "container images of the node"
make_images
. "$here/image/node.sh"
say "node root"
fill_root
say "importing the node root into Docker"
assemble
say "size: $(docker image inspect -f '{{ .Size }}' "$node_image" | awk '{ printf "%.0f MB", $1 / 1e6 }')"
echo "$node_image"
