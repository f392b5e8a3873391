//! Rubrics as data: what ships says what the course says, mistakes are found where they are, and sheets become scores.

use std::{collections::BTreeMap, fs, path::Path};

use kubedrill::{
    content, diagnostic,
    points::Points,
    rubric::{self, Grading, SaidBy},
    scenario::{Catalogue, Category},
    text::Lang,
};

use crate::support::Drill;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn ids() -> Vec<String> {
    content::ids().into_iter().chain(content::bundle_ids()).collect()
}

fn shipped() -> Grading {
    let ids = ids();
    let loaded = rubric::load_grading(&root().join("grading"), &ids.iter().map(String::as_str).collect::<Vec<_>>());
    assert_eq!(loaded.diagnostics, Vec::new());
    loaded.grading.unwrap()
}

#[test]
fn the_final_project_has_the_points_of_the_course() {
    let grading = shipped();
    let rubric = &grading.rubric("final-project").unwrap().spec;
    let categories: Vec<_> = rubric.categories.iter().map(|c| (c.category, c.points)).collect();
    let wanted = [(Category::Functionality, 40), (Category::Security, 25), (Category::Operability, 25), (Category::Reliability, 10)];
    assert_eq!(categories, wanted.map(|(category, points)| (category, Points::whole(points))));
    let lines: Vec<_> = rubric.categories.iter().flat_map(|c| &c.lines).map(|line| (line.id.as_str(), line.points)).collect();
    let wanted = [
        ("F1", 10),
        ("F2", 10),
        ("F3", 10),
        ("F4", 10),
        ("S1", 10),
        ("S2", 8),
        ("S3", 7),
        ("O1", 10),
        ("O2", 8),
        ("O3", 7),
        ("R1", 5),
        ("R2", 5),
    ];
    assert_eq!(lines, wanted.map(|(id, points)| (id, Points::whole(points))));
    let bonuses: Vec<_> = rubric.bonuses.iter().map(|b| (b.cap, b.lines.iter().map(|l| l.id.as_str()).collect::<Vec<_>>())).collect();
    assert_eq!(bonuses, [(Points::whole(10), vec!["BA1", "BA2", "BA3", "BA4"]), (Points::whole(5), vec!["BC1", "BC2", "BC3"])]);
}

#[test]
fn weights_levels_checkpoints_and_items_are_those_of_the_course() {
    let grading = shipped();
    let weekly = &grading.assessments[0].spec;
    assert_eq!(weekly.lines.iter().map(|line| line.weight).collect::<Vec<_>>(), [40, 30, 20, 10]);
    assert_eq!(weekly.items().map(|item| item.id.clone()).collect::<Vec<_>>(), (1..=12).map(|n| format!("W{n}")).collect::<Vec<_>>());
    let levels: Vec<_> = grading.levels.spec.levels.iter().map(|level| (level.title.ko.as_str(), level.from)).collect();
    assert_eq!(levels, [("초급", Points::whole(60)), ("중급", Points::whole(75)), ("고급", Points::whole(90))]);
    assert_eq!(grading.levels.spec.below.ko, "미달성");
    let checkpoints = &grading.checkpoints.spec.checkpoints;
    assert_eq!(checkpoints.len(), 15);
    let people: Vec<_> = checkpoints.iter().filter(|c| c.by == SaidBy::Person).map(|c| c.id.as_str()).collect();
    assert_eq!(people, ["D1-1", "D2-1", "D3-1"]);
    let mut by_level: BTreeMap<_, usize> = BTreeMap::new();
    for item in &grading.learning_items.spec.items {
        *by_level.entry(item.level).or_default() += 1;
    }
    assert_eq!(by_level.into_values().collect::<Vec<_>>(), [5, 6, 10]);
}

#[test]
fn the_course_has_its_minutes_teams_and_presentation() {
    let course = shipped().course.spec;
    let minutes = |id: &str| course.units().find(|unit| unit.id == id).unwrap().minutes;
    assert_eq!(["w2d4-s1", "w3d5-s1", "lab-5", "challenge-5"].map(minutes), [70, 50, 90, 90].map(Some));
    assert_eq!((course.team.min, course.team.max, course.team.roles.len()), (2, 3, 3));
    let presentation = &course.weeks[1].project.as_ref().unwrap().presentation;
    assert_eq!(presentation.parts.iter().map(|part| part.minutes).collect::<Vec<_>>(), [5, 7, 3]);
    let rebuilt: Vec<_> = course.units().filter(|unit| unit.reconstructed).collect();
    assert_eq!(rebuilt.len(), 8, "labs and challenges 1 to 4");
}

/// What a scenario says of itself, and what the course says of it.
#[test]
fn checkpoints_of_scenarios_are_those_that_name_them() {
    let (catalogue, _) = Catalogue::load(&[root().to_path_buf()]);
    let grading = shipped();
    let said = catalogue.scenarios.iter().map(|s| (s.id(), &s.file.metadata.checkpoints));
    for (id, checkpoint) in said.flat_map(|(id, all)| all.iter().map(move |one| (id, one))) {
        let named = grading.checkpoints.spec.checkpoints.iter().find(|c| c.id == *checkpoint).unwrap();
        assert!(named.evidence.iter().any(|one| one == id), "{id} says {checkpoint}");
    }
}

#[test]
fn mistakes_are_found_where_they_are() {
    let temp = tempfile::TempDir::new().unwrap();
    let dir = temp.path().join("grading");
    fs::create_dir(&dir).unwrap();
    for entry in fs::read_dir(root().join("grading")).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), dir.join(entry.file_name())).unwrap();
    }
    let change = |file: &str, from: &str, to: &str| {
        let path = dir.join(file);
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.contains(from), "{file} holds {from}");
        fs::write(path, text.replacen(from, to, 1)).unwrap();
    };
    change("final-project.yaml", "{id: workers, points: 2,", "{id: workers, points: 3,");
    change("final-project.yaml", "cap: 5\n", "cap: 6\n");
    change("final-project.yaml", "- id: S2\n", "- id: S1\n");
    change("weekly-assessment.yaml", "weight: 10", "weight: 15");
    change("levels.yaml", "from: 75", "from: 50");
    change("checkpoints.yaml", "evidence: [c15-rollout-stuck]", "evidence: [c15-rollout-stuk]");
    change("learning-items.yaml", "title: {ko: Ingress, en: Ingress}", "titel: {ko: Ingress, en: Ingress}");
    change("course.yaml", "{title: {ko: 학습 목표, en: Goals}, minutes: 5}", "{title: {ko: 학습 목표}, minutes: 5}");
    let ids = ids();
    let loaded = rubric::load_grading(&dir, &ids.iter().map(String::as_str).collect::<Vec<_>>());
    assert!(loaded.grading.is_none());
    let out = diagnostic::render_terminal(&loaded.diagnostics, Lang::En, false, &diagnostic::read_source);
    insta::assert_snapshot!(out.replace(&format!("{}/", temp.path().display()), ""));
}

const SHEET: &str = "apiVersion: kubedrill.dev/v1alpha1
kind: Sheet
metadata: {rubric: weekly-assessment, subject: 김하늘}
spec:
  excused: [{id: W11, by: lee, reason: 병결}]
  entries:
    - id: W1
      scores: [{name: quiz 1, points: 80}, {name: quiz 2, points: 95}]
    - id: W2
      scores: [{name: lab5a-prometheus-grafana, points: 100}, {name: final-project, points: 107.5}]
    - {id: W3, scores: [{name: c20-service-no-endpoints, points: 92}]}
    - {id: W4, mark: {points: 90, by: lee, comment: 꾸준히 기여}}
    - {id: W5, mark: {points: 85, by: lee}}
    - {id: W6, mark: {points: 88.5, by: lee}}
    - {id: W7, mark: {points: 70, by: lee}}
    - {id: W8, mark: {points: 80, by: lee}}
    - {id: W10, mark: {points: 100, by: lee}}
    - {id: W12, mark: {points: 95, by: lee}}
";

#[test]
fn a_weekly_assessment_is_computed_from_a_file() {
    let drill = Drill::new();
    let file = drill.home().join("week3.yaml");
    fs::write(&file, SHEET).unwrap();
    let file = file.to_str().unwrap();
    let ran = drill.expect(0, &["rubric", "--entries", file]);
    insta::assert_snapshot!("weekly_assessment_en", ran.out);
    let ran = drill.expect(0, &["--lang", "ko", "rubric", "weekly-assessment", "--entries", file]);
    insta::assert_snapshot!("weekly_assessment_ko", ran.out);
    let (code, score) = drill.json(&["rubric", "--entries", file]);
    assert_eq!((code, score["total"]["low"].as_f64(), score["final"].as_bool()), (0, Some(83.37), Some(false)));
    let schema: serde_json::Value =
        rubric::grading_schemas().into_iter().find(|(name, _)| *name == "assessment-score.schema.json").unwrap().1;
    assert!(jsonschema::is_valid(&schema, &score));
    let refused = drill.expect(2, &["rubric", "final-project", "--entries", file]);
    assert!(refused.err.contains("`weekly-assessment`"), "{}", refused.err);
}

#[test]
fn a_sheet_with_mistakes_is_refused_with_their_places() {
    let drill = Drill::new();
    let file = drill.home().join("team.yaml");
    let entries = "
    - {id: F1.worker, mark: {points: 1, by: lee}}
    - {id: F1.workers, mark: {points: 2.5, by: lee}}
    - {id: R1.drill, mark: {points: 4.5, by: lee}}
    - {id: F2.cache, check: {verdict: fail, passed: 2}}
    - {id: F2.cache, check: {verdict: pass}, mark: {points: 1, by: lee}}
    - {id: F2.queue, scores: [{name: x, points: 100}]}
";
    let head = SHEET.split("spec:").next().unwrap().replace("weekly-assessment", "final-project");
    fs::write(&file, format!("{head}spec:\n  entries:{entries}")).unwrap();
    let ran = drill.expect(2, &["rubric", "--entries", file.to_str().unwrap()]);
    assert!(ran.out.is_empty());
    insta::assert_snapshot!(ran.err.replace(&format!("{}/", drill.home().display()), ""));
}

#[test]
fn rubrics_and_the_course_can_be_read() {
    let drill = Drill::new();
    for (name, args) in [
        ("rubric_list", &["rubric"][..]),
        ("rubric_final_project", &["rubric", "final-project"]),
        ("rubric_weekly", &["--lang", "ko", "rubric", "weekly-assessment"]),
        ("course", &["--lang", "ko", "course"]),
        ("course_items", &["course", "--items"]),
        ("course_checkpoints", &["course", "--checkpoints"]),
    ] {
        insta::assert_snapshot!(name, drill.expect(0, args).out);
    }
    assert!(drill.expect(2, &["rubric", "final"]).err.contains("final-project"));
    drill.expect(0, &["lint", root().join("grading").to_str().unwrap()]);
}
