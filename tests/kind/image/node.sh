# The node itself: what kind puts on top of Debian, and the image of it all. Sourced by build.sh.

fill_root() {
  install -d "$root"/kind/{bin,manifests} "$root"/etc/{containerd,default,kubernetes/manifests} \
    "$root"/etc/{sysctl.d,systemd/system/kubelet.service.d}
  install -m755 "$base_files"/usr/local/bin/* "$root/usr/local/bin/"
  install -m755 "$base_files"/kind/bin/* "$root/kind/bin/"
  cp -r --no-preserve=mode "$base_files"/etc/. "$root/etc/"
  install -m755 "$bin"/{kubelet,kubeadm,kubectl} "$root/usr/bin/"
  install -m755 "$bin"/{containerd,containerd-shim-runc-v2,ctr,crictl} "$root/usr/local/bin/"
  install -D -m755 -t "$root/opt/cni/bin" "$bin"/{ptp,bridge,loopback,host-local,portmap}
  printf '%s' "$k8s_version" >"$root/kind/version"
  sed "s#@NODENET_IMAGE@#$nodenet_image#" "$here/image/nodenet/daemonset.yaml" >"$root/kind/manifests/default-cni.yaml"
  cp "$work/default-storage.yaml" "$root/kind/manifests/default-storage.yaml"
  settle_systemd
  settle_kubelet
  # The container spec that containerd would use, plus the hook of kind.
  chroot "$root" ctr oci spec |
    jq '.hooks.createContainer += [{path: "/kind/bin/mount-product-files.sh"}] | del(.process.rlimits)' \
      >"$work/cri-base.json"
  mv "$work/cri-base.json" "$root/etc/containerd/cri-base.json"
}

# Start nothing that is not wanted in a container, and start what `systemctl enable` would.
settle_systemd() {
  local unit wants=$root/etc/systemd/system/multi-user.target.wants
  rm -f "$root"/usr/lib/systemd/system/{multi-user,local-fs,basic}.target.wants/* \
    "$root"/etc/systemd/system/*.wants/* \
    "$root"/usr/lib/systemd/system/sockets.target.wants/*{udev,initctl}* \
    "$root"/usr/lib/systemd/system/sysinit.target.wants/systemd-tmpfiles-setup.service
  install -d "$root/etc/systemd/journald.conf.d" "$wants"
  printf '[Journal]\nReadKMsg=no\n' >"$root/etc/systemd/journald.conf.d/kind.conf"
  ln -sf /usr/lib/systemd/systemd "$root/usr/sbin/init"
  for unit in kubelet containerd undo-mount-hacks; do
    ln -s "/etc/systemd/system/$unit.service" "$wants/"
  done
  ln -s /dev/null "$root/etc/systemd/system/systemd-binfmt.service"
  # A node must not change settings of the machine's kernel.
  install -m755 "$here/image/fit-machine.sh" "$root/kind/bin/fit-machine.sh"
  ln -s /dev/null "$root/etc/sysctl.d/50-pid-max.conf"
}

# The kubelet refuses machines with the old cgroup hierarchy (v1) unless told otherwise; this has no effect on machines
# with the new one.
settle_kubelet() {
  if grep -q -- --fail-cgroupv1 <<<"$("$bin/kubelet" --help 2>/dev/null)"; then
    sed -i 's/^\(KUBELET_EXTRA_ARGS=.*\)$/\1 --fail-cgroupv1=false/' "$root/etc/default/kubelet"
  fi
}

# The root becomes an image, a container of it loads the archives, and that is the node image.
assemble() {
  local base archive
  base=$(tar -C "$root" --numeric-owner -c . | docker import -)
  rm -rf --one-file-system "$root"
  # The committed image takes over this container's environment and stop signal: systemd looks at $container, and it
  # ends on SIGRTMIN+3.
  builder=$(docker run -d --network none --security-opt seccomp=unconfined \
    --env container=docker --stop-signal SIGRTMIN+3 --entrypoint sleep "$base" infinity)
  docker exec -d "$builder" containerd
  until_done 60 docker exec "$builder" ctr version || die "containerd does not answer in the node"
  for archive in "${archives[@]}"; do
    docker exec -i "$builder" ctr --namespace=k8s.io images import \
      --label=io.cri-containerd.pinned=pinned --all-platforms --no-unpack --digests - \
      <"$archive" >"$work/import.log" 2>&1 || { cat "$work/import.log" >&2; die "importing $archive failed"; }
  done
  docker exec "$builder" pkill containerd
  until_done 30 docker exec "$builder" sh -c '! pgrep -x containerd' || die "containerd does not end in the node"
  say "committing $node_image"
  docker commit \
    --change 'ENTRYPOINT [ "/usr/local/bin/entrypoint", "/kind/bin/fit-machine.sh", "/sbin/init" ]' \
    --change 'CMD []' \
    --change "LABEL kubedrill.inputs=$inputs" \
    "$builder" "$node_image" >/dev/null
  docker rm -f -v "$builder" >/dev/null; builder=
}
