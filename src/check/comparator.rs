//! Typed comparisons: two plain strings are never read as numbers.

use serde_json::Value;

use super::{context::Trouble, pattern::whole_match};
use crate::{
    cel::{ImageReference, Quantity},
    scenario::{Bounds, Comparator, ImageComparator},
};

/// Whether a value compares. A value that is not there compares only with `present: false`.
pub(super) fn compares(comparator: &Comparator, value: Option<&Value>) -> Result<bool, Trouble> {
    let value = value.filter(|v| !v.is_null());
    if let Comparator::Present(wanted) = comparator {
        return Ok(value.is_some() == *wanted);
    }
    let Some(value) = value else { return Ok(false) };
    Ok(match comparator {
        Comparator::Equals(wanted) => wanted == value,
        Comparator::OneOf(wanted) => wanted.contains(value),
        Comparator::NoneOf(unwanted) => !unwanted.contains(value),
        Comparator::Int(bounds) => value.as_i64().is_some_and(|int| within(&int, bounds.min.as_ref(), bounds.max.as_ref())),
        Comparator::Quantity(bounds) => quantity(bounds, value)?,
        Comparator::Matches(pattern) => value.as_str().is_some_and({
            let whole = whole_match(pattern)?;
            move |text| whole.is_match(text)
        }),
        Comparator::Image(image) => value.as_str().is_some_and(|text| image_fits(image, text)),
        Comparator::Present(_) => false,
    })
}

fn within<T: Ord>(value: &T, min: Option<&T>, max: Option<&T>) -> bool {
    min.is_none_or(|min| value >= min) && max.is_none_or(|max| value <= max)
}

fn quantity(bounds: &Bounds<String>, value: &Value) -> Result<bool, Trouble> {
    let bound = |text: &Option<String>| text.as_deref().map(Quantity::parse).transpose();
    let (min, max) = (bound(&bounds.min)?, bound(&bounds.max)?);
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => return Ok(false),
    };
    Ok(Quantity::parse(&text).is_ok_and(|value| within(&value, min.as_ref(), max.as_ref())))
}

fn image_fits(wanted: &ImageComparator, text: &str) -> bool {
    let image = ImageReference::parse(text);
    let repository = wanted.repository.as_deref().map(|text| ImageReference::parse(text).repository);
    repository.is_none_or(|repository| repository == image.repository) && (!wanted.pinned || image.pinned())
}

/// What is expected, in words: only for authors who show it.
pub(super) fn expectation(comparator: &Comparator) -> String {
    let bounds = |min: Option<String>, max: Option<String>| match (min, max) {
        (Some(min), Some(max)) => format!("{min}..{max}"),
        (Some(min), None) => format!(">= {min}"),
        (None, Some(max)) => format!("<= {max}"),
        (None, None) => "*".into(),
    };
    let list = |values: &[Value]| values.iter().map(Value::to_string).collect::<Vec<_>>().join(" | ");
    match comparator {
        Comparator::Equals(value) => value.to_string(),
        Comparator::OneOf(values) => list(values),
        Comparator::NoneOf(values) => format!("not {}", list(values)),
        Comparator::Int(b) => bounds(b.min.map(|n| n.to_string()), b.max.map(|n| n.to_string())),
        Comparator::Quantity(b) => bounds(b.min.clone(), b.max.clone()),
        Comparator::Matches(pattern) => format!("/{pattern}/"),
        Comparator::Present(true) => "present".into(),
        Comparator::Present(false) => "absent".into(),
        Comparator::Image(image) => {
            format!("{}{}", image.repository.as_deref().unwrap_or("*"), if image.pinned { ":tag|@digest" } else { "" })
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::compares;
    use crate::scenario::Comparator;

    fn fits(comparator: &Value, value: &Value) -> bool {
        let comparator: Comparator = serde_json::from_value(comparator.clone()).unwrap();
        compares(&comparator, Some(value)).unwrap()
    }

    #[test]
    fn values_of_different_types_never_compare() {
        for (comparator, value, expected) in [
            (json!({"equals": "80"}), json!(80), false),
            (json!({"equals": 80}), json!(80), true),
            (json!({"equals": "1.20"}), json!("1.2"), false),
            (json!({"equals": {"a": 1, "b": 2}}), json!({"b": 2, "a": 1}), true),
            (json!({"oneOf": ["http", 8080]}), json!(8080), true),
            (json!({"noneOf": ["latest"]}), json!("v1"), true),
            (json!({"noneOf": ["latest"]}), json!(null), false),
            (json!({"int": {"min": 2, "max": 4}}), json!(4), true),
            (json!({"int": {"min": 2}}), json!("3"), false),
            (json!({"int": {"min": 2}}), json!(2.5), false),
            (json!({"quantity": {"min": "64Mi", "max": "1Gi"}}), json!("128Mi"), true),
            (json!({"quantity": {"min": "500m"}}), json!(1), true),
            (json!({"quantity": {"max": "500m"}}), json!("lots"), false),
            (json!({"present": true}), json!(null), false),
            (json!({"present": false}), json!(null), true),
            (json!({"image": {"repository": "docker.io/library/nginx", "pinned": true}}), json!("nginx:1.27"), true),
            (json!({"image": {"repository": "nginx", "pinned": true}}), json!("nginx:latest"), false),
            (json!({"image": {"repository": "registry.shop.example/web"}}), json!("registry.shop.example/web2:1"), false),
        ] {
            assert_eq!(fits(&comparator, &value), expected, "{comparator} {value}");
        }
    }

    #[test]
    fn trap_fp17_patterns_match_the_whole_value() {
        assert!(fits(&json!({"matches": "web|api"}), &json!("web")));
        for near in ["web2", "xapi", "web\n", ""] {
            assert!(!fits(&json!({"matches": "web|api"}), &json!(near)), "{near:?}");
        }
        let broken: Comparator = serde_json::from_value(json!({"matches": "("})).unwrap();
        assert!(compares(&broken, Some(&json!("x"))).is_err());
    }

    proptest! {
        #[test]
        fn quantity_bounds_agree_with_numbers(min in 0i64..5000, value in 0i64..5000, max in 0i64..5000) {
            let comparator = json!({"quantity": {"min": format!("{min}m"), "max": format!("{max}m")}});
            prop_assert_eq!(fits(&comparator, &json!(format!("{value}m"))), min <= value && value <= max);
        }
    }
}
