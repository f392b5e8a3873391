//! Signed records: what was changed is named, whatever it was, and what was not is computed anew to the same score.

use std::{fs, path::Path};

use base64::{Engine, prelude::BASE64_STANDARD};
use kubedrill::{digest::sha256, seal};
use serde_json::{Value, json};

use crate::{
    stored_runs::{Stored, objects},
    support::Ran,
};

/// An attempt with two runs, closed, and its archive.
struct Archived {
    stored: Stored,
    file: String,
}

impl Archived {
    async fn new() -> Self {
        let stored = Stored::with(|text| text, &[vec![], objects()]).await;
        stored.close().await;
        let file = stored.drill.home().join("archive.json").display().to_string();
        stored.drill.expect(0, &["export", "archive", "--out", &file]);
        Self { stored, file }
    }

    fn read(&self) -> Value {
        serde_json::from_str(&fs::read_to_string(&self.file).unwrap()).unwrap()
    }

    /// Verifies it, with the scenario as a pack.
    fn verify(&self, code: i32, more: &[&str]) -> Ran {
        let pack = self.stored.drill.home().join("mine").display().to_string();
        self.stored.drill.expect(code, &[&["verify", &self.file, "--pack", &pack], more].concat())
    }

    fn public_key(&self) -> String {
        self.stored.drill.home().join("state/keys/signing.pub.pem").display().to_string()
    }

    /// Changes one of its files.
    fn change(&self, name: &str, edit: impl Fn(&str) -> String) -> Value {
        let mut archive = self.read();
        let text = edit(archive["files"][name].as_str().unwrap());
        assert_ne!(text, archive["files"][name].as_str().unwrap(), "{name} is changed");
        archive["files"][name] = json!(text);
        fs::write(&self.file, archive.to_string()).unwrap();
        archive
    }

    /// The same, signed anew with another key: whoever cheats can do that.
    fn forge(&self, name: &str, edit: impl Fn(&str) -> String) {
        let mut archive = self.change(name, edit);
        let envelope: seal::Envelope = serde_json::from_value(archive["statement"].clone()).unwrap();
        let mut statement: Value = serde_json::from_slice(&BASE64_STANDARD.decode(envelope.payload).unwrap()).unwrap();
        for subject in statement["subject"].as_array_mut().unwrap() {
            let text = archive["files"][subject["name"].as_str().unwrap()].as_str().unwrap();
            subject["digest"]["sha256"] = json!(sha256(text.as_bytes()));
        }
        let (key, _) = seal::SigningKey::open_or_make(&self.stored.drill.home().join("forged.pem")).unwrap();
        archive["statement"] = json!(seal::Envelope::seal(statement.to_string().as_bytes(), &key));
        fs::write(&self.file, archive.to_string()).unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_archive_is_verified_with_and_without_its_key() {
    let archived = Archived::new().await;
    let schema = jsonschema::validator_for(&seal::archive_schema()).unwrap();
    assert!(schema.is_valid(&archived.read()));
    let unknown = archived.verify(0, &[]);
    assert!(unknown.out.contains("unknown key") && unknown.out.contains("computed anew, the score is the same"), "{}", unknown.out);
    let key = archived.public_key();
    let known = archived.verify(0, &["--public-key", &key]);
    assert!(known.out.contains("the key given") && known.out.contains("Everything agrees"), "{}", known.out);
    let (other, _) = seal::SigningKey::open_or_make(&archived.stored.drill.home().join("other.pem")).unwrap();
    let other_file = archived.stored.drill.home().join("other.pub.pem");
    fs::write(&other_file, other.public().to_pem()).unwrap();
    let wrong = archived.verify(3, &["--public-key", &other_file.display().to_string()]);
    assert!(wrong.out.contains("that of another key"), "{}", wrong.out);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_records_give_the_same_archive_and_tell_nothing_of_the_machine() {
    let archived = Archived::new().await;
    let again = archived.stored.drill.expect(0, &["export", "archive"]);
    assert_eq!(again.out, fs::read_to_string(&archived.file).unwrap());
    assert!(again.err.contains("Signed with the key ") && !again.err.contains("was made"), "{}", again.err);
    let home = archived.stored.drill.home().display().to_string();
    assert!(!again.out.contains(&home) && !again.out.contains("n0nce") && !again.out.contains("aHVudGVyMg"));
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_was_changed_is_named() {
    let archived = Archived::new().await;
    let whole = fs::read_to_string(&archived.file).unwrap();
    for (name, from, to) in [
        ("report.json", "\"points\": 0", "\"points\": 10"),
        ("log.jsonl", "\"passed\":", "\"passed\":1"),
        ("runs.jsonl", "\"fail\"", "\"pass\""),
        ("attempt.json", "\"resets\": 0", "\"resets\": 1"),
    ] {
        fs::write(&archived.file, &whole).unwrap();
        archived.change(name, |text| text.replacen(from, to, 1));
        let ran = archived.verify(3, &[]);
        assert!(ran.out.contains(&format!("✗ `{name}` was changed")), "{name}: {}", ran.out);
    }
    fs::write(&archived.file, &whole).unwrap();
    let mut archive = archived.read();
    archive["statement"]["payload"] = json!(BASE64_STANDARD.encode("{}"));
    fs::write(&archived.file, archive.to_string()).unwrap();
    assert!(archived.verify(3, &[]).out.contains("✗ the signature does not fit the content"));
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_anew_does_not_help_who_changes_records() {
    let archived = Archived::new().await;
    let whole = fs::read_to_string(&archived.file).unwrap();
    archived.forge("log.jsonl", |text| text.replacen("\"passed\":", "\"passed\":1", 1));
    assert!(archived.verify(3, &[]).out.contains("✗ entry 1 of the log does not follow"));
    fs::write(&archived.file, &whole).unwrap();
    archived.forge("runs.jsonl", |text| text.replace("\"fail\"", "\"pass\""));
    assert!(archived.verify(3, &[]).out.contains("is not the one that the log tells of"));
    fs::write(&archived.file, &whole).unwrap();
    archived.forge("evidence.json", |text| text.replacen("ClusterIP", "NodePort", 1));
    assert!(archived.verify(3, &[]).out.contains("is missing or was changed"));
    fs::write(&archived.file, &whole).unwrap();
    archived.forge("report.json", |text| text.replace("\"verdict\": \"fail\"", "\"verdict\": \"pass\""));
    let ran = archived.verify(3, &[]);
    assert!(ran.out.contains("✗ computed anew, the score is another"), "{}", ran.out);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_scenario_the_score_is_not_vouched_for() {
    let archived = Archived::new().await;
    let ran = archived.stored.drill.expect(4, &["verify", &archived.file]);
    assert!(ran.out.contains("? the score was not computed anew") && ran.out.contains("--pack"), "{}", ran.out);
    let scenario = archived.stored.drill.home().join("mine/scenario.yaml");
    fs::write(&scenario, fs::read_to_string(&scenario).unwrap() + "# another\n").unwrap();
    assert!(archived.verify(4, &[]).out.contains("in another version"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_statement_speaks_of_the_files_that_are_given_with_it() {
    let archived = Archived::new().await;
    let home = archived.stored.drill.home();
    let path = |name: &str| home.join(name).display().to_string();
    archived.stored.drill.expect(0, &["export", "statement", "--out", &path("result.json")]);
    fs::write(home.join("report.json"), archived.read()["files"]["report.json"].as_str().unwrap()).unwrap();
    let ran = archived.stored.drill.expect(0, &["verify", &path("result.json"), &path("report.json")]);
    assert!(ran.out.contains("report.json` is as it was signed"), "{}", ran.out);
    fs::write(home.join("report.json"), "{}").unwrap();
    let ran = archived.stored.drill.expect(3, &["verify", &path("result.json"), &path("report.json")]);
    assert!(ran.out.contains("the statement does not speak of"), "{}", ran.out);
    let (code, told) = archived.stored.drill.json(&["verify", &path("result.json")]);
    assert_eq!((code, &told["files"][0]["verification"]["findings"][0]["agreement"]), (0, &json!("agrees")), "{told}");
    assert_statement(&home.join("result.json"));
    let none = archived.stored.drill.expect(2, &["verify", &path("report.json")]);
    assert!(none.err.contains("neither an archive"), "{}", none.err);
}

/// The fields that in-toto asks of a test result.
fn assert_statement(file: &Path) {
    let envelope: Value = serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap();
    assert_eq!(envelope["payloadType"], "application/vnd.in-toto+json");
    let payload = BASE64_STANDARD.decode(envelope["payload"].as_str().unwrap()).unwrap();
    let statement: Value = serde_json::from_slice(&payload).unwrap();
    assert_eq!(statement["_type"], "https://in-toto.io/Statement/v1");
    assert_eq!(statement["predicateType"], "https://in-toto.io/attestation/test-result/v0.1");
    let predicate = &statement["predicate"];
    assert!(["PASSED", "WARNED", "FAILED"].contains(&predicate["result"].as_str().unwrap()));
    assert_eq!(predicate["configuration"][0]["digest"]["sha256"].as_str().unwrap().len(), 64);
    let named = |list: &str| predicate[list].as_array().unwrap().len();
    assert!(named("passedTests") + named("warnedTests") + named("failedTests") > 2);
    for subject in statement["subject"].as_array().unwrap() {
        assert_eq!(subject["digest"]["sha256"].as_str().unwrap().len(), 64);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_comes_after_the_close_is_in_no_archive_before() {
    let stored = Stored::with(|text| text.replace("show: full", "show: after-close"), &[objects()]).await;
    let ran = stored.drill.expect(2, &["export", "archive"]);
    assert!(ran.err.contains("only after the attempt is closed") && ran.err.contains("kubedrill stop"), "{}", ran.err);
    stored.close().await;
    stored.drill.expect(0, &["export", "archive"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_attempt_is_written_in_every_format() {
    let stored = Stored::with(|text| text, &[vec![], objects()]).await;
    let id = stored.attempt.to_string();
    for format in ["html", "markdown", "json", "junit", "ctrf", "gradescope", "statement", "archive"] {
        let ran = stored.drill.expect(0, &["export", format, "--attempt", &id]);
        assert!(ran.out.len() > 300, "{format}: {}", ran.out);
    }
    let ran = stored.drill.expect(5, &["export", "ctrf", "--attempt", "nobody"]);
    assert!(ran.err.contains("there is no such attempt"), "{}", ran.err);
}
