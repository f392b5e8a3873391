use serde::Serialize;

use super::words;
use crate::{
    audit::{Audit, ItemResult, Phase, Status},
    text::{Lang, Text},
};

/// An audit in one language, ready to be put into the template.
#[derive(Serialize)]
pub(super) struct View {
    lang: &'static str,
    title: String,
    place: String,
    percent: String,
    sum: String,
    sure: u32,
    maybe: u32,
    tone: &'static str,
    phases: Vec<Group>,
    read_only: String,
}

#[derive(Serialize)]
struct Group {
    title: String,
    items: Vec<Row>,
}

#[derive(Serialize)]
struct Row {
    id: String,
    title: String,
    class: &'static str,
    sign: &'static str,
    status: String,
    category: String,
    reason: Option<String>,
    facts: Vec<String>,
    offenders: Vec<Line>,
    person: Option<String>,
}

#[derive(Serialize)]
struct Line {
    class: &'static str,
    object: String,
    severity: String,
    fact: String,
    fix: String,
}

impl View {
    pub(super) fn new(audit: &Audit, lang: Lang) -> Self {
        let say = |text: Text| text.get(lang).to_owned();
        let (low, high) = audit.score.percent().unwrap_or_default();
        let has = |status| audit.items.iter().any(|item| item.status == status);
        let group = |phase: Phase| Group {
            title: say(phase.title()),
            items: audit.items.iter().filter(|item| item.phase == phase).map(|item| row(item, lang)).collect(),
        };
        let calls = audit.calls;
        Self {
            lang: lang.code(),
            title: say(Text::new("운영 점검", "Operations audit")),
            place: say(words::place(audit)),
            percent: words::percent(audit.score),
            sum: say(words::sum(audit.score)),
            sure: low,
            maybe: high - low,
            tone: if has(Status::Fail) {
                "fail"
            } else if has(Status::Warn) || has(Status::Unknown) {
                "warn"
            } else {
                "pass"
            },
            phases: Phase::ALL.map(group).into(),
            read_only: say(Text::new(
                format!("API 서버에 읽기 요청만 {calls}번 보냈습니다."),
                format!("It took {calls} calls to the API server, all of which only read."),
            )),
        }
    }
}

fn row(item: &ItemResult, lang: Lang) -> Row {
    let say = |text: &Text| text.get(lang).to_owned();
    let offenders = item.offenders.iter().map(|offender| Line {
        class: match offender.severity {
            crate::audit::Severity::Fail => "fail",
            crate::audit::Severity::Warn => "warn",
        },
        object: offender.object.clone(),
        severity: say(&words::severity(offender.severity)),
        fact: say(&offender.fact),
        fix: say(&offender.fix),
    });
    let unread = item.unread.iter().filter(|text| item.reason.as_ref() != Some(*text));
    Row {
        id: format!("{:?}", item.id),
        title: say(&item.title),
        class: words::class(item.status),
        sign: words::sign(item.status),
        status: say(&words::status(item.status)),
        category: say(&item.category.title()),
        reason: item.reason.as_ref().map(say),
        facts: item.facts.iter().chain(unread).map(say).collect(),
        offenders: offenders.collect(),
        person: item
            .for_a_person
            .as_ref()
            .map(|text| say(&Text::new(format!("사람이 확인: {}", text.ko), format!("For a person: {}", text.en)))),
    }
}
