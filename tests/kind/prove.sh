# Proves scenarios on clusters that kubedrill makes itself. Sourced by run.

# What an interrupted run left is found by the next one, since the home is the same.
home=$cache/home

# prove SCENARIO... : every case of those that clusters of kind can run passes.
prove() {
  local kubedrill=${KUBEDRILL:-$repository/target/release/kubedrill} result=$cache/proof.json status=0
  [ -x "$kubedrill" ] || die "there is no $kubedrill: cargo build --release --locked"
  export KUBEDRILL_HOME=$home KUBEDRILL_NODE_IMAGE=$node_image
  say "proving on kind: $*"
  guarded "$kubedrill" --lang en prove --provider kind --output json "$@" >"$result" || status=$?
  jq -r '.scenarios[] | .id as $id |
    (.cases[] | "\(.verdict)\t\($id)\t\(.name)\t\(.millis / 1000 | round) s\t\(.message // "")"),
    (.refused // [] | select(. != []) | "refused\t\($id)\tneeds \(join(", "))")' "$result" >&2 ||
    die "kubedrill prove ended with code $status and said nothing that can be read ($result)"
  [ $status = 0 ] || die "not everything is proven on kind: code $status ($result)"
  after_clusters "kubedrill-prove-$last_group-" "$home"
}
