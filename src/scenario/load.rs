use std::path::{Path, PathBuf};

use super::{
    Cheat, CheatFile, NamespaceMap, Scenario, ScenarioFile, Solution, SolutionFile,
    document::{self, Document},
    meaning,
    pack::Pack,
    schema,
};
use crate::{
    diagnostic::{Code, Diagnostic, Severity, codes},
    text::Text,
};

/// What came of loading a folder.
#[derive(Debug, Clone, Default)]
pub struct Loaded {
    /// The scenario; `None` when anything is an error.
    pub scenario: Option<Scenario>,
    /// Everything that is wrong, by file and line.
    pub diagnostics: Vec<Diagnostic>,
}

/// Loads the scenario in a folder. Every mistake is found at once; nothing outside the folder is read.
#[must_use]
pub fn load(dir: &Path) -> Loaded {
    let parts = Parts::read(dir);
    let Parts { pack, mut found, scenario, solutions, cheats, story, debrief } = parts;
    sort(&mut found);
    let failed = found.iter().any(Diagnostic::is_error);
    let scenario = scenario.data.filter(|_| !failed).map(|file| Scenario {
        dir: dir.to_path_buf(),
        digest: pack.digest(),
        file,
        story,
        debrief,
        solutions: solutions
            .into_iter()
            .filter_map(|v| v.document.data.map(|file| Solution { dir: pack.path(&v.folder), name: v.name, file }))
            .collect(),
        cheats: cheats
            .into_iter()
            .filter_map(|v| v.document.data.map(|file| Cheat { dir: pack.path(&v.folder), name: v.name, file }))
            .collect(),
        names: NamespaceMap::default(),
    });
    Loaded { scenario, diagnostics: found }
}

/// One folder below `solutions/` or `cheats/`.
pub(super) struct Variant<T> {
    pub name: String,
    pub folder: PathBuf,
    pub document: Document<T>,
}

/// Everything that a scenario's folder holds, whether or not it is right.
pub(super) struct Parts {
    pub pack: Pack,
    pub found: Vec<Diagnostic>,
    pub scenario: Document<ScenarioFile>,
    pub solutions: Vec<Variant<SolutionFile>>,
    pub cheats: Vec<Variant<CheatFile>>,
    pub story: Text,
    pub debrief: Text,
}

impl Parts {
    /// Reads a folder and judges what it says.
    pub fn read(dir: &Path) -> Self {
        let (pack, mut found) = Pack::read(dir);
        let file = dir.join("scenario.yaml");
        if found.iter().any(|d| d.code == codes::PACK_TOO_LARGE.id) {
            // Half a folder would be judged for what was not read.
            let scenario = Document { file, node: None, data: None };
            return Self {
                pack,
                found,
                scenario,
                solutions: Vec::new(),
                cheats: Vec::new(),
                story: Text::default(),
                debrief: Text::default(),
            };
        }
        let scenario = match pack.files.get(Path::new("scenario.yaml")) {
            Some(text) => document::read(text, &file, schema::scenario_schema(), &mut found),
            None => {
                // A file that is there but could not be read was reported already.
                if !found.iter().any(|d| d.file == file || d.file == dir) {
                    let message = Text::new("폴더에 `scenario.yaml`이 없습니다", "the folder has no `scenario.yaml`");
                    let help = Text::new("`kubedrill new`로 양식을 만들 수 있습니다", "`kubedrill new` makes a template");
                    found.push(Diagnostic::error(codes::SCENARIO_MISSING, dir, None, message).help(help));
                }
                Document { file, node: None, data: None }
            }
        };
        let solutions = variants(&pack, "solutions", "solution.yaml", schema::solution_schema(), &mut found);
        let cheats = variants(&pack, "cheats", "cheat.yaml", schema::cheat_schema(), &mut found);
        let story = prose(&pack, "story", Severity::Error, &mut found);
        let debrief = prose(&pack, "debrief", Severity::Warning, &mut found);
        let mut parts = Self { pack, found, scenario, solutions, cheats, story, debrief };
        meaning::judge(&mut parts);
        parts
    }
}

fn variants<T: serde::de::DeserializeOwned>(
    pack: &Pack,
    parent: &str,
    name: &str,
    schema: &serde_json::Value,
    found: &mut Vec<Diagnostic>,
) -> Vec<Variant<T>> {
    let mut variants = Vec::new();
    for folder in pack.folders_in(parent) {
        let below = Path::new(parent).join(folder);
        let path = pack.path(&below.join(name));
        let Some(text) = pack.files.get(&below.join(name)) else {
            if !found.iter().any(|d| d.file == path) {
                let message = Text::new(format!("폴더 `{folder}`에 `{name}`이 없습니다"), format!("the folder `{folder}` has no `{name}`"));
                found.push(Diagnostic::error(codes::VARIANT_FILE, pack.path(&below), None, message));
            }
            continue;
        };
        let document = document::read(text, &path, schema, found);
        variants.push(Variant { name: folder.to_owned(), folder: below, document });
    }
    variants
}

/// A Markdown text in both languages. The debrief of a scenario may be missing altogether, with a warning.
pub(super) fn prose(pack: &Pack, stem: &str, when_absent: Severity, found: &mut Vec<Diagnostic>) -> Text {
    let read = |lang: &str| pack.files.get(Path::new(&format!("{stem}.{lang}.md"))).map(|t| t.trim().to_owned()).unwrap_or_default();
    let text = Text { ko: read("ko"), en: read("en") };
    let absent = text.ko.is_empty() && text.en.is_empty();
    for (lang, words) in [("ko", &text.ko), ("en", &text.en)] {
        let name = format!("{stem}.{lang}.md");
        let path = pack.path(Path::new(&name));
        if !words.is_empty() || found.iter().any(|d| d.file == path) {
            continue;
        }
        let message = Text::new(format!("`{name}`이 없거나 비어 있습니다"), format!("`{name}` is missing or empty"));
        let severity = if absent { when_absent } else { Severity::Error };
        found.push(Diagnostic { severity, ..missing(codes::PROSE_MISSING, pack, &name, message) });
    }
    text
}

fn missing(code: Code, pack: &Pack, name: &str, message: Text) -> Diagnostic {
    let path = pack.path(Path::new(name));
    let file = if pack.files.contains_key(Path::new(name)) { path } else { pack.dir.clone() };
    Diagnostic::error(code, file, None, message)
}

/// By file and place; mistakes of the same place in the order in which they were found.
pub(crate) fn sort(found: &mut [Diagnostic]) {
    found.sort_by(|a, b| (&a.file, a.span).cmp(&(&b.file, b.span)));
}
