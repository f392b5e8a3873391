//! The traps of grading that a scenario's author can fall into, each caught before anybody is graded.

use std::{fs, path::PathBuf};

use kubedrill::{
    diagnostic::Diagnostic,
    scenario::{self, Kind},
};
use tempfile::TempDir;

/// A new challenge with pieces of its `scenario.yaml` replaced.
struct Author {
    _temp: TempDir,
    dir: PathBuf,
}

impl Author {
    fn writes(replacements: &[(&str, &str)]) -> Self {
        let temp = TempDir::new().unwrap();
        let dir = temp.path().join("trap");
        for (path, mut text) in scenario::new_files(Kind::Challenge, "trap") {
            if path.ends_with("scenario.yaml") {
                for (from, to) in replacements {
                    assert!(text.contains(from), "{from}");
                    text = text.replacen(from, to, 1);
                }
            }
            let path = dir.join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text.replace("CHANGE-ME ", "")).unwrap();
        }
        Self { _temp: temp, dir }
    }

    fn empties(self, file: &str) -> Self {
        fs::write(self.dir.join(file), "").unwrap();
        self
    }

    /// The one thing that is wrong.
    fn is_told(&self) -> Diagnostic {
        let mut found = scenario::lint(&self.dir);
        assert_eq!(found.len(), 1, "{found:#?}");
        found.remove(0)
    }

    fn cannot_start(&self) -> bool {
        scenario::load(&self.dir).scenario.is_none()
    }
}

const ENDPOINTS: &str = "        endpoints:
          service: {kind: Service, name: web}
          backedBy: {kind: Deployment, name: web}
          fromTemplate: true
";

#[test]
fn trap_fp04_anything_but_the_bad_value_is_no_objective() {
    let field = "        field: {on: {kind: Deployment, name: web}, path: $.spec.paused, is: {noneOf: [true]}}\n";
    assert_eq!(Author::writes(&[(ENDPOINTS, field)]).is_told().code, "KD0502");
    let beside = format!("        all:\n          - {}          - rollout: {{on: {{kind: Deployment, name: web}}}}\n", field.trim_start());
    assert_eq!(scenario::lint(&Author::writes(&[(ENDPOINTS, &beside)]).dir), []);
}

#[test]
fn trap_fp10_a_negative_needs_hold() {
    let absent = "        absent: {on: {kind: Pod, name: debug}}\n";
    assert_eq!(Author::writes(&[(ENDPOINTS, absent)]).is_told().code, "KD0509");
    let held = format!("{absent}      when: {{hold: {{for: 3s, within: 60s}}}}\n");
    assert_eq!(scenario::lint(&Author::writes(&[(ENDPOINTS, &held)]).dir), []);
}

#[test]
fn trap_fp15_an_empty_file_or_check_never_passes() {
    for file in ["scenario.yaml", "solutions/fix-selector/solution.yaml", "cheats/scaled-to-zero/cheat.yaml", "stage/10-web.yaml"] {
        assert!(Author::writes(&[]).empties(file).cannot_start(), "{file}");
    }
    for empty in ["        all: []\n", "        {}\n", "        any: []\n", "        untouched: {subjects: []}\n"] {
        let author = Author::writes(&[(ENDPOINTS, empty)]);
        let found = author.is_told();
        assert!(author.cannot_start() && matches!(found.code, "KD0310" | "KD0207") && found.span.is_some(), "{empty}");
    }
}

#[test]
fn trap_ff05_a_question_that_a_kind_cannot_answer() {
    let bound = "        condition: {on: {kind: PersistentVolumeClaim, name: data}, type: Bound}\n";
    let found = Author::writes(&[(ENDPOINTS, bound)]).is_told();
    assert!(found.code == "KD0510" && found.help.unwrap().en.contains("$.status.phase"));
}

#[test]
fn trap_ff08_a_state_that_lasts_seconds() {
    let pending = "        field: {on: {kind: Pod, name: web}, path: $.status.phase, is: {equals: Pending}}\n";
    assert_eq!(Author::writes(&[(ENDPOINTS, pending)]).is_told().code, "KD0513");
}

#[test]
fn trap_sc02_the_declared_total_is_what_the_points_add_up_to() {
    let author = Author::writes(&[("      points: 60", "      points: 59.5")]);
    let found = author.is_told();
    assert!(author.cannot_start() && found.code == "KD0304");
    assert_eq!(found.message.en, "the objectives add up to 99.5 points, 0.5 short of 100");
}

#[test]
fn trap_fb01_a_text_that_tells_the_expected_value() {
    let field = "        field: {on: {kind: Deployment, name: web}, path: $.spec.strategy.type, is: {equals: Recreate}}\n";
    let say = "      say: {symptom: {ko: \"전략이 Recreate가 아닙니다.\", en: \"It is not Recreate.\"}}\n";
    let author = Author::writes(&[(ENDPOINTS, &format!("{field}{say}"))]);
    let found = scenario::lint(&author.dir);
    assert_eq!(found.iter().map(|d| (d.code, d.is_error())).collect::<Vec<_>>(), [("KD0501", true); 2]);
    let shown = Author::writes(&[(ENDPOINTS, &format!("{field}{say}      show: full\n"))]);
    assert_eq!(scenario::lint(&shown.dir), []);
    let expected = say.replace("Recreate가", "{expected}이").replace("not Recreate", "not {expected}");
    assert_eq!(scenario::lint(&Author::writes(&[(ENDPOINTS, &format!("{field}{expected}"))]).dir).len(), 2);
}
