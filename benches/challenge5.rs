//! What living workloads cost, in one run on one machine: `cargo bench --bench challenge5 [-- --jobs N]`.
//!
//! Prints and asserts nothing: a timed test would only tell how busy the machine is. Needs a built sandbox with the add-ons of
//! Challenge 5 (run `kubedrill prove challenge-5-ops-incidents` once); everything happens in a temporary home.

#![expect(clippy::expect_used, clippy::print_stdout, reason = "a measurement that cannot be made should stop, and it prints its figures")]

mod support;

use std::time::{Duration, Instant};

use serde_json::Value;
use support::Bench;

/// A sandbox in which nothing was done for so long is idle.
const IDLE: Duration = Duration::from_secs(45);
/// How long its use of the processor is watched.
const WATCHED: Duration = Duration::from_secs(60);
/// The kernel's unit in `/proc/PID/stat`, the same on every Linux that programs see.
const TICKS_A_SECOND: f64 = 100.0;

/// Processor time that the parts of the running environment have used so far, by name.
fn used(bench: &Bench) -> Vec<(String, f64)> {
    let (_, status) = bench.run(&["status"]);
    let parts = status["environment"]["parts"].as_array().cloned().unwrap_or_default();
    parts.iter().filter_map(|part| Some((part["name"].as_str()?.to_owned(), ticks(part["pid"].as_u64()?)? / TICKS_A_SECOND))).collect()
}

fn ticks(pid: u64) -> Option<f64> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The name in parentheses may hold blanks.
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    Some(fields.get(11)?.parse::<f64>().ok()? + fields.get(12)?.parse::<f64>().ok()?)
}

fn processor(bench: &Bench, what: &str, aim: &str) {
    std::thread::sleep(IDLE);
    let (before, began) = (used(bench), Instant::now());
    std::thread::sleep(WATCHED);
    let (after, watched) = (used(bench), began.elapsed().as_secs_f64());
    let share = |name: &str, now: f64| {
        let then = before.iter().find(|(known, _)| known == name).map_or(0.0, |(_, then)| *then);
        100.0 * (now - then) / watched
    };
    let mut shares: Vec<(&str, f64)> = after.iter().map(|(name, now)| (name.as_str(), share(name, *now))).collect();
    shares.sort_by(|a, b| b.1.total_cmp(&a.1));
    println!("{what:<58} {:>9.1} %   {aim}", shares.iter().map(|(_, share)| share).sum::<f64>());
    for (name, share) in shares.iter().filter(|(_, share)| *share >= 0.1) {
        println!("  {name:<56} {share:>9.1} %");
    }
}

fn main() {
    let mut arguments = std::env::args().skip_while(|argument| argument != "--jobs").skip(1);
    let jobs = arguments.next().unwrap_or_else(|| "12".into());
    let bench = Bench::new();
    println!("{:<58} {:>11}   aim", "what", "measured");

    bench.run(&["start", "c20-service-no-endpoints"]);
    processor(&bench, "one core's use by an idle sandbox of 4 nodes", "< 5 %");

    let start = bench.median(3, |b| {
        b.run(&["stop"]);
        b.run(&["start", "c5-1-traffic-surge"]).0
    });
    println!("{:<58} {:>9.1} s", "start c5-1, no sandbox running, to broken and confirmed", start.as_secs_f64());
    processor(&bench, "one core's use by c5-1 under its surge", "");
    bench.run(&["stop"]);

    let (took, proof) = bench.run(&["prove", "challenge-5-ops-incidents", "--jobs", &jobs]);
    let cases: Vec<&Value> = proof["scenarios"].as_array().into_iter().flatten().flat_map(|s| s["cases"].as_array()).flatten().collect();
    let passed = cases.iter().filter(|case| case["verdict"] == "pass").count();
    let what = format!("prove challenge-5-ops-incidents --jobs {jobs}");
    println!("{what:<58} {:>9.1} s   < 360 s", took.as_secs_f64());
    println!("{:<58} {:>9}", "  cases passed", format!("{passed} of {}", cases.len()));
    for case in cases.iter().filter(|case| case["verdict"] != "pass") {
        println!("  {} {}: {}", case["kind"], case["name"], case["message"]);
    }
    let one_by_one: f64 = cases.iter().filter_map(|case| case["millis"].as_f64()).sum();
    println!("{:<58} {:>9.1} x", "  the cases one after the other would take", one_by_one / 1000.0 / took.as_secs_f64());
}
