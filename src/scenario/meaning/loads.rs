use std::collections::BTreeMap;

use super::{
    super::yaml::{Node, Value},
    Judge,
};
use crate::{
    diagnostic::{Span, codes},
    text::Text,
};

/// Loads: what takes them, and that actions and checks name loads and profiles that there are.
pub(super) fn judge(judge: &mut Judge<'_>) {
    let Some(spec) = judge.spec() else { return };
    let mut known: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for load in spec.list("loads") {
        target(judge, load);
        let profiles = load.get("profiles").map_or(&[][..], Node::entries);
        profiles.iter().for_each(|profile| course(judge, &profile.node));
        if let Some(name) = load.str("name") {
            known.insert(name, profiles.iter().map(|profile| profile.key.as_str()).collect());
        }
    }
    let mut used: Option<Span> = None;
    let files: Vec<_> = judge.files().map(|view| (view.file.clone(), view.typed.clone())).collect();
    for (file, typed) in files {
        for one in &typed {
            let (load, profiles): (_, Vec<&Node>) = match one.name {
                "SetLoad" => (one.node.get("of"), one.node.get("profile").into_iter().collect()),
                "Autoscale" => (one.node.get("load"), one.node.list("phases").iter().filter_map(|phase| phase.get("profile")).collect()),
                _ => continue,
            };
            used.get_or_insert(one.node.span);
            one.node.list("phases").iter().for_each(|phase| steady(judge, phase));
            let Some(load) = load else { continue };
            let Some(of) = known.get(load.text().unwrap_or_default()) else {
                judge.unknown(&file, &Text::new("부하", "load"), load, &known.keys().copied().collect::<Vec<_>>());
                continue;
            };
            for profile in profiles.into_iter().filter(|profile| profile.text().is_some_and(|name| !of.contains(&name))) {
                judge.unknown(&file, &Text::new("부하 프로파일", "profile"), profile, of);
            }
            if one.name == "SetLoad" && one.node.get("profile").is_some() == one.node.get("demand").is_some() {
                let message = Text::new("`profile`과 `demand` 중 하나만 쓰세요", "give either `profile` or `demand`");
                judge.error_in(&file, codes::NOTHING_STATED, one.node.span, message, None);
            }
        }
    }
    let declared = spec.list("requires").iter().any(|node| node.text() == Some("load"));
    if let Some(span) = used.filter(|_| !declared) {
        let message = Text::new("부하를 쓰려면 `requires`에 `load`가 있어야 합니다", "driving a load needs `load` in `requires`");
        judge.error(codes::CAPABILITY_MISSING, span, message, None);
    }
    alone(judge);
}

/// A Service by its name, or pods by labels.
fn target(judge: &mut Judge<'_>, load: &Node) {
    let Some(on) = load.get("on") else { return };
    let (named, labelled) = (on.get("name").is_some(), on.get("labels").is_some());
    if matches!((on.str("kind"), named, labelled), (Some("Service"), true, false) | (Some("Pod"), false, true)) {
        return;
    }
    let message = Text::new(
        "부하는 이름을 준 Service나 레이블을 준 Pod가 받습니다",
        "a load is taken by a Service given by its name, or by Pods given by labels",
    );
    judge.error(codes::BAD_VALUE, on.span, message, None);
}

/// Each point comes after the one before.
fn course(judge: &mut Judge<'_>, points: &Node) {
    let after = |point: &Node| super::super::Duration::parse(point.str("after").unwrap_or("0s")).ok();
    let late = points.items().windows(2).find(|pair| after(&pair[0]).zip(after(&pair[1])).is_some_and(|(first, then)| then <= first));
    if let Some(pair) = late {
        let message = Text::new("`after`가 앞의 점보다 늦어야 합니다", "`after` must be later than that of the point before");
        judge.error(codes::BAD_VALUE, pair[1].span, message, None);
    }
    if points.value == Value::List(Vec::new()) {
        let message = Text::new("프로파일에 점이 하나는 있어야 합니다", "a profile needs at least one point");
        judge.error(codes::NOTHING_STATED, points.span, message, None);
    }
}

/// Pods can only stay the same for some time.
fn steady(judge: &mut Judge<'_>, phase: &Node) {
    let held = phase.str("for").and_then(|text| super::super::Duration::parse(text).ok()).is_some_and(|time| !time.0.is_zero());
    if let Some(steady) = phase.get("steady").filter(|_| !held) {
        let message = Text::new("`steady`에는 얼마 동안인지 `for`가 있어야 합니다", "`steady` needs `for`, which says for how long");
        judge.error(codes::NOTHING_STATED, steady.span, message, None);
    }
}

/// What changes the load cannot be judged beside other statements: it is a check's whole statement.
fn alone(judge: &mut Judge<'_>) {
    let tops: Vec<Span> = judge.checks.iter().filter_map(|check| check.node.at(&["assert", "autoscale"])).map(|node| node.span).collect();
    let typed = judge.scenario.iter().flat_map(|view| &view.typed);
    let inner: Vec<Span> = typed.filter(|one| one.name == "Autoscale" && !tops.contains(&one.node.span)).map(|one| one.node.span).collect();
    for span in inner {
        let message = Text::new("`autoscale`은 다른 판정과 합칠 수 없습니다", "`autoscale` cannot be part of another statement");
        judge.error(codes::BAD_VALUE, span, message, None);
    }
}
