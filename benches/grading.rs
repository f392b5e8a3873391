//! Learners graded per minute, in one run on one machine: `cargo bench --bench grading -- 10 25 50 100` (10 alone when nothing is said).
//!
//! Against a loop of kubectl over the same submissions on one sandbox (`grade-loop.sh`), which gives nobody a cluster of their own and
//! judges nothing; and against a cluster of kind for each learner, which is modelled from the measured loop and the seconds that such
//! a cluster takes to be made and removed (`KUBEDRILL_BENCH_KIND_SECONDS`). Asserts nothing. Needs a built sandbox.

#![expect(clippy::expect_used, clippy::print_stdout, reason = "a measurement that cannot be made should stop, and it prints its figures")]

#[expect(dead_code, reason = "each size is graded once, so there is no median to take")]
mod support;

use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use support::Bench;

const C20: &str = "c20-service-no-endpoints";
/// A cluster of kind with four nodes, made and removed, where nobody says otherwise.
const KIND_SECONDS: f64 = 60.0;
/// How many learners the loop is timed with; it costs each as much.
const LOOPED: usize = 5;

const BACKEND: &str = "apiVersion: v1\nkind: Service\nmetadata: {name: backend, namespace: shop}\nspec:\n  selector: {app: backend}\n  ports:\n    - {port: 80, targetPort: web}\n";
const DB: &str = "apiVersion: v1\nkind: Service\nmetadata: {name: db, namespace: shop}\nspec: {type: ExternalName, externalName: postgres.shop.svc.cluster.local}\n";

/// A class in which every third learner has repaired only a part.
fn class(folder: &Path, learners: usize) {
    let mut roster = String::from("id,name\n");
    for number in 0..learners {
        let id = format!("s{number:03}");
        let own = folder.join("in").join(&id);
        fs::create_dir_all(&own).expect("a folder");
        fs::write(own.join("backend.yaml"), BACKEND).expect("a file");
        if number % 3 > 0 {
            fs::write(own.join("db.yaml"), DB).expect("a file");
        }
        roster += &format!("{id},Learner {number}\n");
    }
    fs::write(folder.join("roster.csv"), roster).expect("a roster");
}

fn graded(bench: &Bench, learners: usize, jobs: &str) -> Duration {
    let folder = tempfile::tempdir().expect("a temporary folder");
    class(folder.path(), learners);
    let (roster, submissions) = (folder.path().join("roster.csv"), folder.path().join("in"));
    let [roster, submissions] = [roster, submissions].map(|path| path.to_str().expect("UTF-8").to_owned());
    bench.run(&["grade", C20, "--roster", &roster, "--submissions", &submissions, "--jobs", jobs]).0
}

fn looped(bench: &Bench, learners: usize) -> Duration {
    let folder = tempfile::tempdir().expect("a temporary folder");
    class(folder.path(), learners);
    bench.run(&["start", C20]);
    let (_, environment) = bench.run(&["env"]);
    let variable = |name: &str| environment["environment"][name].as_str().expect("a variable").to_owned();
    let kubectl = variable("PATH").split(':').next().map(|shims| Path::new(shims).join("kubectl")).expect("a folder of programs");
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let started = Instant::now();
    let status = Command::new(root.join("benches/grade-loop.sh"))
        .arg(root.join("challenges").join(C20))
        .arg(folder.path().join("in"))
        .arg(kubectl)
        .env("KUBEDRILL_HOME", bench.home.path())
        .env("KUBECONFIG", variable("KUBECONFIG"))
        .stdin(Stdio::null())
        .status()
        .expect("the loop runs");
    let took = started.elapsed();
    assert!(status.success(), "the loop ended with {status}");
    bench.run(&["stop"]);
    took
}

fn main() {
    let sizes: Vec<usize> = std::env::args().skip(1).filter_map(|arg| arg.parse().ok()).collect();
    let sizes = if sizes.is_empty() { vec![10] } else { sizes };
    let jobs = std::env::var("KUBEDRILL_BENCH_JOBS").unwrap_or_else(|_| "2".into());
    let kind = std::env::var("KUBEDRILL_BENCH_KIND_SECONDS").ok().and_then(|seconds| seconds.parse().ok()).unwrap_or(KIND_SECONDS);
    let bench = Bench::new();
    let each = looped(&bench, LOOPED).as_secs_f64() / f64::from(u32::try_from(LOOPED).expect("a few"));
    println!("{:<62} {:>10} {:>12} {:>8}", "what", "s/learner", "learners/min", "ratio");
    let row = |what: &str, seconds: f64, ratio: f64| println!("{what:<62} {seconds:>10.2} {:>12.1} {ratio:>7.1} x", 60.0 / seconds);
    for learners in sizes {
        let took = graded(&bench, learners, &jobs).as_secs_f64() / f64::from(u32::try_from(learners).expect("a class"));
        row(&format!("grade {learners} learners, each in an own sandbox, {jobs} jobs"), took, 1.0);
        row("  a loop of kubectl, all in one sandbox, nothing judged", each, each / took);
        row("  modelled: a kind cluster each, then the same loop", each + kind, (each + kind) / took);
    }
}
