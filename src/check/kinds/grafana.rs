//! What dashboards ask of Prometheus.

use serde_json::Value;

/// Panels within rows within rows.
const DEEPEST: usize = 4;

/// The queries of a dashboard's panels to Prometheus, as they are written.
pub(super) fn queries(dashboard: &Value) -> Vec<String> {
    let mut found = Vec::new();
    collect(dashboard, 0, &mut found);
    found
}

fn collect(holder: &Value, depth: usize, found: &mut Vec<String>) {
    let list = |key: &str| holder.get(key).and_then(Value::as_array).into_iter().flatten();
    // Old dashboards keep their panels in rows.
    for panel in list("panels").chain(list("rows")) {
        let other = |of: &Value| of.pointer("/datasource/type").and_then(Value::as_str).is_some_and(|kind| kind != "prometheus");
        let targets = panel.get("targets").and_then(Value::as_array).into_iter().flatten();
        let asked = targets.filter(|target| !other(if target.get("datasource").is_some() { target } else { panel }));
        found.extend(asked.filter_map(|target| target.get("expr")?.as_str()).filter(|expr| !expr.trim().is_empty()).map(ToOwned::to_owned));
        if depth < DEEPEST {
            collect(panel, depth + 1, found);
        }
    }
}

/// A query with something plausible in place of Grafana's variables (`$x`, `${x:csv}`, `[[x]]`): a duration where one must be, a number
/// elsewhere.
pub(super) fn without_variables(query: &str) -> String {
    let (mut out, mut rest, mut quote) = (String::new(), query, None);
    while let Some(next) = rest.chars().next() {
        if let Some(after) = variable(rest) {
            let in_brackets = out.trim_end().ends_with(['[', ':']) && quote.is_none();
            let is_name = quote.is_none() && (after.starts_with(['{', '_']) || out.ends_with(|c: char| c.is_alphanumeric() || c == '_'));
            out.push_str(if in_brackets {
                "5m"
            } else if is_name {
                "v"
            } else {
                "1"
            });
            rest = after;
            continue;
        }
        quote = match (quote, next) {
            (None, '"' | '\'' | '`') => Some(next),
            (Some(open), _) if open == next => None,
            _ => quote,
        };
        out.push(next);
        rest = &rest[next.len_utf8()..];
    }
    out
}

/// What follows a variable at the beginning of a text.
fn variable(text: &str) -> Option<&str> {
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    if let Some(inner) = text.strip_prefix("${") {
        return inner.split_once('}').map(|(_, after)| after);
    }
    if let Some(inner) = text.strip_prefix("[[") {
        return inner.split_once("]]").filter(|(name, _)| !name.is_empty() && name.chars().all(is_word)).map(|(_, after)| after);
    }
    let inner = text.strip_prefix('$')?;
    let end = inner.find(|c| !is_word(c)).unwrap_or(inner.len());
    (end > 0).then(|| &inner[end..])
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{queries, without_variables};

    #[test]
    fn variables_give_way_to_what_may_stand_there() {
        for (query, expected) in [
            ("rate(x[$__rate_interval])", "rate(x[5m])"),
            ("rate(x{ns=\"$namespace\"}[${__interval}])", "rate(x{ns=\"1\"}[5m])"),
            ("topk($n, $metric{a=\"b\"})", "topk(1, v{a=\"b\"})"),
            ("sum_over_time(x[1h:$step])", "sum_over_time(x[1h:5m])"),
            ("up{job=~\"[[job]]\"}", "up{job=~\"1\"}"),
            ("x{a=~\"^b$\"} > 1", "x{a=~\"^b$\"} > 1"),
        ] {
            assert_eq!(without_variables(query), expected);
        }
    }

    #[test]
    fn queries_to_other_data_sources_are_not_meant() {
        let dashboard = json!({"panels": [
            {"targets": [{"expr": "up"}, {"expr": "{app=\"x\"}", "datasource": {"type": "loki"}}, {"expr": " "}]},
            {"datasource": {"type": "loki"}, "targets": [{"expr": "{app=\"y\"}"}]},
            {"type": "row", "panels": [{"datasource": {"type": "prometheus"}, "targets": [{"expr": "down"}]}]}],
            "rows": [{"panels": [{"targets": [{"expr": "old"}]}]}]});
        assert_eq!(queries(&dashboard), ["up", "down", "old"]);
    }
}
