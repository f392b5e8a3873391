//! Holds the invariants that ARCHITECTURE.md states: which module must not know what.

use std::{fs, path::Path};

/// A rule: where these words stand in the source, outside comments and tests, only these places may use them.
struct Rule {
    words: &'static [&'static str],
    allowed: &'static [&'static str],
    why: &'static str,
}

const RULES: &[Rule] = &[
    Rule { words: &["kube::", "k8s_openapi::"], allowed: &["src/cluster/"], why: "only `cluster` speaks to Kubernetes" },
    Rule {
        words: &["process::Command", "duct::", "tokio::process"],
        allowed: &["src/process.rs", "src/process/"],
        why: "only `process` starts processes",
    },
    Rule {
        words: &["println!", "print!(", "eprintln!", "eprint!(", "dbg!", "std::io::stdout", "std::io::stderr"],
        allowed: &["src/cli/"],
        why: "the engine never prints",
    },
    Rule {
        words: &["env::var", "env::args", "current_dir()"],
        allowed: &["src/cli/"],
        why: "the surroundings are resolved once, in `cli`",
    },
    Rule { words: &["process::exit", "process::ExitCode"], allowed: &["src/cli/", "src/main.rs"], why: "only `cli` picks an exit code" },
    Rule { words: &["sqlx::"], allowed: &["src/store/"], why: "only `store` writes SQL" },
    Rule { words: &["tera::"], allowed: &["src/report/"], why: "only `report` fills templates" },
    Rule { words: &["cel::Program", "cel::Context", "::cel::"], allowed: &["src/cel/"], why: "the expression library stays behind `cel`" },
];

/// What a pure module must not import.
const PURE: &[(&str, &[&str])] = &[
    (
        "src/scenario/",
        &[
            "crate::cluster",
            "crate::provider",
            "crate::provision",
            "crate::runner",
            "crate::store",
            "crate::cli",
            "Timestamp::now",
            "Instant::now",
            "tokio::",
        ],
    ),
    (
        "src/score/",
        &[
            "crate::cluster",
            "crate::provider",
            "crate::provision",
            "crate::runner",
            "crate::store",
            "crate::cli",
            "Timestamp::now",
            "Instant::now",
            "tokio::",
        ],
    ),
    (
        "src/gradebook/",
        &[
            "crate::cluster",
            "crate::provider",
            "crate::provision",
            "crate::runner",
            "crate::store",
            "crate::report",
            "crate::cli",
            "Timestamp::now",
            "Instant::now",
            "tokio::",
        ],
    ),
    (
        "src/rubric/",
        &[
            "crate::cluster",
            "crate::provider",
            "crate::provision",
            "crate::runner",
            "crate::store",
            "crate::report",
            "crate::cli",
            "Timestamp::now",
            "Instant::now",
            "tokio::",
        ],
    ),
    (
        "src/report/",
        &[
            "crate::cluster",
            "crate::provider",
            "crate::provision",
            "crate::runner",
            "crate::store",
            "crate::cli",
            "Timestamp::now",
            "Instant::now",
            "tokio::",
        ],
    ),
    (
        "src/seal/",
        &[
            "crate::cluster",
            "crate::provider",
            "crate::provision",
            "crate::runner",
            "crate::store",
            "crate::cli",
            "Timestamp::now",
            "Instant::now",
            "tokio::",
        ],
    ),
    ("src/attempt/", &["crate::cluster", "crate::provider", "crate::provision", "crate::runner", "crate::store", "crate::cli", "tokio::"]),
    (
        "src/audit/",
        &[
            "crate::cluster",
            "crate::provider",
            "crate::provision",
            "crate::runner",
            "crate::store",
            "crate::report",
            "crate::cli",
            "Timestamp::now",
            "Instant::now",
            "tokio::",
        ],
    ),
    ("src/cel/", &["crate::cluster", "crate::provider", "crate::runner", "crate::store", "crate::cli", "tokio::"]),
    ("src/check/", &["crate::provider", "crate::provision", "crate::runner", "crate::store", "crate::cli"]),
    ("src/cluster/", &["crate::provision", "crate::runner", "crate::store", "crate::cli", "crate::score", "crate::report"]),
    (
        "src/provider/",
        &["crate::provision", "crate::runner", "crate::store", "crate::cli", "crate::score", "crate::report", "crate::check"],
    ),
    ("src/runner/", &["crate::cli"]),
    ("src/store/", &["crate::cluster", "crate::provider", "crate::provision", "crate::runner", "crate::cli"]),
];

fn sources() -> Vec<(String, String)> {
    fn walk(dir: &Path, into: &mut Vec<(String, String)>) {
        for entry in fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, into);
            } else if path.extension().is_some_and(|e| e == "rs") {
                into.push((path.display().to_string(), code(&fs::read_to_string(&path).unwrap())));
            }
        }
    }
    let mut all = Vec::new();
    std::env::set_current_dir(env!("CARGO_MANIFEST_DIR")).unwrap();
    walk(Path::new("src"), &mut all);
    assert!(all.len() > 30, "the sources were not found");
    all
}

/// The source without comments and without what follows the tests' module.
fn code(text: &str) -> String {
    let text = text.split("#[cfg(test)]").next().unwrap_or_default();
    text.lines().filter(|l| !l.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

/// Whether a word stands in the code on its own, not as the end of a longer path.
fn uses(code: &str, word: &str) -> bool {
    code.match_indices(word)
        .any(|(at, _)| !code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_') && !code[..at].ends_with("crate::"))
}

#[test]
fn libraries_stay_behind_their_modules() {
    let mut broken = Vec::new();
    for (file, code) in sources() {
        for rule in RULES {
            if rule.allowed.iter().any(|a| file.starts_with(a)) {
                continue;
            }
            for word in rule.words.iter().filter(|w| uses(&code, w)) {
                broken.push(format!("{file} uses `{word}`, but {}", rule.why));
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn data_flows_one_way() {
    let mut broken = Vec::new();
    for (file, code) in sources() {
        for (module, forbidden) in PURE.iter().filter(|(m, _)| file.starts_with(m)) {
            for word in forbidden.iter().filter(|w| code.contains(**w)) {
                // Plain data of a module may be read by all: the snapshot has no client in it.
                let plain = *module == "src/check/" || (*word == "crate::cluster" && only_snapshot(&code));
                if !plain || !word.starts_with("crate::cluster") {
                    broken.push(format!("{file} uses `{word}`, which `{module}` must not know"));
                }
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

fn only_snapshot(code: &str) -> bool {
    !["Cluster::", "Plane", "ClusterError"].iter().any(|word| code.contains(word))
}

#[test]
fn shell_output_of_source_scan_sees_code_only() {
    assert_eq!(code("let a = 1; \n// println!\n#[cfg(test)]\nmod tests { println!() }"), "let a = 1; ");
    assert!(uses("use kube::Client;", "kube::"));
    assert!(!uses("use crate::kube::x; let mykube::x;", "kube::"));
}
