# A Docker daemon to test with: the one that answers, else one of our own. Sourced by run.

# A unix socket's path is short, and none of this is worth keeping over a reboot.
engine=/run/kubedrill-kind
engine_log=$cache/docker/dockerd.log
docker_data=$cache/docker/data
# Whether the daemon that answers is ours to stop.
own_docker=no

skip() { printf 'SKIPPED: tests/kind: %s\n' "$*"; exit 0; }

# use_docker : make `docker` answer, or skip everything with the reason.
use_docker() {
  [ "$(uname -s)-$(uname -m)" = Linux-x86_64 ] || skip "node images are built on Linux on amd64 only"
  [ "$(id -u)" = 0 ] || skip "not root: a node image is made with debootstrap, which needs it"
  install_packages
  if docker version >/dev/null 2>&1; then
    say "Docker answers: $(docker version -f '{{ .Server.Version }}')"
  else
    start_docker
  fi
  try_container
}

# What is missing of the commands that are needed, from Debian.
install_packages() {
  local missing=() command package
  while read -r command package; do
    command -v "$command" >/dev/null || missing+=("$package")
  done <<'END'
debootstrap debootstrap
jq jq
curl curl
pgrep procps
pigz pigz
flock util-linux
END
  [ -e /usr/share/keyrings/debian-archive-keyring.gpg ] || missing+=(debian-archive-keyring)
  if ! docker version >/dev/null 2>&1; then
    command -v dockerd >/dev/null || missing+=(docker.io)
    command -v iptables >/dev/null || missing+=(iptables)
  fi
  [ ${#missing[@]} -gt 0 ] || return 0
  command -v apt-get >/dev/null || skip "missing, and no apt-get here: ${missing[*]}"
  say "installing ${missing[*]}"
  mkdir -p "$cache"
  { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${missing[@]}"; } \
    >"$cache/apt.log" 2>&1 </dev/null || skip "cannot install ${missing[*]}: $(tail -n 1 "$cache/apt.log")"
}

start_docker() {
  own_docker=yes had_network=no
  mkdir -p "$engine/bin" "${engine_log%/*}"
  # The client that came with the daemon: one from elsewhere may be too new for it.
  local client; client=$(dirname "$(dirname "$(command -v dockerd)")")/bin/docker
  [ ! -x "$client" ] || ln -sf "$client" "$engine/bin/docker"
  export PATH=$engine/bin:$PATH DOCKER_HOST=unix://$engine/docker.sock
  if own_daemon; then
    if docker version >/dev/null 2>&1; then
      say "using the daemon that an interrupted run left"
      return 0
    fi
    stop_docker
    own_docker=yes
  fi
  local runtime=()
  if lacks_capabilities; then
    runtime=(--add-runtime "fit=$(readlink -f "$here/runc-fit")" --default-runtime fit)
  fi
  say "starting dockerd (log: $engine_log)"
  # A service manager's sockets and our locks are not for it.
  setsid dockerd --host "$DOCKER_HOST" --pidfile "$engine/dockerd.pid" --exec-root "$engine/exec" \
    --data-root "$docker_data" --bridge none "${runtime[@]}" >"$engine_log" 2>&1 </dev/null 8>&- &
  local started=$!
  until_done 60 sh -c "docker version || ! kill -0 $started" || true
  docker version >/dev/null 2>&1 ||
    skip "dockerd does not start here: $(grep -E 'level=(error|fatal)|failed' "$engine_log" | tail -n 1)"
}

# Whether root has fewer capabilities than the kernel knows.
lacks_capabilities() {
  local have last
  have=$((16#$(sed -n 's/^CapBnd:[[:space:]]*//p' /proc/self/status)))
  last=$(cat /proc/sys/kernel/cap_last_cap)
  (( have != (1 << (last + 1)) - 1 ))
}

# Whether the daemon of our pid file runs.
own_daemon() {
  local pid; pid=$(cat "$engine/dockerd.pid" 2>/dev/null) || return 1
  tr '\0' ' ' 2>/dev/null <"/proc/$pid/cmdline" | grep -qF -- "--pidfile $engine/dockerd.pid"
}

# A privileged container must run: some machines have Docker, and not that.
try_container() {
  local image container works=no
  . "$here/image/programs.sh"
  mkdir -p "$bin" "$cache/gomod"
  pause
  image=$(tar -C "$bin" -c pause | docker import -c 'ENTRYPOINT ["/pause"]' -)
  container=$(docker create --privileged --network none "$image")
  docker start "$container" >"$cache/try.log" 2>&1 && works=yes
  docker rm -f -v "$container" >/dev/null
  docker rmi -f "$image" >/dev/null
  [ $works = yes ] || skip "no privileged container can run here: $(tail -n 1 "$cache/try.log")"
}

# stop_docker : end the daemon if it is ours, with all that it started.
stop_docker() {
  [ "$own_docker" = yes ] || return 0
  if own_daemon; then
    local pid; pid=$(cat "$engine/dockerd.pid")
    say "stopping dockerd"
    kill "$pid"
    until_done 60 sh -c "! kill -0 $pid" || kill -9 "$pid"
  fi
  # After a kill -9 of the daemon its containerd is still there.
  local leftover
  for leftover in $(pgrep -f "^containerd --config $engine/" || true); do
    kill "$leftover"
    until_done 30 sh -c "! kill -0 $leftover" || kill -9 "$leftover"
  done
  rm -rf --one-file-system "$engine"
  own_docker=no
}
