# The container images inside a node, as archives. Sourced by build.sh.

archives=()

# make_image NAME ENTRYPOINT-JSON : an image archive (OCI layout, one compressed layer) of $work/img. Done by hand, so
# that these images neither need nor show up in the local Docker.
make_image() {
  local name=$1 entrypoint=$2 out oci=$work/oci diff_id layer config manifest
  out=$cache/images/$(short "$name").tar
  rm -rf "$oci"; mkdir -p "$oci/blobs/sha256"
  tar -C "$work/img" --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner -cf "$work/layer.tar" .
  diff_id=$(digest "$work/layer.tar")
  if command -v pigz >/dev/null; then pigz -n -f -1 "$work/layer.tar"; else gzip -n -f -1 "$work/layer.tar"; fi
  layer=$(put "$oci" "$work/layer.tar.gz")
  jq -cn --arg arch "$(go env GOARCH)" --arg diff "sha256:$diff_id" --argjson entry "$entrypoint" '{
    architecture: $arch, os: "linux",
    config: {Entrypoint: $entry, Env: ["PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"], WorkingDir: "/"},
    rootfs: {type: "layers", diff_ids: [$diff]}}' >"$work/config.json"
  config=$(put "$oci" "$work/config.json")
  jq -cn --argjson c "$config" --argjson l "$layer" '{
    schemaVersion: 2, mediaType: "application/vnd.oci.image.manifest.v1+json",
    config: ({mediaType: "application/vnd.oci.image.config.v1+json"} + $c),
    layers: [{mediaType: "application/vnd.oci.image.layer.v1.tar+gzip"} + $l]}' >"$work/manifest.json"
  manifest=$(put "$oci" "$work/manifest.json")
  jq -cn --arg name "$name" --argjson m "$manifest" '{
    schemaVersion: 2, manifests: [{mediaType: "application/vnd.oci.image.manifest.v1+json",
      annotations: {"io.containerd.image.name": $name}} + $m]}' >"$oci/index.json"
  echo '{"imageLayoutVersion":"1.0.0"}' >"$oci/oci-layout"
  tar -C "$oci" -cf "$out" .
  archives+=("$out")
}

# put LAYOUT FILE : file a blob under its digest and print {digest, size}.
put() {
  local name size; name=$(digest "$2"); size=$(stat -c %s "$2")
  mv "$2" "$1/blobs/sha256/$name"
  printf '{"digest":"sha256:%s","size":%s}' "$name" "$size"
}

# plain_root PROGRAM PATH : a root with one static program at a path of the image.
plain_root() {
  local img=$work/img
  rm -rf "$img"; install -D -m755 "$bin/$1" "$img$2"
  mkdir -p "$img/etc" "$img/tmp"; chmod 1777 "$img/tmp"
  printf 'root:x:0:0:root:/:/sbin/nologin\nnobody:x:65534:65534:nobody:/:/sbin/nologin\n' >"$img/etc/passwd"
  printf 'root:x:0:\nnogroup:x:65534:\n' >"$img/etc/group"
  install -D -m644 "$root/etc/ssl/certs/ca-certificates.crt" "$img/etc/ssl/certs/ca-certificates.crt"
}

# add_busybox : a shell and the usual small tools.
add_busybox() {
  local applet img=$work/img
  install -D -m755 "$root/usr/bin/busybox" "$img/bin/busybox"
  for applet in $("$img/bin/busybox" --list); do
    [ "$applet" = busybox ] || ln -sf busybox "$img/bin/$applet"
  done
}

# add_programs PROGRAM... : programs of the Debian root with the libraries that they need.
add_programs() {
  local img=$work/img file
  mkdir -p "$img/usr/sbin" "$img/usr/bin" "$img/usr/lib"
  for file in "$@" $(chroot "$root" ldd "$@" | grep -o '/[^ :]*\.so[^ :]*'); do
    [ -e "$root$file" ] || die "not in the Debian root: $file"
    install -D -m755 "$root$file" "$img$file"
  done
}

# net_root PROGRAM : a root for a program that calls iptables.
net_root() {
  local img=$work/img extensions file
  plain_root "$1" "/usr/local/libexec/$1"
  add_busybox
  add_programs /usr/sbin/xtables-nft-multi /usr/sbin/xtables-legacy-multi /usr/sbin/nft /usr/sbin/conntrack
  extensions=$(cd "$root" && echo usr/lib/*/xtables)
  mkdir -p "$img/$extensions"; cp -a "$root/$extensions/." "$img/$extensions/"
  # Libraries that only the extensions of iptables need.
  for file in $(chroot "$root" sh -c 'ldd /usr/lib/*/xtables/*.so' | grep -o '=> /[^ ]*' | cut -c4- | sort -u); do
    [ -e "$img$file" ] || install -D -m755 "$root$file" "$img$file"
  done
  mkdir -p "$img/run" "$img/usr/local/bin"
  install -m755 "$here/image/with-iptables.sh" "$img/usr/local/bin/with-iptables"
  printf '#!/bin/sh\nexec with-iptables /usr/local/libexec/%s "$@"\n' "$1" >"$img/usr/local/bin/$1"
  chmod 755 "$img/usr/local/bin/$1"
}

make_images() {
  local component
  for component in kube-apiserver kube-controller-manager kube-scheduler; do
    plain_root "$component" "/usr/local/bin/$component"
    make_image "$(image_of "$component")" "[\"/usr/local/bin/$component\"]"
  done
  plain_root server /usr/local/bin/etcd
  install -m755 "$bin/etcdctl" "$work/img/usr/local/bin/etcdctl"
  make_image "$(image_of etcd)" '["/usr/local/bin/etcd"]'
  plain_root coredns /coredns
  make_image "$(image_of coredns)" '["/coredns"]'
  # The settings of containerd that kind brings name the pause image.
  plain_root pause /pause
  make_image "$(sed -n 's/^ *sandbox_image *= *"\(.*\)"/\1/p' "$base_files/etc/containerd/config.toml")" '["/pause"]'
  net_root kube-proxy
  make_image "$(image_of kube-proxy)" '["/usr/local/bin/kube-proxy"]'
  nodenet_image=localhost/kind-nodenet:$(short "$(cat "$here"/image/nodenet/*.go)")
  net_root nodenet
  make_image "$nodenet_image" '["/usr/local/bin/nodenet"]'
  storage_images
}

# Storage: the manifest of kind ($work/default-storage.yaml) and the two images that it names, read from the module.
storage_images() {
  local source=$kind_dir/pkg/build/nodeimage/const_storage.go provisioner helper
  provisioner=$(go_const "$source" storageProvisionerImage)
  helper=$(go_const "$source" storageHelperImage)
  awk -v p="$provisioner" -v h="$helper" '
    /^const defaultStorageManifest = `/ { on = 1; next }
    on && $0 == "`" { exit }
    on { gsub(/` \+ storageProvisionerImage \+ `/, p); gsub(/` \+ storageHelperImage \+ `/, h); print }
  ' "$source" >"$work/default-storage.yaml"
  grep -q "image: $provisioner" "$work/default-storage.yaml" || die "cannot read the storage manifest of kind"
  plain_root local-path-provisioner /usr/local/bin/local-path-provisioner
  make_image "$provisioner" '["/usr/local/bin/local-path-provisioner"]'
  rm -rf "$work/img"; mkdir -p "$work/img/tmp"; add_busybox
  make_image "$helper" null
}
go_const() { sed -n "s/^const $2 = \"\(.*\)\"\$/\1/p" "$1"; }
