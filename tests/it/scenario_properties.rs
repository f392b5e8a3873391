//! Whatever lies in a folder, the loader answers: it never panics, and what it prints can be printed.

use std::{fs, path::Path, sync::LazyLock};

use kubedrill::{
    diagnostic,
    points::Points,
    scenario::{self, Duration, Kind, ScenarioFile},
    text::Lang,
};
use proptest::prelude::*;
use tempfile::TempDir;

static TEMPLATE: LazyLock<Vec<(std::path::PathBuf, String)>> = LazyLock::new(|| scenario::new_files(Kind::Challenge, "fuzz"));

thread_local! {
    /// The template in a folder of this thread's: to write it anew for each input would be most of the work.
    static FOLDER: TempDir = {
        let temp = TempDir::new().unwrap();
        for (path, text) in TEMPLATE.iter() {
            let target = temp.path().join("fuzz").join(path);
            fs::create_dir_all(target.parent().unwrap()).unwrap();
            fs::write(target, text).unwrap();
        }
        temp
    };
}

/// Lints the template with one file replaced, and renders what comes of it.
fn survives(file: &str, content: &[u8]) {
    FOLDER.with(|temp| {
        let dir = temp.path().join("fuzz");
        fs::write(dir.join(file), content).unwrap();
        let found = scenario::lint(&dir);
        let loaded = scenario::load(&dir);
        assert_eq!(loaded.scenario.is_some(), !loaded.diagnostics.iter().any(diagnostic::Diagnostic::is_error));
        for lang in Lang::ALL {
            let terminal = diagnostic::render_terminal(&found, lang, true, &diagnostic::read_source);
            let github = diagnostic::render_github(&found, lang);
            assert_eq!(github.lines().count(), found.len());
            assert!(found.iter().all(|d| terminal.contains(d.code)));
        }
        serde_json::to_string(&found).unwrap();
        fs::write(dir.join(file), template(file)).unwrap();
    });
}

fn template(file: &str) -> &'static str {
    &TEMPLATE.iter().find(|(path, _)| path == Path::new(file)).unwrap().1
}

/// A file with a piece cut out, doubled or replaced.
fn mutated(file: &'static str) -> impl Strategy<Value = String> {
    let chars: Vec<char> = template(file).chars().collect();
    let len = chars.len();
    (0..len, 0usize..60, "[\\[\\]{}:,&*!|>'\"%@`#\\-\\n 가-힣a-z0-9]{0,12}", any::<bool>()).prop_map(move |(at, cut, put, twice)| {
        let end = (at + cut).min(len);
        let piece: String = chars[at..end].iter().collect();
        let middle = if twice { format!("{piece}{put}{piece}") } else { put };
        chars[..at].iter().collect::<String>() + &middle + &chars[end..].iter().collect::<String>()
    })
}

/// One file of the template.
fn any_file() -> impl Strategy<Value = &'static str> {
    let files: Vec<&str> = TEMPLATE.iter().map(|(path, _)| path.to_str().unwrap()).collect();
    prop::sample::select(files)
}

/// Pieces of YAML in any order.
fn pieces() -> impl Strategy<Value = String> {
    let pieces = [
        "apiVersion: kubedrill.dev/v1\n",
        "kind: Challenge\n",
        "metadata:\n",
        "checks:\n",
        "  - id: a\n",
        "assert:\n",
        "    all:\n",
        "- ",
        "? ",
        ": ",
        "&a ",
        "*a ",
        "<<: *a\n",
        "[",
        "]",
        "{",
        "}",
        ", ",
        "\"",
        "'",
        "|-\n",
        ">+2\n",
        "---\n",
        "...\n",
        "%YAML 1.2\n",
        "#",
        "!!binary ",
        "!t ",
        "\t",
        "\n",
        "  ",
        "~",
        "on",
        "0o17",
        "1e999",
        ".inf",
        "\\x",
        "\u{feff}",
        "\u{2028}",
        "한글",
        "\r\n",
        "@",
        "`",
    ];
    prop::collection::vec(prop::sample::select(pieces.to_vec()), 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    // Each judges a whole folder: a sixth of what others try.
    #![proptest_config(ProptestConfig { cases: ProptestConfig::default().cases / 6, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_answered(bytes in prop::collection::vec(any::<u8>(), 0..400), file in any_file()) {
        survives(file, &bytes);
    }

    #[test]
    fn any_text_is_answered(text in prop_oneof![pieces(), "\\PC{0,200}"], file in any_file()) {
        survives(file, text.as_bytes());
    }

    #[test]
    fn mutations_of_a_scenario_are_answered(text in mutated("scenario.yaml")) {
        survives("scenario.yaml", text.as_bytes());
    }

    #[test]
    fn mutations_of_a_manifest_are_answered(text in mutated("stage/10-web.yaml")) {
        survives("stage/10-web.yaml", text.as_bytes());
    }

    #[test]
    fn mutations_of_a_cheat_are_answered(text in mutated("cheats/scaled-to-zero/cheat.yaml")) {
        survives("cheats/scaled-to-zero/cheat.yaml", text.as_bytes());
    }

    #[test]
    fn durations_read_what_they_print(millis in 0u64..1_000_000_000_000) {
        let duration = Duration(std::time::Duration::from_millis(millis));
        prop_assert_eq!(Duration::parse(&duration.to_string()), Ok(duration));
    }

    #[test]
    fn durations_answer_any_text(text in "[0-9a-zµ .-]{0,30}") {
        let _ = Duration::parse(&text);
    }

    #[test]
    fn points_keep_their_hundredths_through_json(hundredths in -100_000_000i64..100_000_000) {
        let points = Points::hundredths(hundredths);
        prop_assert_eq!(serde_json::from_str::<Points>(&serde_json::to_string(&points).unwrap()).unwrap(), points);
    }
}

#[test]
fn a_scenario_is_the_same_after_json_and_fits_its_schema() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (catalogue, _) = scenario::Catalogue::load(&[root.join("labs"), root.join("challenges")]);
    let validator = jsonschema::validator_for(&scenario::schema()).unwrap();
    for scenario in &catalogue.scenarios {
        let json = serde_json::to_value(&scenario.file).unwrap();
        assert!(validator.is_valid(&json), "{}", scenario.id());
        assert_eq!(serde_json::from_value::<ScenarioFile>(json).unwrap(), scenario.file);
    }
}

#[test]
fn many_long_durations_overflow_into_an_error() {
    assert!(Duration::parse(&"18446744073709551615ms".repeat(2000)).is_err());
}
