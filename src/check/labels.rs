//! Label selectors as the API machinery reads them.

use std::collections::BTreeMap;

use serde_json::Value;

use super::object;

/// A set of labels.
pub(crate) type Labels<'a> = BTreeMap<&'a str, &'a str>;

/// The labels of an object, or those at another pointer.
pub(crate) fn labels_at<'a>(object: &'a Value, pointer: &str) -> Labels<'a> {
    object::pairs(object, pointer).collect()
}

/// Whether a plain map of labels (a Service's selector) picks these labels; an empty one picks nothing.
pub(crate) fn map_selects(selector: &Labels, labels: &Labels) -> bool {
    !selector.is_empty() && selector.iter().all(|(key, value)| labels.get(key) == Some(value))
}

/// Whether a `LabelSelector` picks these labels: null picks nothing, `{}` everything.
pub(crate) fn selects(selector: Option<&Value>, labels: &Labels) -> bool {
    let Some(selector) = selector.filter(|s| !s.is_null()) else { return false };
    let wanted: Labels = object::pairs(selector, "/matchLabels").collect();
    wanted.iter().all(|(key, value)| labels.get(key) == Some(value))
        && object::list(selector, "/matchExpressions").iter().all(|expression| satisfied(expression, labels))
}

fn satisfied(expression: &Value, labels: &Labels) -> bool {
    let value = labels.get(object::text(expression, "/key"));
    let listed = || value.is_some_and(|value| object::list(expression, "/values").iter().any(|v| v.as_str() == Some(value)));
    match object::text(expression, "/operator") {
        "In" => listed(),
        "NotIn" => !listed(),
        "Exists" => value.is_some(),
        "DoesNotExist" => value.is_none(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::selects;

    #[test]
    fn selectors_read_as_the_api_machinery_does() {
        let labels = [("team", "shop"), ("tier", "web")].into_iter().collect();
        for (selector, expected) in [
            (json!(null), false),
            (json!({}), true),
            (json!({"matchLabels": {"team": "shop"}}), true),
            (json!({"matchLabels": {"team": "shop", "tier": "db"}}), false),
            (json!({"matchExpressions": [{"key": "team", "operator": "In", "values": ["shop", "pay"]}]}), true),
            (json!({"matchExpressions": [{"key": "team", "operator": "NotIn", "values": ["shop"]}]}), false),
            (json!({"matchExpressions": [{"key": "gone", "operator": "NotIn", "values": ["shop"]}]}), true),
            (json!({"matchExpressions": [{"key": "tier", "operator": "Exists"}, {"key": "gone", "operator": "DoesNotExist"}]}), true),
        ] {
            assert_eq!(selects(Some(&selector), &labels), expected, "{selector}");
        }
    }
}
