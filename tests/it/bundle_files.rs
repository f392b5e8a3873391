//! `bundle.yaml`: what is wrong with one is said with its place, in both languages.

use std::{fs, path::Path};

use kubedrill::{
    diagnostic::Diagnostic,
    scenario::{self, Catalogue, LoadedBundle, Weights},
};

use crate::support::Drill;

const HEAD: &str = "apiVersion: kubedrill.dev/v1alpha1\nkind: Bundle\nmetadata:\n  name: evening\n  title: {ko: 저녁, en: Evening}\nspec:\n  summary: {ko: 둘, en: Two}\n  level: beginner\n";

/// A folder with copies of two shipped scenarios, of 15 minutes each, and a bundle with this end.
fn pack(folder: &Path, end: &str) -> std::path::PathBuf {
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("challenges");
    for id in ["c20-service-no-endpoints", "c13-crashloop-config"] {
        std::os::unix::fs::symlink(shipped.join(id), folder.join(id)).unwrap();
    }
    let dir = folder.join("evening");
    fs::create_dir_all(&dir).unwrap();
    fs::write(dir.join("bundle.yaml"), format!("{HEAD}{end}")).unwrap();
    fs::write(dir.join("story.ko.md"), "저녁입니다.\n").unwrap();
    fs::write(dir.join("story.en.md"), "It is evening.\n").unwrap();
    dir
}

fn load(end: &str) -> (tempfile::TempDir, LoadedBundle) {
    let folder = tempfile::tempdir().unwrap();
    let dir = pack(folder.path(), end);
    let loaded = scenario::load_bundle(&dir);
    (folder, loaded)
}

fn said(end: &str) -> Vec<String> {
    let line =
        |d: &Diagnostic| format!("{}:{} {}", d.file.file_name().unwrap().to_string_lossy(), d.span.map_or(0, |s| s.line), d.message.en);
    let (_folder, loaded) = load(end);
    assert!(loaded.bundle.is_none(), "{:?}", loaded.diagnostics);
    loaded.diagnostics.iter().map(line).collect()
}

#[test]
fn a_bundle_brings_its_parts_in_order() {
    let (_folder, loaded) = load("  minutes: 40\n  weights: minutes\n  parts: [c20-service-no-endpoints, c13-crashloop-config]\n");
    let bundle = loaded.bundle.unwrap_or_else(|| panic!("{:?}", loaded.diagnostics));
    assert_eq!(bundle.parts.iter().map(|p| p.id()).collect::<Vec<_>>(), ["c20-service-no-endpoints", "c13-crashloop-config"]);
    assert_eq!((bundle.file.spec.weights, bundle.weights()), (Weights::Minutes, vec![15, 15]));
    let (_folder, plain) = load("  minutes: 40\n  parts: [c20-service-no-endpoints, c13-crashloop-config]\n");
    assert_eq!(plain.bundle.unwrap().weights(), [1, 1]);
}

#[test]
fn what_is_wrong_is_said_where_it_stands() {
    assert_eq!(
        said("  minutes: 20\n  parts: [c20-service-no-endpoints, c13-crashloop-config]\n"),
        ["bundle.yaml:9 20 minutes are fewer than the 30 of its scenarios"]
    );
    assert_eq!(
        said("  minutes: 40\n  parts:\n    - c20-service-no-endpoint\n    - c13-crashloop-config\n"),
        ["bundle.yaml:11 there is no folder of a scenario `c20-service-no-endpoint` beside the bundle's"]
    );
    assert_eq!(
        said("  minutes: 40\n  parts:\n    - c13-crashloop-config\n    - c13-crashloop-config\n"),
        ["bundle.yaml:12 the scenario `c13-crashloop-config` occurs twice; first on line 11"]
    );
    assert_eq!(said("  minutes: 40\n  parts: [c13-crashloop-config]\n"), ["bundle.yaml:10 a bundle has two scenarios or more"]);
    let escaped = said("  minutes: 40\n  parts:\n    - ../c13\n    - c13-crashloop-config\n");
    assert!(escaped[0].starts_with("bundle.yaml:11 `../c13` is not kebab-case"), "{escaped:?}");
    let unknown = said("  minute: 40\n  parts: [c20-service-no-endpoints, c13-crashloop-config]\n");
    assert!(unknown.iter().any(|line| line.starts_with("bundle.yaml:9") && line.contains("minute")), "{unknown:?}");
}

#[test]
fn a_bundle_reads_in_both_languages() {
    let folder = tempfile::tempdir().unwrap();
    let dir = pack(folder.path(), "  minutes: 40\n  parts: [c20-service-no-endpoints, c13-crashloop-config]\n");
    fs::remove_file(dir.join("story.ko.md")).unwrap();
    let found = scenario::lint(&dir);
    assert!(found.iter().any(|d| d.is_error() && d.message.en.contains("story.ko.md")), "{found:?}");
    assert!(Catalogue::load(&[folder.path().to_path_buf()]).0.bundles.is_empty());
}

#[test]
fn list_show_and_a_dry_run_know_bundles() {
    let drill = Drill::new();
    let (_, list) = drill.json(&["list"]);
    let ids: Vec<_> = list["bundles"].as_array().unwrap().iter().map(|bundle| bundle["id"].as_str().unwrap()).collect();
    assert!(ids.contains(&"challenge-5-ops-incidents"), "{ids:?}");
    let text = drill.expect(0, &["list", "--lang", "ko"]).out;
    assert!(text.contains("묶음") && text.contains("운영 장애 대응") && text.contains("90분"), "{text}");
    let (_, show) = drill.json(&["show", "challenge-5-ops-incidents"]);
    assert_eq!(show["minutes"], 90);
    assert_eq!(show["parts"][0]["id"], "c5-1-traffic-surge");
    let page = drill.expect(0, &["show", "challenge-5-ops-incidents"]).out;
    assert!(page.contains("kubedrill next") && page.contains("1. Sudden traffic surge (25 min)"), "{page}");
    let (_, plan) = drill.json(&["start", "challenge-5-ops-incidents", "--dry-run"]);
    assert_eq!(plan["scenario"], "c5-1-traffic-surge");
    let near = drill.expect(2, &["show", "challenge-5-ops-incident"]);
    assert!(near.err.contains("did you mean `challenge-5-ops-incidents`?"), "{}", near.err);
    let none = drill.expect(5, &["next"]);
    assert!(none.err.contains("no bundle is open"), "{}", none.err);
}

#[test]
fn the_shipped_bundle_is_without_mistakes_and_adds_up() {
    let drill = Drill::new();
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("challenges/challenge-5-ops-incidents");
    drill.expect(0, &["lint", "--strict", &dir.display().to_string()]);
    let bundle = scenario::load_bundle(&dir).bundle.unwrap();
    let minutes: u32 = bundle.parts.iter().map(|part| part.file.spec.minutes).sum();
    assert!(minutes <= bundle.file.spec.minutes);
}
