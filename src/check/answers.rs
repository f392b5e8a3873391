//! How the answers of learners are understood: in one form, however they are spelt. Knows nothing of clusters.

use super::request::is_cluster_scoped;
use crate::{
    cel::Quantity,
    scenario::{Asked, RightAnswer},
    text::Text,
};

/// The longest answer.
const LONGEST: usize = 300;

/// Kinds with the short names that kubectl knows.
const KINDS: &[(&str, &[&str])] = &[
    ("ConfigMap", &["cm"]),
    ("CronJob", &["cj"]),
    ("CustomResourceDefinition", &["crd"]),
    ("DaemonSet", &["ds"]),
    ("Deployment", &["deploy"]),
    ("Endpoints", &["ep"]),
    ("Event", &["ev"]),
    ("HorizontalPodAutoscaler", &["hpa"]),
    ("Ingress", &["ing"]),
    ("LimitRange", &["limits"]),
    ("Namespace", &["ns"]),
    ("NetworkPolicy", &["netpol"]),
    ("Node", &["no"]),
    ("PersistentVolume", &["pv"]),
    ("PersistentVolumeClaim", &["pvc"]),
    ("Pod", &["po"]),
    ("PodDisruptionBudget", &["pdb"]),
    ("PriorityClass", &["pc"]),
    ("ReplicaSet", &["rs"]),
    ("ResourceQuota", &["quota"]),
    ("Service", &["svc"]),
    ("ServiceAccount", &["sa"]),
    ("StatefulSet", &["sts"]),
    ("StorageClass", &["sc"]),
];

/// An answer in the form in which it is stored and compared; the namespace `home` is meant where an object's is left out.
///
/// # Errors
/// Says how to answer, when it cannot be an answer to this question at all.
pub fn understood(asked: &Asked, home: &str, written: &str) -> Result<String, Text> {
    let text = composed(written.trim());
    if text.is_empty() || text.chars().count() > LONGEST {
        return Err(Text::new(format!("답은 1자에서 {LONGEST}자까지입니다"), format!("an answer has between 1 and {LONGEST} characters")));
    }
    match &asked.right {
        RightAnswer::Object(right) => {
            let kinds: Vec<&str> = right.iter().filter_map(|on| on.bare_kind()).collect();
            object(&text, home, &kinds).ok_or_else(|| {
                Text::new(
                    "오브젝트 하나를 KIND/NAME으로 답하세요. 예: deployment/web, svc/shop/web",
                    "answer with one object as KIND/NAME, such as deployment/web or svc/shop/web",
                )
            })
        }
        RightAnswer::Choice(choices) => {
            let found = choices.options.iter().find(|choice| folded(&choice.id) == folded(&text));
            found.map(|choice| choice.id.clone()).ok_or_else(|| {
                let ids = choices.options.iter().map(|choice| choice.id.as_str()).collect::<Vec<_>>().join(", ");
                Text::new(format!("보기 가운데 하나로 답하세요: {ids}"), format!("answer with one of the choices: {ids}"))
            })
        }
        RightAnswer::Int(_) => text
            .parse::<i64>()
            .map(|number| number.to_string())
            .map_err(|_| Text::new("정수로 답하세요. 예: 3", "answer with a whole number, such as 3")),
        RightAnswer::Quantity(_) => match Quantity::parse(&text) {
            Ok(_) => Ok(text),
            Err(_) => Err(Text::new("수량으로 답하세요. 예: 500m, 64Mi", "answer with a quantity, such as 500m or 64Mi")),
        },
        RightAnswer::Text(_) => Ok(folded(&text)),
    }
}

/// A word in a form that does not depend on its spelling: letter case, quotes around it, and what stands between letters to part them.
pub(super) fn folded(text: &str) -> String {
    let text = composed(text).to_lowercase();
    let text = text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '`' | '.' | '!' | '。'));
    let chars: Vec<char> = text.chars().collect();
    let letter = |at: Option<usize>| at.and_then(|at| chars.get(at)).is_some_and(|c| c.is_alphabetic());
    let parts = |c: char| c.is_whitespace() || matches!(c, '-' | '_');
    let mut out = String::with_capacity(text.len());
    for (at, c) in chars.iter().enumerate().filter(|(_, c)| parts(**c) || !c.is_control()) {
        if !parts(*c) {
            out.push(*c);
            continue;
        }
        let before = chars[..at].iter().rposition(|c| !parts(*c));
        let after = chars[at..].iter().position(|c| !parts(*c)).map(|more| at + more);
        if !(letter(before) && letter(after)) && before == at.checked_sub(1) {
            out.push(if c.is_whitespace() { ' ' } else { *c });
        }
    }
    out
}

/// An object as `kind/namespace/name` in lower case, or `kind/name` where its kind has no namespaces.
fn object(text: &str, home: &str, meant: &[&str]) -> Option<String> {
    let (mut namespace, mut words, mut rest) = (None, Vec::new(), text.split_whitespace());
    while let Some(word) = rest.next() {
        match word {
            "-n" | "--namespace" => namespace = Some(rest.next()?),
            _ => match word.strip_prefix("--namespace=") {
                Some(name) => namespace = Some(name),
                None => words.extend(word.split('/')),
            },
        }
    }
    let (kind, name) = match words[..] {
        [kind, name] => (kind, name),
        [kind, place, name] => {
            namespace = Some(place);
            (kind, name)
        }
        _ => return None,
    };
    (!kind.is_empty() && !name.is_empty()).then(|| reference(&kind_of(kind, meant), namespace.unwrap_or(home), name))
}

/// The form in which references are compared.
pub(super) fn reference(kind: &str, namespace: &str, name: &str) -> String {
    let text = if is_cluster_scoped(kind) { format!("{kind}/{name}") } else { format!("{kind}/{namespace}/{name}") };
    text.to_lowercase()
}

/// The kind that a singular, plural or short name stands for.
fn kind_of(written: &str, meant: &[&str]) -> String {
    let written = written.split('.').next().unwrap_or(written).to_lowercase();
    let is = |kind: &str| {
        let kind = kind.to_lowercase();
        let plural = match kind.strip_suffix('y') {
            Some(stem) => format!("{stem}ies"),
            None if kind.ends_with('s') => format!("{kind}es"),
            None => format!("{kind}s"),
        };
        written == kind || written == plural
    };
    let known = KINDS.iter().find(|(kind, short)| is(kind) || short.contains(&written.as_str())).map(|(kind, _)| *kind);
    known.or_else(|| meant.iter().copied().find(|kind| is(kind))).map_or_else(|| written.clone(), ToOwned::to_owned)
}

/// Korean syllables put together that came as single letters, as some computers write them.
fn composed(text: &str) -> String {
    let mut out: Vec<char> = Vec::new();
    for c in text.chars() {
        let joined = out.last().and_then(|last| joined(u32::from(*last), u32::from(c)));
        match joined.and_then(char::from_u32) {
            Some(syllable) => {
                out.pop();
                out.push(syllable);
            }
            None => out.push(c),
        }
    }
    out.into_iter().collect()
}

/// The first code points of leading consonants, vowels, closing consonants and whole syllables.
const LEAD: u32 = 0x1100;
const VOWEL: u32 = 0x1161;
const TAIL: u32 = 0x11A7;
const SYLLABLE: u32 = 0xAC00;

/// Two characters as one, by the arithmetic that Unicode defines for Hangul.
fn joined(last: u32, next: u32) -> Option<u32> {
    let (vowels, tails) = (21, 28);
    match (last, next) {
        (LEAD..0x1113, VOWEL..0x1176) => Some(SYLLABLE + ((last - LEAD) * vowels + (next - VOWEL)) * tails),
        (SYLLABLE..0xD7A4, 0x11A8..0x11C3) if (last - SYLLABLE).is_multiple_of(tails) => Some(last + (next - TAIL)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{folded, understood};
    use crate::scenario::Asked;

    fn read(right: Value, written: &str) -> Result<String, String> {
        let asked: Asked = serde_json::from_value(json!({"question": {"ko": "?", "en": "?"}, "right": right})).unwrap();
        understood(&asked, "shop", written).map_err(|text| text.en)
    }

    #[test]
    fn an_object_is_the_same_however_it_is_named() {
        let object = || json!({"object": [{"kind": "NetworkPolicy", "name": "deny"}, {"kind": "Rollout.argoproj.io", "name": "web"}]});
        for written in [
            "netpol/deny",
            "NetworkPolicy/deny",
            "networkpolicies/shop/deny",
            "networkpolicies.networking.k8s.io deny",
            "netpol deny -n shop",
            "--namespace=shop netpol/deny",
        ] {
            assert_eq!(read(object(), written).unwrap(), "networkpolicy/shop/deny", "{written}");
        }
        assert_eq!(read(object(), "netpol/deny -n pay").unwrap(), "networkpolicy/pay/deny");
        assert_eq!(read(object(), "rollouts/web").unwrap(), "rollout/shop/web");
        assert_eq!(read(object(), "no/worker-2").unwrap(), "node/worker-2");
        for bad in ["deny", "", "a/b/c/d", "netpol/", "-n"] {
            assert!(read(object(), bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn spelling_does_not_count_and_names_stay_apart() {
        for same in ["Readiness Probe", "readinessProbe", "readiness-probe", "`readiness_probe`", " readiness  probe. "] {
            assert_eq!(folded(same), "readinessprobe", "{same}");
        }
        assert_eq!(folded("메모리 부족"), folded("메모리부족"));
        assert_eq!(folded("\u{1106}\u{1166}\u{1106}\u{1169}\u{1105}\u{1175}"), "메모리", "as some computers write it");
        assert_eq!(folded("\u{1100}\u{1161}\u{11A8}"), "각");
        assert_ne!(folded("web-1"), folded("web1"));
        assert_ne!(folded("-5"), folded("5"));
        assert_eq!(folded("port  80"), folded("port 80"));
    }

    #[test]
    fn what_cannot_be_an_answer_is_refused_and_not_judged() {
        assert_eq!(read(json!({"int": {"min": 3, "max": 3}}), " 03 ").unwrap(), "3");
        assert!(read(json!({"int": {"min": 3}}), "three").is_err());
        assert!(read(json!({"quantity": {"min": "1Gi"}}), "much").is_err());
        assert!(read(json!({"text": ["a"]}), &"x".repeat(301)).is_err());
        let choice = json!({"choice": {"options": [{"id": "a", "text": {"ko": "", "en": ""}}], "right": ["a"]}});
        assert_eq!(read(choice.clone(), "A").unwrap(), "a");
        assert!(read(choice, "b").unwrap_err().contains("a"));
    }
}
