//! The content that ships is held to the same rules as everybody's.

use std::path::Path;

use kubedrill::{
    content, diagnostic,
    paths::Paths,
    scenario::{self, Catalogue},
    text::Lang,
};

#[test]
fn every_shipped_scenario_loads_without_a_complaint() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (catalogue, diagnostics) = Catalogue::load(&[root.join("labs"), root.join("challenges")]);
    let said = diagnostic::render_terminal(&diagnostics, Lang::En, false, &diagnostic::read_source);
    assert!(diagnostics.is_empty(), "{said}");
    assert!(!catalogue.scenarios.is_empty());
}

#[test]
fn lint_has_nothing_to_say_about_shipped_scenarios() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (catalogue, _) = Catalogue::load(&[root.join("labs"), root.join("challenges")]);
    let found: Vec<_> = catalogue.scenarios.iter().flat_map(|s| scenario::lint(&s.dir)).collect();
    assert!(found.is_empty(), "{}", diagnostic::render_terminal(&found, Lang::En, false, &diagnostic::read_source));
}

#[test]
fn the_content_inside_the_binary_unpacks_once_and_loads() {
    let home = tempfile::TempDir::new().unwrap();
    let paths = Paths::below(home.path());
    let first = content::unpack(&paths).unwrap();
    assert_eq!(content::unpack(&paths).unwrap(), first);
    let (unpacked, diagnostics) = Catalogue::load(&[first]);
    let (ours, _) = Catalogue::load(&[Path::new(env!("CARGO_MANIFEST_DIR")).to_path_buf()]);
    assert_eq!(diagnostics, []);
    let cited = |catalogue: &Catalogue| catalogue.scenarios.iter().map(|s| (s.id().to_owned(), s.digest.clone())).collect::<Vec<_>>();
    assert_eq!(cited(&unpacked), cited(&ours));
}
