use std::sync::LazyLock;

use regex::Regex;

use super::request_url::RequestUrl;

const LABEL: usize = 63;
const SUBDOMAIN: usize = 253;

/// A text that more may be appended to, with a letter for the dash at its end; Kubernetes drops the letter before it too.
pub(super) fn as_whole(prefix: &str) -> String {
    let kept = prefix.strip_suffix('-').and_then(|rest| rest.strip_suffix(|c: char| c.is_ascii()));
    kept.map_or_else(|| prefix.to_owned(), |kept| format!("{kept}a"))
}

fn longer_than(most: usize, text: &str) -> Option<String> {
    (text.len() > most).then(|| format!("is longer than {most} bytes"))
}

fn unless(sound: bool, problem: &str) -> Option<String> {
    (!sound).then(|| problem.to_owned())
}

fn is_label(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    text.chars().all(|c| plain(c) || c == '-') && text.starts_with(plain) && text.ends_with(plain)
}

fn is_name(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric();
    text.chars().all(|c| plain(c) || "-_.".contains(c)) && text.starts_with(plain) && text.ends_with(plain)
}

pub(super) fn dns1123_label(text: &str) -> Vec<String> {
    let form = "is not made of a-z, 0-9 and inner dashes";
    longer_than(LABEL, text).into_iter().chain(unless(is_label(text), form)).collect()
}

pub(super) fn dns1035_label(text: &str) -> Vec<String> {
    let sound = is_label(text) && text.starts_with(|c: char| c.is_ascii_lowercase());
    let form = "is not made of a-z, 0-9 and inner dashes with a letter first";
    longer_than(LABEL, text).into_iter().chain(unless(sound, form)).collect()
}

pub(super) fn dns1123_subdomain(text: &str) -> Vec<String> {
    let form = "is not made of names of a-z, 0-9 and inner dashes, with dots between them";
    longer_than(SUBDOMAIN, text).into_iter().chain(unless(text.split('.').all(is_label), form)).collect()
}

pub(super) fn qualified_name(text: &str) -> Vec<String> {
    let parts: Vec<&str> = text.split('/').collect();
    let (prefix, name) = match parts.as_slice() {
        [name] => (Vec::new(), name),
        ["", name] => (vec!["has an empty prefix".to_owned()], name),
        [prefix, name] => (dns1123_subdomain(prefix).into_iter().map(|problem| format!("has a prefix that {problem}")).collect(), name),
        _ => return vec!["has more than one slash".to_owned()],
    };
    let length = if name.is_empty() { Some("has an empty name".to_owned()) } else { longer_than(LABEL, name) };
    let form = "has a name that is not made of letters, digits and inner dashes, underscores and dots";
    prefix.into_iter().chain(length).chain(unless(is_name(name), form)).collect()
}

pub(super) fn label_value(text: &str) -> Vec<String> {
    let form = "is not made of letters, digits and inner dashes, underscores and dots";
    longer_than(LABEL, text).into_iter().chain(unless(text.is_empty() || is_name(text), form)).collect()
}

pub(super) fn uri(text: &str) -> Vec<String> {
    RequestUrl::check(text).err().into_iter().collect()
}

pub(super) fn uuid(text: &str) -> Vec<String> {
    static FORM: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new("^[0-9a-fA-F]{8}-?([0-9a-fA-F]{4}-?){3}[0-9a-fA-F]{12}$").ok());
    unless(matches(&FORM, text), "is not a UUID").into_iter().collect()
}

pub(super) fn byte(text: &str) -> Vec<String> {
    static FORM: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new("^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{4})$").ok());
    unless(matches(&FORM, text), "is not base64").into_iter().collect()
}

pub(super) fn date(text: &str) -> Vec<String> {
    unless(is_date(text), "is not a date such as 2026-01-31").into_iter().collect()
}

pub(super) fn datetime(text: &str) -> Vec<String> {
    static FORM: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new("^([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](.[0-9]+)?(z|[+-][0-9]{2}:[0-9]{2})$").ok());
    let lower = text.to_lowercase();
    let mut parts = lower.split('t');
    let sound = parts.next().is_some_and(is_date) && parts.next().is_some_and(|time| matches(&FORM, time));
    unless(sound, "is not a date and time such as 2026-01-31T09:00:00Z").into_iter().collect()
}

fn matches(form: &Option<Regex>, text: &str) -> bool {
    form.as_ref().is_some_and(|form| form.is_match(text))
}

fn is_date(text: &str) -> bool {
    let shape =
        text.len() == 10 && text.bytes().enumerate().all(|(at, b)| if matches!(at, 4 | 7) { b == b'-' } else { b.is_ascii_digit() });
    shape && text.parse::<jiff::civil::Date>().is_ok()
}
