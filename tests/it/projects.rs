//! Projects: challenges that are graded by a rubric, under the names that a team chose.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use kubedrill::{
    content, diagnostic,
    points::Points,
    rubric::{self, InSandbox, Source},
    scenario::{self, Scenario},
    score,
    text::Lang,
};

use crate::support::Drill;

fn shipped() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("challenges/final-platform-lite")
}

fn grading() -> rubric::Grading {
    let ids: Vec<String> = content::ids().into_iter().chain(content::bundle_ids()).collect();
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("grading");
    rubric::load_grading(&dir, &ids.iter().map(String::as_str).collect::<Vec<_>>()).grading.unwrap()
}

/// The shipped project in a folder of its own, with a team's names.
fn under(platform: &str) -> (tempfile::TempDir, scenario::Loaded) {
    let temp = tempfile::TempDir::new().unwrap();
    let dir = temp.path().join("final-platform-lite");
    copy(&shipped(), &dir);
    fs::write(dir.join("platform.yaml"), platform).unwrap();
    let loaded = scenario::load(&dir);
    (temp, loaded)
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(|entry| entry.unwrap()) {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

fn platform(names: &str) -> String {
    format!("apiVersion: kubedrill.dev/v1alpha1\nkind: Platform\nmetadata: {{name: team-blue}}\nspec:\n  names:\n{names}")
}

#[test]
fn the_checks_of_the_final_project_fill_every_line_of_its_rubric() {
    let scenario = scenario::load(&shipped()).scenario.unwrap();
    let grading = grading();
    assert_eq!(rubric::lint_scenario(&shipped(), &grading), Vec::new());
    let mut by_line: BTreeMap<&str, Points> = BTreeMap::new();
    for check in scenario.checks() {
        let line = check.criterion.as_deref().unwrap().split('.').next().unwrap();
        *by_line.entry(line).or_default() += check.points;
    }
    for line in grading.rubric("final-project").unwrap().spec.categories.iter().flat_map(|category| &category.lines) {
        assert_eq!(by_line.remove(line.id.as_str()), Some(line.points), "{}", line.id);
    }
    assert!(by_line.is_empty());
}

/// Who judges a criterion in the sandbox is as the rubric says.
#[test]
fn what_a_person_marks_is_what_the_rubric_leaves_to_people() {
    let scenario = scenario::load(&shipped()).scenario.unwrap();
    let grading = grading();
    let rubric = &grading.rubric("final-project").unwrap().spec;
    for check in scenario.checks() {
        let id = check.criterion.as_deref().unwrap();
        let (criterion, _) = rubric.criterion(id).unwrap();
        let by_person = criterion.source == Source::Manual || criterion.sandbox == Some(InSandbox::Manual);
        assert_eq!(score::is_marked_by_hand(check), by_person, "{id}");
    }
}

#[test]
fn a_criterion_that_is_not_the_rubrics_or_is_overfilled_is_found() {
    let temp = tempfile::TempDir::new().unwrap();
    let dir = temp.path().join("final-platform-lite");
    copy(&shipped(), &dir);
    let file = dir.join("scenario.yaml");
    let text = fs::read_to_string(&file).unwrap();
    let text = text.replacen("criterion: F2.cache", "criterion: F2.cash", 1).replacen("criterion: R2.recent", "criterion: R2.schedule", 1);
    fs::write(&file, text.replacen("category: security", "category: operability", 1)).unwrap();
    let found = rubric::lint_scenario(&dir, &grading());
    let out = diagnostic::render_terminal(&found, Lang::En, false, &diagnostic::read_source);
    insta::assert_snapshot!(out.replace(&format!("{}/", temp.path().display()), ""));
}

#[test]
fn a_team_gives_its_own_names() {
    let names = "    namespace-prod: blue-prod\n    frontend: web\n    database: orders-db\n    host-prod: www.company.com\n    group-developers: builders\n";
    let (_temp, loaded) = under(&platform(names));
    assert_eq!(loaded.diagnostics, Vec::new());
    let scenario = loaded.scenario.unwrap();
    assert_eq!(scenario.file.spec.namespaces[0], "blue-prod");
    assert!(scenario.story.en.contains("`blue-prod`") && scenario.story.ko.contains("`orders-db`"));
    let mut file = scenario.file.clone();
    file.spec.names.clear();
    let said = serde_json::to_string(&file).unwrap();
    for (own, default) in
        [("blue-prod", "\"namespace\":\"prod\""), ("www.company.com", "prod.company.com"), ("\"builders\"", "\"developers\"")]
    {
        assert!(said.contains(own) && !said.contains(default), "{own} instead of {default}");
    }
    let reference = &scenario.solutions[0];
    let objects = |path: &str| scenario::read_manifests(&scenario, &reference.dir, path).unwrap();
    let named = |objects: &[serde_json::Value], kind: &str, namespace: &str, name: &str| {
        objects.iter().any(|o| o["kind"] == kind && o["metadata"]["namespace"] == namespace && o["metadata"]["name"] == name)
    };
    assert!(named(&objects("3-apps"), "Deployment", "blue-prod", "web"));
    assert!(named(&objects("2-data"), "StatefulSet", "blue-prod", "orders-db"));
    assert_ne!(scenario.digest, scenario::load(&shipped()).scenario.unwrap().digest);
    assert_nothing_is_left(&scenario);
}

/// No name of a role is left that nothing stands for.
fn assert_nothing_is_left(scenario: &Scenario) {
    let said = serde_json::to_string(&scenario.file).unwrap();
    for role in scenario.file.spec.names.keys() {
        assert!(!said.contains(&format!("$({role})")), "{role}");
    }
}

#[test]
fn a_platform_file_with_mistakes_is_refused_with_their_places() {
    let drill = Drill::new();
    let file = drill.home().join("platform.yaml");
    let names = "    frontent: web\n    backend: Api_Server\n    namespace-dev: team\n    namespace-staging: team\n    cache: yes\n    host-dev: 8\n";
    fs::write(&file, platform(names)).unwrap();
    let ran = drill.expect(2, &["start", "final-platform-lite", "--platform", file.to_str().unwrap()]);
    insta::assert_snapshot!(ran.err.replace(&format!("{}/", drill.home().display()), ""));
    fs::write(&file, platform("    frontend: web\n")).unwrap();
    let ran = drill.expect(2, &["start", "c20-service-no-endpoints", "--platform", file.to_str().unwrap()]);
    assert!(ran.err.contains("leaves no names"), "{}", ran.err);
}
