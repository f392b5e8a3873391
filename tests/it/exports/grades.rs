//! Tables of grades: what is written can be read back to the same figures, what is open is never a zero, and no cell runs.

use insta::assert_snapshot;
use kubedrill::{
    gradebook::EntryState,
    report::grades::{Figure, GradeOptions, GradesError, Missing, MoodleKey, canvas, canvas_from, long, moodle},
    text::Lang,
};

use super::fixture::{FORMULA, INCIDENT, LAB, gradebook};
use crate::support::Drill;

const EN: GradeOptions = GradeOptions { lang: Lang::En, over_100: false, missing: Missing::Empty, bonus: false, no_bom: true };

/// The rows of a table by its headings.
fn rows(text: &str) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
}

fn cell<'a>(rows: &'a [Vec<String>], key: &str, heading: &str) -> &'a str {
    let at = rows[0].iter().position(|name| name == heading).unwrap_or_else(|| panic!("{heading}: {:?}", rows[0]));
    &rows.iter().find(|row| row.contains(&key.to_owned())).unwrap_or_else(|| panic!("{key}"))[at]
}

#[test]
fn long_csv_gives_every_figure_of_the_gradebook_back() {
    let book = gradebook();
    let rows = rows(&long(&book, EN).unwrap());
    assert_eq!(rows.len(), 1 + book.roster.learners.len() * book.assignments.len());
    let at = |heading: &str| rows[0].iter().position(|name| name == heading).unwrap();
    for entry in &book.entries {
        let row = rows.iter().find(|row| row[at("learner")] == entry.learner && row[at("assignment")] == entry.assignment).unwrap();
        let read = |heading: &str| row[at(heading)].clone();
        match Figure::of(Some(entry), false) {
            Figure::Points(points) => {
                let score = entry.score.as_ref().unwrap();
                assert_eq!(read("score"), points.to_string());
                assert_eq!(
                    [read("base"), read("bonus"), read("total")],
                    [score.base, score.bonus, score.total].map(|t| t.points.to_string())
                );
                assert_eq!((read("low"), read("high")), (read("total"), read("total")));
                assert_eq!((read("passed"), read("final")), (score.grade.passed.to_string(), "true".into()));
            }
            Figure::Missing => assert_eq!((read("score"), read("state")), (String::new(), "missing".into())),
            Figure::Open(_) => {
                assert_eq!((read("score"), read("total")), (String::new(), String::new()), "open is never a figure");
                assert!(!read("comment").is_empty(), "{entry:?}");
            }
        }
    }
    assert_snapshot!("long_en", long(&book, EN).unwrap());
}

#[test]
fn an_open_entry_is_an_empty_cell_with_its_range_beside_it() {
    let text = moodle(&gradebook(), MoodleKey::Email, GradeOptions { lang: Lang::Ko, ..EN }).unwrap().text;
    let rows = rows(&text);
    let title = "엔드포인트 없는 서비스";
    assert_eq!(cell(&rows, "u06@school.example", title), "");
    assert!(cell(&rows, "u06@school.example", &format!("{title} (피드백)")).contains("90…100점"), "{text}");
    assert_eq!(cell(&rows, "u08@school.example", title), "");
    assert!(cell(&rows, "u08@school.example", &format!("{title} (피드백)")).contains("환경을 시작하지 못했습니다"));
    assert_eq!(cell(&rows, "u10@school.example", title), "20", "what cannot be used earns what the broken state earns");
    assert_eq!(cell(&rows, "u12@school.example", title), "0", "a zero that was earned is a zero");
    assert_snapshot!("moodle_ko", text);
}

#[test]
fn missing_is_empty_unless_a_zero_is_asked_for() {
    for (missing, wanted) in [(Missing::Empty, ""), (Missing::Zero, "0")] {
        let options = GradeOptions { missing, ..EN };
        let moodle = moodle(&gradebook(), MoodleKey::IdNumber, options).unwrap().text;
        assert_eq!(cell(&rows(&moodle), "2026007", "Kinds of Services"), wanted);
        let canvas = canvas(&gradebook(), options).unwrap().text;
        assert_eq!(cell(&rows(&canvas), "2026007", "Kinds of Services"), wanted);
        assert_eq!(cell(&rows(&canvas), "2026008", "A Service with nobody behind"), "", "our own failure is never a zero");
    }
}

#[test]
fn figures_stop_at_100_and_a_bonus_has_a_column_of_its_own() {
    let title = "A Service with nobody behind";
    let plain = rows(&canvas(&gradebook(), EN).unwrap().text);
    assert_eq!((cell(&plain, "2026001", title), cell(&plain, "2026001", "Section")), ("100", "A"));
    assert!(!plain[0].iter().any(|heading| heading.contains("bonus")));
    let all = rows(&canvas(&gradebook(), GradeOptions { over_100: true, bonus: true, ..EN }).unwrap().text);
    assert_eq!((cell(&all, "2026001", title), cell(&all, "2026001", &format!("{title} (bonus)"))), ("105", "5"));
    assert_eq!(cell(&all, "    Points Possible", &format!("{title} (bonus)")), "0", "so that nobody loses for not having it");
    assert_eq!((cell(&all, "2026006", &format!("{title} (bonus)")), cell(&all, "    Points Possible", title)), ("", "100"));
}

#[test]
fn trap_sc07_no_cell_of_any_table_is_run_by_a_spreadsheet() {
    let book = gradebook();
    for text in [long(&book, EN).unwrap(), canvas(&book, EN).unwrap().text, moodle(&book, MoodleKey::Username, EN).unwrap().text] {
        for cell in rows(&text).iter().flatten() {
            let number = cell.parse::<f64>().is_ok();
            assert!(number || !cell.starts_with(['=', '+', '-', '@', '\t', '\r']), "{cell}");
        }
    }
    assert!(long(&book, EN).unwrap().contains(&format!("'{}", FORMULA.replace('"', "\"\""))));
}

#[test]
fn canvas_gets_its_own_file_back_with_our_columns_filled() {
    let own = "\u{feff}Student,ID,SIS User ID,SIS Login ID,Section,Week 1 quiz (77),엔드포인트 없는 서비스 (4711),Current Score (read only)\r\n\
               ,,,,,Manual Posting,,\r\n\
               \"    Points Possible\",,,,,10,50,(read only)\r\n\
               \"하늘, 김\",1001,,,A,9,12,88.5\r\n\
               \"현우, 조\",,2026009,student09,B,7,33,70\r\n\
               Test Student,9999,,,A,,,\r\n";
    let done = canvas_from(&gradebook(), GradeOptions { lang: Lang::Ko, ..EN }, own).unwrap();
    let after = rows(&done.text);
    assert_eq!(after[0][..8], rows(own)[0][..8], "headings stay");
    assert_eq!(after[0][8], "서비스의 종류", "an assignment that Canvas does not know is a new column");
    assert_eq!(after[1][5], "Manual Posting");
    assert_eq!((after[2][6].as_str(), after[2][8].as_str()), ("50", "100"), "what Canvas says of its own column stays");
    assert_eq!(after[3][..8], ["하늘, 김", "1001", "", "", "A", "9", "100", "88.5"]);
    assert_eq!((after[4][6].as_str(), after[4][5].as_str()), ("", "7"), "refused: an open cell");
    assert_eq!(after[5], ["Test Student", "9999", "", "", "A", "", "", "", ""], "whom we do not know stays untouched");
    assert!(done.notes[0].ko.contains("이서준") && !done.notes[0].ko.contains("김하늘"), "{:?}", done.notes);
    assert_eq!(
        canvas_from(&gradebook(), GradeOptions { lang: Lang::Ko, ..EN }, &done.text).unwrap().text,
        done.text,
        "again changes nothing"
    );
}

#[test]
fn a_file_that_is_not_canvas_own_is_refused_with_what_it_has() {
    let error = canvas_from(&gradebook(), EN, "name,points\r\nkim,3\r\n").unwrap_err();
    assert!(matches!(&error, GradesError::NotCanvas { found } if found == "`name`, `points`"), "{error}");
}

#[test]
fn moodle_is_given_nobody_without_the_key_and_says_so() {
    let grades = moodle(&gradebook(), MoodleKey::Email, EN).unwrap();
    assert_eq!(rows(&grades.text).len(), 1 + 13);
    assert!(grades.notes[0].en.contains("조현우"), "{:?}", grades.notes);
    let mut book = gradebook();
    book.roster.learners.iter_mut().for_each(|learner| learner.login = None);
    assert!(matches!(moodle(&book, MoodleKey::Username, EN), Err(GradesError::NoKey { .. })));
}

#[test]
fn every_state_reads_as_what_it_is() {
    let book = gradebook();
    let open = [EntryState::Waiting, EntryState::Pending, EntryState::Refused, EntryState::Failed];
    for entry in &book.entries {
        let figure = Figure::of(Some(entry), false);
        assert_eq!(matches!(figure, Figure::Open(_)), open.contains(&entry.state), "{:?} {figure:?}", entry.state);
    }
    assert_eq!(Figure::of(book.entry("u07", LAB), false), Figure::Missing);
    assert_eq!(Figure::of(None, false), Figure::Missing);
    assert!(book.entry("u01", INCIDENT).is_some());
}

#[test]
fn the_command_writes_the_file_and_says_on_the_side_who_is_not_in_it() {
    let drill = Drill::new();
    let book = super::fixture::gradebook_file(drill.home());
    let ran = drill.expect(0, &["export", "moodle", "--gradebook", &book]);
    assert!(ran.out.starts_with("\u{feff}Email address,") && ran.err.contains("조현우"), "{} {}", ran.out, ran.err);
    let out = drill.home().join("grades.csv").display().to_string();
    let ran = drill.expect(0, &["export", "csv", "--gradebook", &book, "--no-bom", "--out", &out]);
    assert!(ran.out.contains(&out) && std::fs::read_to_string(&out).unwrap().starts_with("cohort,"));
    let ran = drill.expect(2, &["export", "csv", "--gradebook", &out]);
    assert!(ran.err.contains("is no gradebook") && ran.err.contains("kubedrill grade"), "{}", ran.err);
    let ran = drill.expect(0, &["export", "--list"]);
    assert!(ran.out.contains("canvas") && ran.out.contains("archive"), "{}", ran.out);
}
