//! Every export, read by programs that know nothing of us. Python's csv is in the gate; what has to be installed is read by
//! `tests/readers/run`.
#![expect(clippy::print_stdout, reason = "what was skipped must be seen")]

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use kubedrill::{
    report::{
        cohort, ctrf,
        grades::{GradeOptions, Missing, MoodleKey, canvas, long, moodle},
        gradescope, html, junit,
    },
    text::Lang,
};

use super::fixture::{gradebook, gradebook_file};
use crate::{
    report::fixture::{half_repaired, solved},
    stored_runs::{Stored, objects},
};

fn checker() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/readers/check.py")
}

/// Runs a part of the checker; `false` where there is no such Python.
fn read_by(python: &Path, part: &str, folder: &Path, tools: &Path) -> bool {
    let mut command = Command::new(python);
    command.arg(checker()).arg(part).arg(folder).arg(tools).stdin(Stdio::null());
    match command.output() {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => false,
        Err(error) => panic!("{}: {error}", python.display()),
        Ok(output) => {
            let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
            assert!(output.status.success(), "{part}: {said}");
            print!("{said}");
            true
        }
    }
}

fn write_tables(folder: &Path) {
    gradebook_file(folder);
    let options = GradeOptions { lang: Lang::Ko, over_100: false, missing: Missing::Empty, bonus: true, no_bom: false };
    let book = gradebook();
    fs::write(folder.join("long.csv"), long(&book, options).unwrap()).unwrap();
    fs::write(folder.join("canvas.csv"), canvas(&book, options).unwrap().text).unwrap();
    fs::write(folder.join("moodle.csv"), moodle(&book, MoodleKey::IdNumber, options).unwrap().text).unwrap();
}

#[test]
fn python_reads_every_figure_out_of_the_tables() {
    let folder = tempfile::tempdir().unwrap();
    write_tables(folder.path());
    if !read_by(Path::new("python3"), "csv", folder.path(), folder.path()) {
        println!("SKIPPED: the tables were not read by Python's csv: python3 is not installed");
    }
}

/// `tests/readers/run` installs what this needs and says where it is.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs what tests/readers/run installs"]
async fn every_export_is_read_by_other_programs() {
    let tools = PathBuf::from(std::env::var_os("KUBEDRILL_READERS").expect("run tests/readers/run"));
    let folder = tools.join("exports");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    let put = |name: &str, text: String| fs::write(folder.join(name), text).unwrap();
    write_tables(&folder);
    let book = gradebook();
    for (name, report) in [("half", half_repaired()), ("solved", solved())] {
        for lang in Lang::ALL {
            put(&format!("{name}-{}.junit.xml", lang.code()), junit::render(&report, lang).unwrap());
            put(&format!("{name}-{}.ctrf.json", lang.code()), ctrf::render(&report, lang).unwrap());
            put(&format!("{name}-{}.gradescope.json", lang.code()), gradescope::render(&report, lang).unwrap());
            put(&format!("attempt-{name}-{}.html", lang.code()), html::render(&report, lang).unwrap());
        }
    }
    for lang in Lang::ALL {
        put(&format!("cohort-{}.html", lang.code()), cohort::html::render(&book, lang).unwrap());
        put(&format!("learner-{}.html", lang.code()), cohort::html::render_learner(&book, &book.roster.learners[5], lang).unwrap());
        put(&format!("team-{}.html", lang.code()), cohort::html::render_team(&book, "하늘팀", lang).unwrap().unwrap());
    }
    let stored = Stored::with(|text| text, &[vec![], objects()]).await;
    put("result.intoto.json", stored.drill.expect(0, &["export", "statement"]).out);
    fs::copy(stored.drill.home().join("state/keys/signing.pub.pem"), folder.join("signing.pub.pem")).unwrap();
    let python = tools.join("venv/bin/python");
    for part in ["csv", "junit", "ctrf", "gradescope", "statement", "html"] {
        assert!(read_by(&python, part, &folder, &tools), "{} is missing", python.display());
    }
}
