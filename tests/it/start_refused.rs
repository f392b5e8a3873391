//! A start that does not come to a confirmed broken state begins no attempt.

use std::{fs, path::Path};

use crate::support::Drill;

/// A new challenge, with a piece of one of its files replaced.
fn write(drill: &Drill, id: &str, file: &str, from: &str, to: &str) {
    let dir = drill.home().join("pack");
    fs::create_dir_all(&dir).unwrap();
    drill.expect(0, &["new", "challenge", id, "--dir", dir.to_str().unwrap()]);
    let path = dir.join(id).join(file);
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.contains(from), "{text}");
    fs::write(&path, text.replacen(from, to, 1)).unwrap();
    unmark(&dir.join(id));
}

/// Fills in the places that an author has to.
fn unmark(dir: &Path) {
    for entry in fs::read_dir(dir).unwrap().map(Result::unwrap) {
        match entry.path() {
            folder if folder.is_dir() => unmark(&folder),
            file => fs::write(&file, fs::read_to_string(&file).unwrap().replace("CHANGE-ME ", "")).unwrap(),
        }
    }
}

#[test]
fn no_attempt_begins_in_a_state_that_is_not_the_wanted_one() {
    let drill = Drill::with_sandbox();
    write(&drill, "refused", "stage/10-web.yaml", "replicas: 2", "replicas: -2");
    write(&drill, "harmless", "scenario.yaml", "selector: {app: www}", "selector: {app: web}");
    let pack = drill.home().join("pack").display().to_string();
    trap_fp14_a_refused_manifest_stops_the_attempt(&drill, &pack);
    trap_fp13_a_fault_that_does_nothing_stops_the_attempt(&drill, &pack);
}

fn trap_fp14_a_refused_manifest_stops_the_attempt(drill: &Drill, pack: &str) {
    let ran = drill.run(&["--pack", pack, "start", "refused"]);
    assert_ne!(ran.code, 0, "{}", ran.out);
    assert!(ran.err.contains("Deployment/refused/web") && ran.err.contains("greater than or equal to 0"), "{}", ran.err);
    drill.expect(5, &["check"]);
}

fn trap_fp13_a_fault_that_does_nothing_stops_the_attempt(drill: &Drill, pack: &str) {
    let ran = drill.run(&["--pack", pack, "start", "harmless"]);
    assert_ne!(ran.code, 0, "{}", ran.out);
    assert!(ran.err.contains("web-serves passes"), "{}", ran.err);
    drill.expect(5, &["check"]);
}
