//! T2: certificates.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use jiff::SignedDuration;

use crate::{
    audit::{
        Facts,
        certificate::{from_pem, not_after},
        found::{Found, Unread},
    },
    check::object,
    text::Text,
};

const SOON: SignedDuration = SignedDuration::from_hours(30 * 24);
const NOW: SignedDuration = SignedDuration::from_hours(7 * 24);

pub(in crate::audit) fn judge(facts: &Facts) -> Result<Found, Unread> {
    let mut certificates = facts.certificates.clone();
    let mut found = Found::default();
    if facts.scope.is_cluster() {
        match bundles(facts) {
            Ok(bundles) => certificates.extend(bundles),
            Err(unread) => found.unread(unread.text()),
        }
    }
    for (what, why) in &facts.uncertified {
        found.unread(Text::new(format!("{what}: {why}"), format!("{what}: {why}")));
    }
    if certificates.is_empty() && facts.uncertified.is_empty() {
        return Ok(Found::not_applicable(Text::new("볼 수 있는 인증서가 없습니다", "there are no certificates to look at")));
    }
    let count = certificates.len();
    found.fact(Text::new(format!("인증서 {count}개를 보았습니다"), format!("looked at {count} certificates")));
    for (what, der) in &certificates {
        judge_one(what, der, facts, &mut found);
    }
    Ok(found)
}

fn judge_one(what: &str, der: &[u8], facts: &Facts, found: &mut Found) {
    let Some(end) = not_after(der) else {
        let fact = Text::new("인증서로 읽히지 않습니다", "cannot be read as a certificate");
        return found.fails(what, fact, Text::new("PEM 형식의 인증서를 넣으세요", "put a certificate in PEM there"));
    };
    let left = end.duration_since(facts.now());
    let days = left.as_hours() / 24;
    let fact = if left.is_negative() {
        Text::new(format!("만료되었습니다: {end}"), format!("has expired: {end}"))
    } else {
        Text::new(format!("{days}일 뒤 만료됩니다: {end}"), format!("expires in {days} days: {end}"))
    };
    let fix = Text::new(
        "갱신하세요. 되풀이되지 않도록 cert-manager 같은 자동 갱신을 두세요",
        "renew it, and let something like cert-manager renew it from now on",
    );
    match () {
        () if left < NOW => found.fails(what, fact, fix),
        () if left < SOON => found.warns(what, fact, fix),
        () => {}
    }
}

/// The authorities that the API server trusts webhooks and aggregated APIs by.
fn bundles(facts: &Facts) -> Result<Vec<(String, Vec<u8>)>, Unread> {
    let mut found = Vec::new();
    for (kind, list) in [("ValidatingWebhookConfiguration", "/webhooks"), ("MutatingWebhookConfiguration", "/webhooks")] {
        for object in facts.of_cluster(kind)? {
            let bundles = object::list(object, list).iter().map(|webhook| object::text(webhook, "/clientConfig/caBundle"));
            found.extend(bundles.flat_map(decoded).map(|der| (format!("{} caBundle", object::reference(object)), der)));
        }
    }
    for object in facts.of_cluster("APIService")? {
        let bundle = decoded(object::text(object, "/spec/caBundle"));
        found.extend(bundle.into_iter().map(|der| (format!("{} caBundle", object::reference(object)), der)));
    }
    Ok(found)
}

fn decoded(bundle: &str) -> Vec<Vec<u8>> {
    BASE64_STANDARD.decode(bundle).ok().and_then(|pem| String::from_utf8(pem).ok()).map(|pem| from_pem(&pem)).unwrap_or_default()
}
