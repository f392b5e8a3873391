//! T4: versions and patches.

use std::collections::BTreeSet;

use jiff::civil::{Date, date};
use serde_json::Value;

use crate::{
    audit::{
        Facts,
        found::{Found, Unread},
    },
    check::object,
    text::Text,
};

/// Until when Kubernetes' minor versions get patches, as its project has announced. Nothing is said of others.
const SUPPORTED: [(u32, Date); 6] = [
    (30, date(2025, 6, 28)),
    (31, date(2025, 11, 11)),
    (32, date(2026, 2, 28)),
    (33, date(2026, 6, 28)),
    (34, date(2026, 10, 27)),
    (35, date(2027, 2, 28)),
];

/// How many minor versions a kubelet may be behind the API server.
const SKEW: u32 = 3;

pub(in crate::audit) fn judge(facts: &Facts) -> Result<Found, Unread> {
    if !facts.scope.is_cluster() {
        return Ok(Found::not_applicable(Text::new(
            "네임스페이스만 점검합니다. 버전과 노드는 클러스터 전체의 것입니다",
            "only namespaces are audited; versions and nodes are the whole cluster's",
        )));
    }
    let mut found = Found::default();
    let server = match &facts.version {
        Ok(version) => version.as_str(),
        Err(why) => return Err(Unread(why.clone())),
    };
    found.fact(Text::new(format!("API 서버 {server}"), format!("API server {server}")));
    supported(server, facts, &mut found);
    for node in facts.of_cluster("Node")? {
        of_node(node, server, &mut found);
    }
    match &facts.metrics {
        Ok(metrics) => deprecated(metrics, &mut found),
        Err(why) => found.unread(Text::new(format!("API 서버의 지표: {why}"), format!("the API server's metrics: {why}"))),
    }
    Ok(found)
}

/// The minor version of `v1.36.3`.
fn minor(version: &str) -> Option<u32> {
    version.trim_start_matches('v').split('.').nth(1)?.chars().take_while(char::is_ascii_digit).collect::<String>().parse().ok()
}

fn supported(server: &str, facts: &Facts, found: &mut Found) {
    let Some(minor) = minor(server) else { return };
    let today = facts.now().to_zoned(jiff::tz::TimeZone::UTC).date();
    let ended = SUPPORTED.iter().find(|(known, end)| *known == minor && *end < today).map(|(_, end)| end.to_string());
    let ended = ended.or_else(|| (minor < SUPPORTED[0].0).then(|| "-".to_owned()));
    if let Some(end) = ended {
        let fact = Text::new(format!("1.{minor}의 보안 패치가 끝났습니다({end})"), format!("1.{minor} gets no patches any more ({end})"));
        let fix = Text::new("지원되는 마이너 버전으로 하나씩 올리세요", "upgrade to a supported minor version, one at a time");
        found.fails("API server", fact, fix);
    }
}

fn of_node(node: &Value, server: &str, found: &mut Found) {
    let reference = object::reference(node);
    let kubelet = object::text(node, "/status/nodeInfo/kubeletVersion");
    if let (Some(own), Some(control)) = (minor(kubelet), minor(server))
        && (own > control || control - own > SKEW)
    {
        let fact = Text::new(format!("kubelet {kubelet}, API 서버 {server}"), format!("kubelet {kubelet}, API server {server}"));
        let fix = Text::new(
            "kubelet은 API 서버보다 새로울 수 없고, 세 마이너 버전까지만 뒤처질 수 있습니다. 노드를 올리세요",
            "a kubelet may not be newer than the API server, and three minor versions behind at most; upgrade the node",
        );
        found.fails(&reference, fact, fix);
    }
    let runtime = object::text(node, "/status/nodeInfo/containerRuntimeVersion");
    if runtime
        .strip_prefix("containerd://")
        .and_then(|version| version.split('.').next()?.parse::<u32>().ok())
        .is_some_and(|major| major < 2)
    {
        let fact = Text::new(format!("런타임 {runtime}"), format!("runtime {runtime}"));
        found.warns(&reference, fact, Text::new("containerd 2.x로 올리세요", "upgrade to containerd 2"));
    }
}

/// `apiserver_requested_deprecated_apis{group="…",…} 1`: somebody still asks for what will go.
fn deprecated(metrics: &str, found: &mut Found) {
    let lines = metrics.lines().filter(|line| line.starts_with("apiserver_requested_deprecated_apis{") && !line.ends_with(" 0"));
    let used: BTreeSet<(String, String)> = lines.map(|line| (asked(line), label(line, "removed_release").to_owned())).collect();
    for (api, removed) in used {
        let when =
            if removed.is_empty() { Text::new("예정된 버전 없음", "no release named") } else { Text::new(&removed, &removed) };
        let fact =
            Text::new(format!("사용 중단된 API 호출(제거: {})", when.ko), format!("a deprecated API is asked for (gone in: {})", when.en));
        let fix = Text::new(
            "감사 로그에서 호출한 클라이언트를 찾아 새 버전의 API로 옮기세요",
            "find the client in the audit log, and move it to a newer version of the API",
        );
        found.warns(api, fact, fix);
    }
}

fn asked(line: &str) -> String {
    let parts = ["group", "version", "resource", "subresource"].map(|name| label(line, name));
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("/")
}

/// The value of a label in a line of metrics.
fn label<'a>(line: &'a str, name: &str) -> &'a str {
    let start = line.find(&format!("{name}=\"")).filter(|at| line[..*at].ends_with(['{', ',']));
    start.and_then(|at| line[at + name.len() + 2..].split('"').next()).unwrap_or_default()
}
