//! Q3: whether somebody would be told.

use std::collections::BTreeSet;

use serde_json::Value;

use super::monitoring::{PROMETHEUS, is_available};
use crate::{
    audit::{
        Facts,
        found::{Found, Unread},
    },
    check::{object, picks},
    text::Text,
};

pub(in crate::audit) fn judge(facts: &Facts) -> Result<Found, Unread> {
    let namespaces = facts.populated()?;
    if namespaces.is_empty() {
        return Ok(super::containers::no_workloads());
    }
    let (servers, managers) = (facts.anywhere(PROMETHEUS)?, facts.anywhere("Alertmanager.monitoring.coreos.com")?);
    let mut found = Found::default();
    if servers.is_empty() {
        let fact = Text::new("규칙을 평가하는 Prometheus가 없습니다", "no Prometheus evaluates rules");
        found.fails(PROMETHEUS, fact, Text::new("Prometheus Operator를 설치하세요", "install the Prometheus Operator"));
        return Ok(found);
    }
    let rules = in_use(&servers, facts)?;
    let watched: BTreeSet<&str> = rules.iter().map(|rule| object::namespace(rule)).collect();
    let text = rules.iter().flat_map(|rule| alerts(rule)).map(|alert| alert.to_string()).collect::<Vec<_>>().join("\n");
    for namespace in namespaces {
        // A rule that lives elsewhere speaks of a namespace by its name.
        if !watched.contains(namespace) && !text.contains(&format!("\\\"{namespace}\\\"")) {
            let fact = Text::new("이 네임스페이스를 보는 알림 규칙이 없습니다", "no alert is about this namespace");
            let fix = Text::new(
                "오류율, 지연, 재시작에 대한 PrometheusRule을 선택되는 레이블로 추가하세요",
                "add a PrometheusRule for errors, latency and restarts, with labels that are selected",
            );
            found.fails(format!("Namespace/{namespace}"), fact, fix);
        }
    }
    if !rules.iter().flat_map(|rule| alerts(rule)).any(|alert| object::text(alert, "/alert") == "Watchdog") {
        let fact = Text::new("Watchdog 알림이 없습니다", "there is no Watchdog alert");
        let fix = Text::new(
            "늘 울리는 알림을 하나 두고, 끊기면 알 수 있게 하세요",
            "let one alert fire all the time, so that its end is noticed",
        );
        found.warns("PrometheusRule", fact, fix);
    }
    routes(facts, &managers, &mut found);
    Ok(found)
}

/// The rules that a Prometheus evaluates.
fn in_use<'a>(servers: &[&Value], facts: &'a Facts) -> Result<Vec<&'a Value>, Unread> {
    let mut rules = Vec::new();
    for rule in facts.anywhere("PrometheusRule.monitoring.coreos.com")? {
        let labels = facts.namespace_labels(object::namespace(rule))?;
        if servers.iter().any(|server| picks(server, rule, &labels)) {
            rules.push(rule);
        }
    }
    Ok(rules)
}

fn alerts(rule: &Value) -> impl Iterator<Item = &Value> {
    let groups = object::list(rule, "/spec/groups").iter();
    groups.flat_map(|group| object::list(group, "/rules")).filter(|rule| rule.get("alert").is_some())
}

fn routes(facts: &Facts, managers: &[&Value], found: &mut Found) {
    if managers.is_empty() {
        let fact = Text::new("Alertmanager가 없습니다", "there is no Alertmanager");
        found.fails("Alertmanager", fact, Text::new("알림을 보낼 Alertmanager를 두세요", "run an Alertmanager to send alerts"));
    }
    for manager in managers {
        let reference = object::reference(manager);
        if !is_available(manager) {
            let fact = Text::new("준비되지 않았습니다(Available이 True가 아님)", "is not ready (Available is not True)");
            found.fails(&reference, fact, Text::new("Alertmanager 파드를 확인하세요", "look at its pods"));
        }
        match facts.routes.get(&reference) {
            Some(Ok(config)) if sends(config) => {}
            Some(Ok(_)) => {
                let fact = Text::new("기본 경로가 아무에게도 보내지 않습니다", "the default route leads to nobody");
                let fix = Text::new(
                    "기본 경로의 receiver에 이메일, Slack, 웹훅 등을 설정하세요",
                    "give the receiver of the default route an address: mail, Slack, a webhook",
                );
                found.fails(&reference, fact, fix);
            }
            Some(Err(why)) => {
                found.unread(Text::new(format!("{reference}의 설정: {why}"), format!("the configuration of {reference}: {why}")))
            }
            None => found.unread(Text::new(
                format!("{reference}의 설정을 읽지 않았습니다"),
                format!("the configuration of {reference} was not read"),
            )),
        }
    }
}

/// Whether the receiver of the root route, or of one below it, has an address.
fn sends(config: &str) -> bool {
    let Ok(config) = serde_saphyr::from_str::<Value>(config) else { return false };
    let mut named = Vec::new();
    receivers(config.get("route").unwrap_or(&Value::Null), &mut named);
    object::list(&config, "/receivers").iter().any(|receiver| {
        let addressed = receiver
            .as_object()
            .into_iter()
            .flatten()
            .any(|(key, value)| key.ends_with("_configs") && value.as_array().is_some_and(|list| !list.is_empty()));
        addressed && named.contains(&object::text(receiver, "/name"))
    })
}

fn receivers<'a>(route: &'a Value, found: &mut Vec<&'a str>) {
    found.push(object::text(route, "/receiver"));
    object::list(route, "/routes").iter().for_each(|route| receivers(route, found));
}
