//! The sandbox against kind, in one run on one machine: `tests/kind/run --bench`, or `cargo bench --bench providers` where Docker and
//! kind are at hand and `KUBEDRILL_NODE_IMAGE`, if it is set, names an image that is there.
//!
//! Prints medians and ratios and asserts nothing. Everything happens in a temporary home and in clusters of its own.

#![expect(clippy::expect_used, clippy::print_stdout, reason = "a measurement that cannot be made should stop, and it prints its figures")]

mod support;

use std::time::{Duration, Instant};

use support::Bench;

const C20: &str = "c20-service-no-endpoints";
const C14: &str = "c14-imagepull-private";
/// How long nothing is done before memory is read.
const IDLE: Duration = Duration::from_secs(20);

/// What one provider takes for each of the [`ROWS`].
fn measure(bench: &Bench, provider: &str) -> [f64; ROWS.len()] {
    let run = |args: &[&str]| bench.run(&[&["--provider", provider], args].concat());
    let start = bench.median(3, |_| {
        run(&["stop"]);
        run(&["start", C20]).0
    });
    std::thread::sleep(IDLE);
    let (_, status) = run(&["status"]);
    let memory = status["environment"]["memoryBytes"].as_f64().expect("the memory of the environment") / f64::from(1 << 20);
    let second = bench.median(3, |_| {
        run(&["stop", "--keep"]);
        run(&["start", C14]);
        run(&["stop", "--keep"]);
        run(&["start", C20]).0
    });
    let reset = bench.median(5, |_| run(&["reset"]).0);
    let check = bench.median(11, |_| run(&["check"]).0);
    let stopping = Instant::now();
    run(&["stop"]);
    let [start, second, reset, check, stop] = [start, second, reset, check, stopping.elapsed()].map(|took| took.as_secs_f64());
    [start, second, reset, check, stop, memory]
}

const ROWS: [(&str, &str); 6] = [
    ("start c20, nothing running, to broken and confirmed", "s"),
    ("start c20 in an environment that runs already", "s"),
    ("reset c20", "s"),
    ("check c20 (broken), process start included", "s"),
    ("stop", "s"),
    ("memory (anonymous) after a start", "MiB"),
];

fn main() {
    let bench = Bench::new();
    let (sandbox, kind) = (measure(&bench, "sandbox"), measure(&bench, "kind"));
    println!("{:<54} {:>12} {:>12} {:>8}", "what (median)", "sandbox", "kind", "ratio");
    for (((what, unit), sandbox), kind) in ROWS.iter().zip(sandbox).zip(kind) {
        println!("{what:<54} {sandbox:>8.2} {unit:<3} {kind:>8.2} {unit:<3} {:>6.1} x", kind / sandbox);
    }
}
