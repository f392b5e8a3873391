use super::Appeal;
use crate::{
    report::words as named,
    text::{Lang, Text},
};

/// What a grader reads first, in both languages.
pub(super) fn readme(appeal: &Appeal) -> String {
    let [ko, en] = [(Lang::Ko, KOREAN), (Lang::En, ENGLISH)].map(|(lang, words)| section(appeal, lang, &words));
    format!("{ko}\n---\n\n{en}")
}

/// The headings and explanations of one language.
struct Words {
    title: &'static str,
    reason: &'static str,
    verdict: &'static str,
    attempt: &'static str,
    files: &'static str,
    contents: [&'static str; 4],
}

const KOREAN: Words = Words {
    title: "이의 제기",
    reason: "학습자의 이유",
    verdict: "판정",
    attempt: "시도",
    files: "파일",
    contents: [
        "이 이의 제기의 모든 내용: 판정, 본 항목, 증거, 버전. 형식은 `kubedrill schema appeal`",
        "검사를 실행할 때마다의 모든 판정과 증거. 비밀 값은 해시로 바뀌어 있습니다",
        "시도의 기록. 항목마다 앞 항목의 해시가 이어집니다",
        "시도의 리포트",
    ],
};

const ENGLISH: Words = Words {
    title: "Appeal",
    reason: "The learner's reason",
    verdict: "The verdict",
    attempt: "The attempt",
    files: "Files",
    contents: [
        "all of this appeal: the verdict, what was seen, the evidence, versions; `kubedrill schema appeal` has its format",
        "every verdict of every run with its evidence; secret values are hashes",
        "the attempt's log, whose entries are chained by their hashes",
        "the report of the attempt",
    ],
};

fn section(appeal: &Appeal, lang: Lang, words: &Words) -> String {
    let explanation = &appeal.explanation;
    let (check, run) = (&explanation.check, &explanation.run);
    let say = |text: &Text| text.get(lang).to_owned();
    let quoted: String = appeal.reason.lines().map(|line| format!("> {line}\n")).collect();
    let items: String = explanation
        .items
        .iter()
        .map(|item| {
            let object = if item.object.is_empty() { String::new() } else { format!("`{}`: ", item.object) };
            format!("- [{}] {object}{}\n", if item.holds { 'x' } else { ' ' }, line(item.text.get(lang)))
        })
        .collect();
    let [all, runs, log, page] = words.contents;
    format!(
        "# {}: {}\n\n## {}\n\n{quoted}\n## {}\n\n`{}` · {} · {} · **{}** (`{}`)\n\n{} {}\n\n{items}\n## {}\n\n\
         - `{}` · `{}`\n- kubedrill {} · Kubernetes {} · {}\n- sha256 `{}`\n\n## {}\n\n\
         - `appeal.json`: {all}\n- `runs.json`: {runs}\n- `log.json`: {log}\n- `report.html`: {page}\n",
        words.title,
        say(&check.title),
        words.reason,
        words.verdict,
        check.id,
        say(&Text::new(format!("{}번째 실행(모두 {}번)", run.number, run.of), format!("run {} of {}", run.number, run.of))),
        run.seen,
        say(&named::verdict(explanation.verdict)),
        explanation.reason,
        say(&explanation.rule),
        say(&explanation.judgement),
        words.attempt,
        appeal.attempt.scenario,
        appeal.attempt.id,
        appeal.versions.kubedrill,
        appeal.versions.kubernetes,
        appeal.attempt.provider,
        appeal.versions.scenario,
        words.files,
    )
}

/// A text on one line: it is an item of a list.
fn line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
