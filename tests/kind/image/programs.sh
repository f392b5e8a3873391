# Compiles what runs in a node, from Go modules into $cache/bin. Sourced by build.sh.
# A file $cache/bin/.NAME says what the programs of that name were made of.

# The flags are those of the sandbox's own build, so that both share Go's build cache.
export CGO_ENABLED=0 GOFLAGS="-trimpath -buildvcs=false" GOWORK=off
bin=$cache/bin
go_version=$(go env GOVERSION)

# compile NAME STAMP FUNCTION ARGUMENT... : let FUNCTION compile into bin/, in a folder of its own, unless that was done.
compile() {
  local name=$1 want; shift
  want=$(short "$name" "$go_version" "$1"); shift
  [ "$(cat "$bin/.$name" 2>/dev/null)" != "$want" ] || return 0
  say "compiling $name"
  rm -rf --one-file-system "$cache/gomod/$name"
  mkdir -p "$cache/gomod/$name"
  # Not `if ! (...)`: errexit would not hold inside.
  set +e
  (set -e; cd "$cache/gomod/$name"; "$@") >"$cache/gomod/$name.log" 2>&1
  local status=$?
  set -e
  [ $status = 0 ] || { tail -n 30 "$cache/gomod/$name.log" >&2; die "compiling $name failed"; }
  echo "$want" >"$bin/.$name"
}

# modules NAME "MODULE@VERSION ..." LDFLAGS PACKAGE... : packages of modules, with the sandbox's versions of all that they
# share with it (`go install` would refuse modules with replace lines, and compile all of that again).
modules() {
  local name=$1 wanted=$2 ldflags=$3; shift 3
  compile "$name" "$wanted $ldflags $* $(digest "$repository/sandbox/go.mod")" from_modules "$name" "$wanted" "$ldflags" "$@"
}
from_modules() {
  local name=$1 wanted=$2 ldflags=$3; shift 3
  sandbox_module "$name"
  # shellcheck disable=SC2086
  [ -z "$wanted" ] || go get $wanted
  go build -mod=mod -ldflags "-s -w $ldflags" -o "$bin/" "$@"
}

# sandbox_module NAME : the module file of the sandbox, here, under another name.
sandbox_module() {
  cp "$repository"/sandbox/go.{mod,sum} .
  # The stand-in for the kernel log is for kubelets that are not root.
  go mod edit -module="build.local/$1" -dropreplace=github.com/euank/go-kmsg-parser
}

# Kubernetes and etcd: almost everything is compiled for the sandbox anyway.
kubernetes() {
  local minor=${k8s_version#v1.} flags="" package
  for package in k8s.io/component-base/version k8s.io/client-go/pkg/version; do
    flags+=" -X $package.gitVersion=$k8s_version -X $package.gitMajor=1 -X $package.gitMinor=${minor%%.*}"
  done
  modules kubernetes "" "$flags" \
    k8s.io/kubernetes/cmd/kube{let,adm,ctl,-proxy,-apiserver,-controller-manager,-scheduler} \
    go.etcd.io/etcd/server/v3 go.etcd.io/etcd/etcdctl/v3
}

# Programs of this folder.
nodenet() {
  compile nodenet "$(cat "$here"/image/nodenet/*.go "$repository/sandbox/go.mod")" from_nodenet
}
from_nodenet() {
  sandbox_module nodenet
  cp "$here"/image/nodenet/*.go .
  go build -mod=mod -ldflags "-s -w" -o "$bin/nodenet" .
}
pause() {
  compile pause "$(cat "$here"/image/pause/*.go)" small_program pause
}
small_program() {
  GO111MODULE=off GOFLAGS=-trimpath go build -ldflags "-s -w" -o "$bin/$1" "$here/image/$1/main.go"
}

# image_of COMPONENT : the image name that this kubeadm expects.
image_of() { printf '%s\n' "${kubeadm_images[@]}" | grep "/$1:" || die "kubeadm names no image for $1"; }

compile_all() {
  kubernetes
  nodenet
  # Which etcd, CoreDNS and so on belong to this Kubernetes is kubeadm's to say.
  mapfile -t kubeadm_images < <("$bin/kubeadm" config images list --kubernetes-version "$k8s_version" 2>/dev/null)
  local etcd_version; etcd_version=$(required go.etcd.io/etcd/server/v3)
  case $(image_of etcd) in
    *":${etcd_version#v}-"*) ;;
    *) die "kubeadm asks for $(image_of etcd), but the sandbox is built with etcd $etcd_version" ;;
  esac
  local coredns; coredns=$(image_of coredns); coredns=${coredns##*:}

  modules kind "sigs.k8s.io/kind@$kind_version" "" sigs.k8s.io/kind
  local containerd=github.com/containerd/containerd/v2
  modules containerd "$containerd@$containerd_version" "-X $containerd/version.Version=$containerd_version" \
    $containerd/cmd/{containerd,ctr,containerd-shim-runc-v2}
  local plugins=github.com/containernetworking/plugins
  modules cni "$plugins@$cni_version" "-X $plugins/pkg/utils/buildversion.BuildVersion=$cni_version" \
    $plugins/plugins/{main/ptp,main/bridge,main/loopback,ipam/host-local,meta/portmap}
  modules crictl "sigs.k8s.io/cri-tools@$crictl_version" \
    "-X sigs.k8s.io/cri-tools/pkg/version.Version=$crictl_version" sigs.k8s.io/cri-tools/cmd/crictl
  modules coredns "github.com/coredns/coredns@$coredns" "" github.com/coredns/coredns
  modules local-path "github.com/rancher/local-path-provisioner@$local_path_version" \
    "-X main.VERSION=$local_path_version" github.com/rancher/local-path-provisioner
  pause
}
