//! A pack may come from anybody: nothing outside its folder is read, nothing large is swallowed, nothing is written.

use std::{
    fs::{self, File},
    os::unix::fs::symlink,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use kubedrill::{
    diagnostic::Diagnostic,
    scenario::{self, Kind, Scenario},
};
use tempfile::TempDir;

struct Pack {
    temp: TempDir,
    dir: PathBuf,
}

impl Pack {
    fn new() -> Self {
        let temp = TempDir::new().unwrap();
        let dir = temp.path().join("pack");
        for (path, text) in scenario::new_files(Kind::Challenge, "pack") {
            let path = dir.join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        Self { temp, dir }
    }

    fn file(self, path: &str, content: impl AsRef<[u8]>) -> Self {
        let path = self.dir.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
        self
    }

    fn load(&self) -> Scenario {
        let loaded = scenario::load(&self.dir);
        assert_eq!(loaded.diagnostics, []);
        loaded.scenario.unwrap()
    }

    /// The codes and files of what is wrong, within a time that a person would wait; the folder is as it was.
    fn refused(&self) -> Vec<(String, String)> {
        let (before, started) = (names(self.temp.path()), Instant::now());
        let loaded = scenario::load(&self.dir);
        assert!(started.elapsed() < Duration::from_secs(10));
        assert_eq!(names(self.temp.path()), before);
        assert!(loaded.scenario.is_none());
        self.brief(&loaded.diagnostics)
    }

    fn brief(&self, found: &[Diagnostic]) -> Vec<(String, String)> {
        let below = |d: &Diagnostic| d.file.strip_prefix(&self.dir).unwrap_or(&d.file).display().to_string();
        found.iter().filter(|d| d.is_error()).map(|d| (d.code.to_owned(), below(d))).collect()
    }
}

fn names(dir: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir).unwrap().map(|e| e.unwrap()) {
        found.push(entry.path());
        if entry.file_type().unwrap().is_dir() {
            found.extend(names(&entry.path()));
        }
    }
    found.sort();
    found
}

fn one(code: &str, file: &str) -> Vec<(String, String)> {
    vec![(code.to_owned(), file.to_owned())]
}

#[test]
fn links_are_refused_whether_file_or_folder() {
    let pack = Pack::new();
    let secret = pack.temp.path().join("secret.yaml");
    fs::write(&secret, "apiVersion: v1\nkind: Secret\nmetadata: {name: stolen}\n").unwrap();
    symlink(&secret, pack.dir.join("stage/20-secret.yaml")).unwrap();
    assert_eq!(pack.refused(), one("KD0103", "stage/20-secret.yaml"));

    let pack = Pack::new();
    symlink("/etc", pack.dir.join("stage/etc")).unwrap();
    assert_eq!(pack.refused(), one("KD0103", "stage/etc"));

    let pack = Pack::new();
    fs::rename(pack.dir.join("scenario.yaml"), pack.temp.path().join("scenario.yaml")).unwrap();
    symlink(pack.temp.path().join("scenario.yaml"), pack.dir.join("scenario.yaml")).unwrap();
    assert_eq!(pack.refused(), one("KD0103", "scenario.yaml"));
}

#[test]
fn a_link_to_itself_does_not_hang() {
    let pack = Pack::new();
    symlink(".", pack.dir.join("stage/again")).unwrap();
    assert_eq!(pack.refused(), one("KD0103", "stage/again"));
}

#[test]
fn paths_that_leave_the_folder_are_refused() {
    for path in ["../outside", "stage/../../outside", "/etc/hosts", "~/x.yaml"] {
        let text = format!("title: {{ko: 가, en: a}}\nactions:\n  - apply: {{path: \"{path}\"}}\n");
        let pack = Pack::new().file("solutions/out/solution.yaml", text);
        fs::create_dir(pack.temp.path().join("outside")).unwrap();
        fs::write(pack.temp.path().join("outside/x.yaml"), "apiVersion: v1\nkind: Secret\nmetadata: {name: x}\n").unwrap();
        let (code, file) = pack.refused().remove(0);
        assert!(matches!(code.as_str(), "KD0402" | "KD0401") && file == "solutions/out/solution.yaml", "{path}: {code} {file}");
    }
}

#[test]
fn files_and_packs_have_bounds() {
    let pack = Pack::new();
    File::create(pack.dir.join("stage/huge.yaml")).unwrap().set_len(100 << 20).unwrap();
    assert_eq!(pack.refused(), one("KD0105", "stage/huge.yaml"));

    let pack = (0..10).fold(Pack::new(), |pack, i| pack.file(&format!("notes/{i}.md"), vec![b'x'; 1 << 20]));
    assert_eq!(pack.refused(), one("KD0106", ""));

    let pack = (0..600).fold(Pack::new(), |pack, i| pack.file(&format!("notes/{i}.md"), ""));
    assert_eq!(pack.refused(), one("KD0106", "notes"));

    let pack = Pack::new().file(&format!("{}deep.md", "a/".repeat(40)), "");
    assert_eq!(pack.refused(), one("KD0106", "a/a/a/a/a/a/a/a/a"));
}

#[test]
fn pipes_and_sockets_are_refused_without_waiting() {
    let pack = Pack::new();
    let pipe = pack.dir.join("stage/pipe.yaml");
    rustix::fs::mknodat(rustix::fs::CWD, &pipe, rustix::fs::FileType::Fifo, rustix::fs::Mode::RUSR, 0).unwrap();
    assert_eq!(pack.refused(), one("KD0104", "stage/pipe.yaml"));

    let pack = Pack::new();
    let _socket = std::os::unix::net::UnixListener::bind(pack.dir.join("stage/s")).unwrap();
    assert_eq!(pack.refused(), one("KD0104", "stage/s"));
}

#[test]
fn yaml_bombs_and_depths_are_refused() {
    let rows: String = (1..30).map(|i| format!("a{i}: &a{i} [{}]\n", vec![format!("*a{}", i - 1); 10].join(","))).collect();
    let pack = Pack::new().file("stage/bomb.yaml", format!("a0: &a0 [x,x]\n{rows}"));
    assert_eq!(pack.refused(), one("KD0109", "stage/bomb.yaml"));

    for deep in ["[".repeat(50_000), "- ".repeat(50_000), "{a: ".repeat(50_000)] {
        let (code, file) = Pack::new().file("stage/deep.yaml", deep).refused().remove(0);
        assert!(matches!(code.as_str(), "KD0108" | "KD0109") && file == "stage/deep.yaml", "{code} {file}");
    }
}

#[test]
fn text_that_is_not_utf8_is_refused_with_its_place() {
    let pack = Pack::new().file("stage/latin.yaml", b"a: b\nname: caf\xe9\n");
    let loaded = scenario::load(&pack.dir);
    let d = loaded.diagnostics.iter().find(|d| d.code == "KD0107").unwrap();
    assert_eq!((d.span.unwrap().line, d.span.unwrap().column), (2, 10));
}

#[test]
fn what_was_swapped_after_loading_is_refused_when_it_is_applied() {
    let pack = Pack::new();
    let loaded = pack.load();
    assert_eq!(scenario::read_manifests(&loaded, &loaded.dir, "stage").unwrap().len(), 2);
    fs::remove_file(pack.dir.join("stage/10-web.yaml")).unwrap();
    symlink("/etc/hosts", pack.dir.join("stage/10-web.yaml")).unwrap();
    let found = scenario::read_manifests(&loaded, &loaded.dir, "stage").unwrap_err();
    assert!(pack.brief(&found).contains(&("KD0103".into(), "stage/10-web.yaml".into())), "{found:?}");
    for path in ["../pack/stage", "/etc"] {
        assert_eq!(scenario::read_manifests(&loaded, &loaded.dir, path).unwrap_err().last().unwrap().code, "KD0402");
    }
}

#[test]
fn manifests_read_as_kubectl_reads_them_in_the_order_of_their_names() {
    let pack = Pack::new()
        .file("stage/05-first.yaml", "---\napiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: ConfigMap, metadata: {name: first}}\n---\n")
        .file(
            "stage/20-last.yaml",
            "apiVersion: v1\nkind: Pod\nmetadata: {name: last}\nspec: {hostNetwork: no, volumes: [{name: a, secret: {defaultMode: 0644}}]}\n",
        );
    let loaded = pack.load();
    let objects = scenario::read_manifests(&loaded, &loaded.dir, "stage").unwrap();
    let names: Vec<&str> = objects.iter().filter_map(|o| o["metadata"]["name"].as_str()).collect();
    assert_eq!(names, ["first", "web", "web", "last"]);
    assert_eq!(objects[3]["spec"]["hostNetwork"], false);
    assert_eq!(objects[3]["spec"]["volumes"][0]["secret"]["defaultMode"], 420);
}

#[test]
fn a_solution_may_use_manifests_of_the_stage() {
    let pack = Pack::new()
        .file("solutions/from-stage/solution.yaml", "title: {ko: 가, en: a}\nactions:\n  - apply: {path: ../../stage/10-web.yaml}\n");
    let loaded = pack.load();
    let solution = loaded.solutions.iter().find(|s| s.name == "from-stage").unwrap();
    assert_eq!(scenario::read_manifests(&loaded, &solution.dir, "../../stage/10-web.yaml").unwrap().len(), 2);
}

#[test]
fn the_digest_covers_names_and_contents_but_not_the_place() {
    let (one, same) = (Pack::new(), Pack::new());
    let digest = |pack: &Pack| pack.load().digest;
    assert_eq!(digest(&one), digest(&same));
    assert_eq!(digest(&one).len(), 64);
    let other = Pack::new().file("story.en.md", "Another story.\n");
    let more = Pack::new().file("notes.md", "");
    assert!(digest(&one) != digest(&other) && digest(&one) != digest(&more));
    let hidden = Pack::new().file(".git/config", "x").file("stage/.10-web.yaml.swp", [0xff]);
    assert_eq!(digest(&one), digest(&hidden));
}
