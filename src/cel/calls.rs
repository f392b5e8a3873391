use cel::common::ast::{CallExpr, Expr, IdedExpr, LiteralValue};

use super::functions::{GLOBAL, MEMBER, is_namespace, receivers};
use crate::text::Text;

/// How alike a name must be to what is suggested for it.
const ALIKE: f64 = 0.8;

/// What is wrong with a call, and the name to look for in the text; none for a sound one.
pub(super) fn problem(call: &CallExpr) -> Option<Text> {
    let name = call.func_name.as_str();
    if name.contains(['_', '@', '!', '-', '?']) {
        return None;
    }
    let owners = receivers(name);
    let Some(target) = call.target.as_deref() else { return of_global(name, &owners) };
    if let Expr::Ident(namespace) = &target.expr
        && is_namespace(namespace)
    {
        let whole = format!("{namespace}.{name}");
        if GLOBAL.contains(&whole.as_str()) || !owners.is_empty() {
            return None;
        }
        return Some(unknown(&whole, GLOBAL.iter().copied().filter(|function| function.contains('.'))));
    }
    let of = type_of(target);
    match of {
        Some(of) if !owners.contains(&of) => {
            let own: Vec<&str> = MEMBER.iter().filter(|(receiver, _)| *receiver == of).flat_map(|(_, own)| own.iter().copied()).collect();
            Some(of_wrong_receiver(name, of, &owners, &own))
        }
        None if owners.is_empty() && GLOBAL.contains(&name) => Some(Text::new(
            format!("`{name}`은(는) 값 뒤에 점으로 붙이지 않습니다. `{name}(…)`로 쓰세요"),
            format!("`{name}` is not called on a value; write `{name}(…)`"),
        )),
        None if owners.is_empty() => Some(unknown(name, MEMBER.iter().flat_map(|(_, own)| own.iter().copied()))),
        _ => None,
    }
}

fn of_global(name: &str, owners: &[&str]) -> Option<Text> {
    if GLOBAL.contains(&name) {
        return None;
    }
    if owners.is_empty() {
        let names = GLOBAL.iter().copied().chain(MEMBER.iter().flat_map(|(_, own)| own.iter().copied()));
        return Some(unknown(name, names));
    }
    let types = owners.join(", ");
    Some(Text::new(
        format!("`{name}`은(는) 값에 붙여 씁니다: `x.{name}(…)`, x의 타입은 {types}"),
        format!("`{name}` is called on a value: `x.{name}(…)`, where x is of type {types}"),
    ))
}

fn of_wrong_receiver(name: &str, of: &str, owners: &[&str], own: &[&str]) -> Text {
    let hint = match nearest(name, own.iter().copied()) {
        Some(near) => Some((format!("`{near}`을(를) 쓰려던 것인가요?"), format!("did you mean `{near}`?"))),
        None if owners.is_empty() => None,
        None => {
            let types = owners.join(", ");
            Some((format!("{types} 타입의 값에 붙여 씁니다"), format!("it is called on a value of type {types}")))
        }
    };
    let (ko, en) = hint.map_or_else(Default::default, |(ko, en)| (format!(". {ko}"), format!("; {en}")));
    Text::new(format!("{of} 타입에는 `{name}`(이)라는 함수가 없습니다{ko}"), format!("a value of type {of} has no function `{name}`{en}"))
}

fn unknown<'n>(name: &str, names: impl Iterator<Item = &'n str>) -> Text {
    match nearest(name, names) {
        Some(near) => Text::new(
            format!("`{name}`(이)라는 함수는 없습니다. `{near}`을(를) 쓰려던 것인가요?"),
            format!("there is no function `{name}`; did you mean `{near}`?"),
        ),
        None => Text::new(format!("`{name}`(이)라는 함수는 없습니다"), format!("there is no function `{name}`")),
    }
}

/// The most alike of the names; one that ends in the given one, `isLessThan` for `lessThan`, counts as alike.
fn nearest<'n>(name: &str, mut names: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    let lower = name.to_lowercase();
    if matches!(lower.as_str(), "count" | "len" | "length") {
        return names.find(|other| *other == "size");
    }
    let alike = |other: &str| {
        let other = other.to_lowercase();
        let contained = other.ends_with(&lower) && other.len() < 2 * lower.len();
        if contained { 1.0 } else { strsim::jaro_winkler(&lower, &other) }
    };
    let best = names.map(|other| (alike(other), other)).max_by(|one, other| one.0.total_cmp(&other.0));
    best.filter(|(likeness, _)| *likeness >= ALIKE).map(|(_, other)| other)
}

/// The type of a value, where the text alone tells it and only functions of that type can be called on it.
fn type_of(expr: &IdedExpr) -> Option<&'static str> {
    match &expr.expr {
        Expr::Literal(LiteralValue::String(_)) => Some("string"),
        Expr::List(_) => Some("list"),
        Expr::Map(_) => Some("map"),
        Expr::Call(call) => of_call(call),
        _ => None,
    }
}

fn of_call(call: &CallExpr) -> Option<&'static str> {
    let name = call.func_name.as_str();
    let Some(target) = call.target.as_deref() else {
        return match name {
            "cidr" | "duration" | "ip" | "quantity" | "semver" | "string" | "timestamp" | "url" => {
                MEMBER.iter().map(|(of, _)| *of).find(|of| *of == name)
            }
            _ => None,
        };
    };
    if matches!(&target.expr, Expr::Ident(namespace) if namespace == "format") {
        return if name == "named" { Some("optional") } else { Some("format") };
    }
    match (type_of(target)?, name) {
        ("quantity", "add" | "sub") => Some("quantity"),
        ("cidr", "ip") => Some("ip"),
        ("cidr", "masked") => Some("cidr"),
        ("format", "validate") => Some("optional"),
        ("url", "getQuery") => Some("map"),
        ("url", _) => Some("string"),
        _ => None,
    }
}
