use std::{
    collections::BTreeMap,
    fs::{self, File},
    io::Write as _,
    os::unix::fs::symlink,
    path::Path,
};

use flate2::{Compression, write::GzEncoder};
use serde_json::json;
use tar::{EntryType, Header};
use tempfile::TempDir;
use zip::{ZipWriter, write::SimpleFileOptions};

use super::{Blame, Bounds, Rejection, Step, Submission, Work, read};

const MANIFEST: &str = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n";

/// A folder of submissions with one learner, `kim`, and a scenario, `c20`.
struct Given(TempDir);

impl Given {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn file(&self, path: &str, content: impl AsRef<[u8]>) -> &Self {
        let path = self.0.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
        self
    }

    fn zip(&self, path: &str, files: &[(&str, &[u8])]) -> &Self {
        let mut archive = ZipWriter::new(File::create(self.0.path().join(path)).unwrap());
        for (name, content) in files {
            archive.start_file(*name, SimpleFileOptions::default()).unwrap();
            archive.write_all(content).unwrap();
        }
        archive.finish().unwrap();
        self
    }

    fn tar(&self, path: &str, entries: &[(&str, EntryType, &[u8])]) -> &Self {
        let mut archive = tar::Builder::new(GzEncoder::new(File::create(self.0.path().join(path)).unwrap(), Compression::fast()));
        for (name, kind, content) in entries {
            let mut header = Header::new_gnu();
            header.set_entry_type(*kind);
            header.set_size(content.len() as u64);
            // The library itself refuses to write a path that escapes.
            header.as_old_mut().name[..name.len()].copy_from_slice(name.as_bytes());
            header.set_cksum();
            archive.append(&header, *content).unwrap();
        }
        archive.into_inner().unwrap().finish().unwrap();
        self
    }

    fn read(&self, alone: bool) -> Result<Option<Submission>, Rejection> {
        read(self.0.path(), "kim", "c20", alone, &Bounds::default())
    }

    fn work(&self) -> Result<Work, Rejection> {
        self.read(false)?.expect("something was handed in").work
    }

    /// What is said when it is not used.
    fn rejected(&self) -> (Blame, String) {
        let rejection = self.work().unwrap_err();
        assert!(!rejection.why.ko.is_empty());
        (rejection.blame, rejection.why.en)
    }
}

#[test]
fn a_folder_and_its_archives_are_the_same_submission() {
    let (folder, zip, tar, shared) = (Given::new(), Given::new(), Given::new(), Given::new());
    folder.file("kim/c20/a.yaml", MANIFEST).file("kim/c20/files/plan.txt", "x").file("kim/c20/.DS_Store", "y");
    zip.zip("kim-c20.zip", &[("work/a.yaml", MANIFEST.as_bytes()), ("work/files/plan.txt", b"x"), ("__MACOSX/z", b"z")]);
    fs::create_dir(tar.0.path().join("kim")).unwrap();
    tar.tar("kim/c20.tgz", &[("a.yaml", EntryType::Regular, MANIFEST.as_bytes()), ("./files/plan.txt", EntryType::Regular, b"x")]);
    shared.zip("kim.zip", &[("c20/a.yaml", MANIFEST.as_bytes()), ("c20/files/plan.txt", b"x"), ("c29/b.yaml", b"")]);
    let read = |given: &Given| given.read(false).unwrap().unwrap();
    let first = read(&folder);
    assert_eq!(first.work.as_ref().unwrap().files, BTreeMap::from([("plan.txt".to_owned(), b"x".to_vec())]));
    for other in [&zip, &tar, &shared] {
        assert_eq!((read(other).digest, &read(other).work), (first.digest.clone(), &first.work));
    }
}

#[test]
fn a_learners_own_folder_is_enough_for_one_scenario() {
    let given = Given::new();
    given.file("kim/a.yaml", MANIFEST);
    assert!(given.read(true).unwrap().is_some());
    assert_eq!(given.read(false).unwrap(), None, "it may be for another scenario");
    assert_eq!(Given::new().read(true).unwrap(), None);
    let other = Given::new();
    other.file("kim/c29/a.yaml", MANIFEST).zip("lee.zip", &[("c29/a.yaml", MANIFEST.as_bytes())]);
    assert_eq!(other.read(true).unwrap(), None, "it is for another scenario");
    assert_eq!(read(other.0.path(), "lee", "c20", true, &Bounds::default()).unwrap(), None);
    given.file("kim/c20/b.yaml", MANIFEST).zip("kim-c20.zip", &[("b.yaml", MANIFEST.as_bytes())]);
    assert_eq!(given.read(false).unwrap_err().why.en, "there are two submissions, `kim/c20` and `kim-c20.zip`; keep one");
}

#[test]
fn a_solution_says_the_order_and_applies_only_what_it_names() {
    let given = Given::new();
    let solution = "title: {ko: 가, en: a}\nactions:\n  - delete: {on: {kind: Service, name: db}}\n  - apply: {path: m}\nanswers: {node: worker-1, count: 3}\n";
    given
        .file("kim/c20/solution.yaml", solution)
        .file("kim/c20/m/2.yaml", MANIFEST)
        .file("kim/c20/m/1.json", "{\"apiVersion\": \"v1\", \"kind\": \"Secret\", \"metadata\": {\"name\": \"s\"}}");
    given.file("kim/c20/draft.yaml", MANIFEST);
    let work = given.work().unwrap();
    let steps: Vec<&str> = work
        .steps
        .iter()
        .map(|step| match step {
            Step::Apply { file, .. } => file.as_str(),
            Step::Act(_) => "act",
        })
        .collect();
    assert_eq!(steps, ["act", "m/1.json", "m/2.yaml"]);
    assert_eq!(work.answers, BTreeMap::from([("count".to_owned(), "3".to_owned()), ("node".to_owned(), "worker-1".to_owned())]));
}

#[test]
fn what_a_learner_cannot_do_is_refused() {
    for (action, word) in [("component: {name: kube-scheduler, state: stopped}", "component"), ("load: {of: a, profile: b}", "load")] {
        let given = Given::new();
        given.file("kim/c20/solution.yaml", format!("actions:\n  - {action}\n"));
        assert_eq!(given.rejected(), (Blame::Refused, format!("`{word}` is nothing that a learner can do")));
    }
    let given = Given::new();
    given.file("kim/c20/solution.yaml", "actions:\n  - apply: {path: ../../lee/c20/a.yaml}\n").file("lee/c20/a.yaml", MANIFEST);
    assert_eq!(given.rejected(), (Blame::Refused, "`../../lee/c20/a.yaml` leaves the submission".into()));
}

#[test]
fn one_broken_file_does_not_spoil_the_others() {
    let given = Given::new();
    given.file("kim/c20/1.yaml", "a: [\n").file("kim/c20/2.yaml", MANIFEST);
    let work = given.work().unwrap();
    assert_eq!((work.steps.len(), work.notes.len()), (1, 1));
    assert!(work.notes[0].en.starts_with("`1.yaml`, line "), "{:?}", work.notes);
    given.file("kim/c20/2.yaml", "kind: ConfigMap\n");
    let (blame, why) = given.rejected();
    assert!(blame == Blame::Unusable && why.contains("`1.yaml`") && why.contains("`2.yaml`, line 1"), "{why}");
}

#[test]
fn an_exported_environment_is_cleaned_and_remembers_what_it_shows() {
    let given = Given::new();
    let pod = json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p", "namespace": "shop", "ownerReferences": [{"controller": true}]}});
    let service = json!({"apiVersion": "v1", "kind": "Service", "metadata": {"name": "s", "namespace": "shop", "uid": "1"}, "spec": {"clusterIP": "10.0.0.9"}});
    given.file("kim/c20/environment.json", json!({"apiVersion": "v1", "kind": "List", "items": [pod, service]}).to_string());
    let environment = given.work().unwrap().environment.unwrap();
    assert_eq!(
        environment.objects,
        [json!({"apiVersion": "v1", "kind": "Service", "metadata": {"name": "s", "namespace": "shop"}, "spec": {}})]
    );
    assert_eq!(environment.shown.len(), 2);
}

#[test]
fn hostile_submissions_are_refused_and_touch_nothing() {
    let bomb = vec![b'#'; 2 << 20];
    let many: Vec<(String, Vec<u8>)> = (0..201).map(|n| (format!("{n}.yaml"), Vec::new())).collect();
    let many: Vec<(&str, &[u8])> = many.iter().map(|(name, content)| (name.as_str(), content.as_slice())).collect();
    let half = vec![b'#'; 1 << 20];
    let nine: Vec<(String, &[u8])> = (0..9).map(|n| (format!("{n}.yaml"), half.as_slice())).collect();
    let nine: Vec<(&str, &[u8])> = nine.iter().map(|(name, content)| (name.as_str(), *content)).collect();
    let deep = "a/".repeat(9) + "b.yaml";
    type Files<'a> = &'a [(&'a str, &'a [u8])];
    let zips: [(Files, &str); 8] = [
        (&[("a.yaml", &bomb)], "`a.yaml` is larger than 1 MiB"),
        (&nine, "it unpacks to more than 8 MiB"),
        (&many, "it holds more than 200 files"),
        (&[("../a.yaml", b"")], "`../a.yaml` leaves the submission"),
        (&[("/etc/a.yaml", b"")], "`/etc/a.yaml` leaves the submission"),
        (&[("a\\..\\b.yaml", b"")], "leaves the submission"),
        (&[(deep.as_str(), b"")], "its folders are more than 8 levels deep"),
        (&[("a\n.yaml", b"")], "a file's name holds control characters"),
    ];
    for (files, why) in zips {
        let given = Given::new();
        let (blame, said) = given.zip("kim-c20.zip", files).rejected_at_once();
        assert!(blame == Blame::Refused && said.contains(why), "{why}: {said}");
    }
    for kind in [EntryType::Symlink, EntryType::Link, EntryType::Char, EntryType::Block, EntryType::Fifo] {
        let given = Given::new();
        let (blame, said) = given.tar("kim-c20.tar.gz", &[("a.yaml", kind, b"")]).rejected_at_once();
        assert!(blame == Blame::Refused && said.contains("is no regular file"), "{kind:?}: {said}");
    }
    let given = Given::new();
    let (_, said) = given.tar("kim-c20.tar.gz", &[("../a.yaml", EntryType::Regular, b"")]).rejected_at_once();
    assert!(said.contains("leaves the submission"), "{said}");
}

#[test]
fn links_and_devices_of_a_folder_are_refused() {
    let given = Given::new();
    given.file("kim/c20/a.yaml", MANIFEST).file("secret.yaml", MANIFEST);
    symlink(given.0.path().join("secret.yaml"), given.0.path().join("kim/c20/b.yaml")).unwrap();
    assert_eq!(given.rejected_at_once().0, Blame::Refused);
    let folder = Given::new();
    fs::create_dir(folder.0.path().join("kim")).unwrap();
    symlink(Path::new("/etc"), folder.0.path().join("kim/c20")).unwrap();
    assert_eq!(folder.rejected_at_once().0, Blame::Refused);
}

#[test]
fn what_is_no_archive_and_what_expands_without_end_cannot_be_used() {
    let given = Given::new();
    given.file("kim-c20.zip", "PK no archive");
    assert_eq!(given.rejected_at_once().0, Blame::Unusable);
    let given = Given::new();
    given.file("kim-c20.tgz", "no archive");
    assert_eq!(given.rejected_at_once().0, Blame::Unusable);
    let levels = (1..10).map(|n| format!("a{n}: &a{n} [{}]\n", vec![format!("*a{}", n - 1); 10].join(", ")));
    let given = Given::new();
    given.file("kim/c20/a.yaml", "a0: &a0 [x]\n".to_owned() + &levels.collect::<String>());
    let (blame, why) = given.rejected();
    assert!(blame == Blame::Unusable && why.contains("too large or too deep"), "{why}");
}

impl Given {
    /// What is said when not even its files are taken.
    fn rejected_at_once(&self) -> (Blame, String) {
        let rejection = self.read(false).unwrap_err();
        (rejection.blame, rejection.why.en)
    }
}
