//! How fast the main job is, in one run on one machine: `cargo bench --bench first_run`.
//!
//! Prints medians and ratios and asserts nothing: a timed test would only tell how busy the machine is. Needs a built sandbox
//! (run `kubedrill demo` once); everything happens in a temporary home, so open attempts are not touched.

#![expect(clippy::expect_used, clippy::print_stdout, reason = "a measurement that cannot be made should stop, and it prints its figures")]

mod support;

use std::{
    path::Path,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use serde_json::Value;
use support::Bench;

const C20: &str = "c20-service-no-endpoints";
const C14: &str = "c14-imagepull-private";
/// A sandbox in which nothing was done for so long is idle.
const IDLE: Duration = Duration::from_secs(45);

fn line(what: &str, took: Duration, aim: &str) {
    println!("{what:<58} {:>9.3} s   {aim}", took.as_secs_f64());
}

fn main() {
    let bench = Bench::new();
    println!("{:<58} {:>11}   aim", "what (median)", "measured");

    let cold = bench.median(3, |b| {
        b.run(&["stop"]);
        b.run(&["start", C20]).0
    });
    line("start c20, no sandbox running, to broken and confirmed", cold, "< 6 s");

    let second = bench.median(3, |b| {
        b.run(&["stop", "--keep"]);
        b.run(&["start", C14]);
        b.run(&["stop", "--keep"]);
        b.run(&["start", C20]).0
    });
    line("start c20 in a sandbox that runs already", second, "< 3 s");

    let reset = bench.median(5, |b| b.run(&["reset"]).0);
    line("reset c20", reset, "< 1.5 s");

    let check = bench.median(11, |b| b.run(&["check"]).0);
    line("check c20 (broken), process start included", check, "");
    let (_, checked) = bench.run(&["check"]);
    println!("{:<58} {:>9}", "  API calls", checked["run"]["calls"].to_string());

    let (_, environment) = bench.run(&["env"]);
    let kubeconfig = environment["environment"]["KUBECONFIG"].as_str().expect("a kubeconfig").to_owned();
    let scripts = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/c20-questions.sh");
    let asked = |kubectl: &[&str]| {
        bench.median(5, |b| {
            let started = Instant::now();
            let mut command = Command::new(&scripts);
            command.args(kubectl).env("KUBECONFIG", &kubeconfig).env("KUBEDRILL_HOME", b.home.path());
            command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status().expect("the script runs");
            started.elapsed()
        })
    };
    if Command::new("kubectl").arg("version").arg("--client").stdout(Stdio::null()).status().is_ok_and(|s| s.success()) {
        let by_hand = asked(&["kubectl"]);
        line("the same questions by a kubectl script", by_hand, "");
        println!("{:<58} {:>9.1} x   >= 10 x", "  ratio", by_hand.as_secs_f64() / check.as_secs_f64());
    } else {
        println!("kubectl is not on the PATH: the script is not compared");
    }

    bench.run(&["stop"]);
    bench.run(&["start", C20]);
    std::thread::sleep(IDLE);
    let (_, status) = bench.run(&["status"]);
    println!("memory (anonymous, 4 nodes, {} s after a start of c20), MiB; aim < 400 in all", IDLE.as_secs());
    let mib = |v: &Value| v.as_f64().unwrap_or_default() / f64::from(1 << 20);
    for part in status["environment"]["parts"].as_array().into_iter().flatten() {
        println!("  {:<56} {:>9.1}", part["name"].as_str().unwrap_or_default(), mib(&part["memoryBytes"]));
    }
    println!("  {:<56} {:>9.1}", "in all", mib(&status["environment"]["memoryBytes"]));
}
