//! The content that ships is held to the same rules as everybody's.

use std::path::Path;

use kubedrill::{diagnostic, scenario::Catalogue, text::Lang};

#[test]
fn every_shipped_scenario_loads_without_a_complaint() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (catalogue, diagnostics) = Catalogue::load(&[root.join("labs"), root.join("challenges")]);
    let said = diagnostic::render_terminal(&diagnostics, Lang::En, false, &diagnostic::read_source);
    assert!(diagnostics.is_empty(), "{said}");
    assert!(!catalogue.scenarios.is_empty());
}
