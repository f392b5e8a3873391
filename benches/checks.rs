//! What checks cost, in one run on one machine: `cargo bench --bench checks [-- --learners N]`.
//!
//! First twelve questions about one small app, asked by `check` and by kubectl; then the same by a class in namespaces of one API
//! server. Prints and asserts nothing: a timed test would only tell how busy the machine is. Needs a built sandbox (run
//! `kubedrill demo` once) and kubectl for the comparison; everything happens in a temporary home.

#![expect(clippy::expect_used, clippy::print_stdout, reason = "a measurement that cannot be made should stop, and it prints its figures")]

mod support;

use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::atomic::{AtomicUsize, Ordering},
    thread,
    time::{Duration, Instant},
};

use serde_json::Value;
use support::Bench;

const TWELVE: &str = "twelve-questions";
/// Learners who come or check at the same time.
const AT_ONCE: usize = 4;

fn pack() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/pack")
}

/// Runs a command of kubedrill that knows the pack of the benchmark.
fn run(bench: &Bench, args: &[&str]) -> (Duration, Value) {
    let pack = pack();
    bench.run(&[&["--pack", pack.to_str().expect("a path in UTF-8")], args].concat())
}

/// How long kubectl takes for the same questions; none where there is no kubectl.
fn by_script(bench: &Bench, script: &str, kubeconfig: &str) -> Option<Duration> {
    let kubectl = Command::new("kubectl").args(["version", "--client"]).stdout(Stdio::null()).stderr(Stdio::null()).status();
    kubectl.ok().filter(std::process::ExitStatus::success)?;
    Some(bench.median(7, |_| {
        let mut command = Command::new(Path::new(env!("CARGO_MANIFEST_DIR")).join("benches").join(script));
        command.arg("kubectl").env("KUBECONFIG", kubeconfig);
        let started = Instant::now();
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status().expect("the script runs");
        started.elapsed()
    }))
}

fn one_learner(bench: &Bench) {
    println!("{:<58} {:>11}   aim", "twelve questions (median)", "measured");
    run(bench, &["start", TWELVE]);
    let (_, environment) = run(bench, &["env"]);
    let kubeconfig = environment["environment"]["KUBECONFIG"].as_str().expect("a kubeconfig").to_owned();
    for state in ["broken", "repaired"] {
        if state == "repaired" {
            run(bench, &["solve", "as-it-was", "--apply"]);
            run(bench, &["check"]);
        }
        let check = bench.median(15, |b| run(b, &["check"]).0);
        let (_, checked) = run(bench, &["check"]);
        println!("{:<58} {:>8.0} ms", format!("check, {state}, process start included"), check.as_secs_f64() * 1000.0);
        println!("  {:<56} {}", "API calls", checked["run"]["calls"]);
        for (script, what, aim) in [
            ("twelve-one-by-one.sh", "kubectl, one after the other", ">= 20 x"),
            ("twelve-side-by-side.sh", "kubectl, all at the same time", ">= 5 x"),
        ] {
            let Some(took) = by_script(bench, script, &kubeconfig) else {
                println!("kubectl is not on the PATH: {script} is not compared");
                continue;
            };
            let ratio = took.as_secs_f64() / check.as_secs_f64();
            println!("  {what:<56} {:>8.0} ms   {ratio:.1} x   {aim}", took.as_secs_f64() * 1000.0);
        }
    }
    run(bench, &["stop"]);
}

/// The cluster of others that the class works in.
struct Class<'a> {
    bench: &'a Bench,
    kubeconfig: String,
    context: String,
}

impl<'a> Class<'a> {
    fn new(bench: &'a Bench) -> Self {
        bench.run(&["start", "c20-service-no-endpoints"]);
        let kubeconfig = bench.home.path().join("state/environments/default/admin.kubeconfig");
        let read = std::fs::read_to_string(&kubeconfig).expect("the sandbox's kubeconfig");
        let parsed: Value = serde_saphyr::from_str(&read).expect("a kubeconfig");
        let context = parsed["contexts"][0]["name"].as_str().expect("a context").to_owned();
        Self { bench, kubeconfig: kubeconfig.display().to_string(), context }
    }

    /// A command of the learner of this number.
    fn learner(&self, number: usize, args: &[&str]) -> (Duration, Value) {
        let name = format!("l{number:03}");
        let place = ["--env", &name, "--provider", "existing", "--context", &self.context, "--kubeconfig", &self.kubeconfig];
        run(self.bench, &[&place, &["--learner", &name][..], args].concat())
    }

    /// The same command of these learners, some at a time, and the API calls of their checks.
    fn all(&self, learners: std::ops::Range<usize>, args: &[&str]) -> (Duration, f64) {
        let (next, calls) = (AtomicUsize::new(learners.start), AtomicUsize::new(0));
        let started = Instant::now();
        thread::scope(|scope| {
            for _ in 0..AT_ONCE {
                scope.spawn(|| {
                    loop {
                        let number = next.fetch_add(1, Ordering::Relaxed);
                        if number >= learners.end {
                            return;
                        }
                        let (_, answer) = self.learner(number, args);
                        let made =
                            answer["run"]["calls"].as_object().into_iter().flat_map(|calls| calls.values()).filter_map(Value::as_u64);
                        calls.fetch_add(usize::try_from(made.sum::<u64>()).unwrap_or_default(), Ordering::Relaxed);
                    }
                });
            }
        });
        let count = learners.len().max(1);
        (started.elapsed(), calls.load(Ordering::Relaxed) as f64 / count as f64)
    }

    fn memory(&self) -> (f64, f64) {
        let (_, status) = self.bench.run(&["--env", "default", "status"]);
        let mib = |v: &Value| v.as_f64().unwrap_or_default() / f64::from(1 << 20);
        let parts = status["environment"]["parts"].as_array().cloned().unwrap_or_default();
        let server = parts.iter().find(|part| part["name"] == "kube-apiserver");
        (server.map_or(0.0, |part| mib(&part["memoryBytes"])), mib(&status["environment"]["memoryBytes"]))
    }
}

fn many_learners(bench: &Bench, most: usize) {
    let class = Class::new(bench);
    println!();
    println!("a class in namespaces of one API server, {AT_ONCE} learners at a time; each check is a process of its own");
    println!(
        "{:>8} {:>16} {:>16} {:>12} {:>16} {:>16}",
        "learners", "starts a second", "checks a second", "calls each", "API server MiB", "sandbox MiB"
    );
    let mut come = 0;
    for learners in [most / 8, most / 4, most / 2, most] {
        let (starting, _) = class.all(come..learners, &["start", TWELVE]);
        let (checking, calls) = class.all(0..learners, &["check"]);
        let (server, sandbox) = class.memory();
        let starts = (learners - come) as f64 / starting.as_secs_f64();
        let checks = learners as f64 / checking.as_secs_f64();
        println!("{learners:>8} {starts:>16.1} {checks:>16.1} {calls:>12.1} {server:>16.0} {sandbox:>16.0}");
        come = learners;
    }
}

fn main() {
    let mut arguments = std::env::args().skip_while(|argument| argument != "--learners").skip(1);
    let learners = arguments.next().and_then(|number| number.parse().ok()).unwrap_or(200);
    let bench = Bench::new();
    one_learner(&bench);
    many_learners(&bench, learners);
}
