# The Debian root of a node, kept as $root_tar. Sourced by build.sh.

# The packages of kind's base image, without the clients of network storage (nfs-common, open-iscsi); runc and busybox
# come from Debian as well.
packages=(
  systemd conntrack iptables nftables iproute2 ethtool util-linux mount kmod
  libseccomp2 pigz fuse-overlayfs e2fsprogs bash ca-certificates curl jq procps
  runc busybox-static
)
joined=$(IFS=,; echo "${packages[*]}")
root_tar=$cache/root-$suite-$(short "$joined").tar

ensure_debian() {
  [ ! -f "$root_tar" ] || return 0
  say "Debian $suite root (debootstrap)"
  local mirror made=$work/debian
  mirror=${DEBIAN_MIRROR:-$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Label: Debian' 2>/dev/null | head -n1 || true)}
  [ -n "$mirror" ] || die "cannot tell which Debian mirror to use: set DEBIAN_MIRROR"
  mkdir -p "$cache/debs"
  debootstrap --variant=minbase --cache-dir="$cache/debs" --include="$joined" \
    "$suite" "$made" "$mirror" >"$cache/debootstrap.log" 2>&1 ||
    { tail -n 20 "$cache/debootstrap.log" >&2; die "debootstrap failed"; }
  rm -rf --one-file-system "$made"/var/cache/apt/* "$made"/var/lib/apt/lists/* "$made"/var/log/* \
    "$made"/usr/share/{doc,man,info,locale,lintian}/* "${made:?}"/dev/*
  tar -C "$made" --one-file-system -cf "$root_tar.part" .
  mv "$root_tar.part" "$root_tar"
  rm -rf --one-file-system "$made"
}
