use std::{fs, path::Path};

use serde_json::json;

use super::{context::Context, exit_code::Exit, export_args::VerifyArgs, failure::Failure, output, run::Result};
use crate::{
    digest::sha256,
    runner,
    seal::{self, Agreement, PublicKey, SealError, Sealed, Verification},
    text::Text,
};

/// Something signed, and where it was.
struct Found {
    file: String,
    sealed: Sealed,
}

/// Verifies archives and signed statements. Needs no cluster, and no store.
pub fn run(context: &Context, args: &VerifyArgs) -> Result {
    let keys = args.public_key.iter().map(|file| PublicKey::open(file)).collect::<std::result::Result<Vec<_>, _>>()?;
    let (mut signed, mut others) = (Vec::new(), Vec::new());
    for file in &args.files {
        let bytes = fs::read(file).map_err(|error| unreadable(file, &error))?;
        let name = file.display().to_string();
        match std::str::from_utf8(&bytes).ok().map(Sealed::read) {
            Some(Ok(sealed)) => signed.push(Found { file: name, sealed }),
            Some(Err(newer @ SealError::Newer { .. })) => return Err(unreadable(file, &newer)),
            _ => others.push((name, bytes)),
        }
    }
    if signed.is_empty() {
        return Err(SealError::Unknown.into());
    }
    let mut verified = Vec::new();
    for (place, found) in signed.iter().enumerate() {
        verified.push((found.file.as_str(), verify(context, place, found, &signed, &others, &keys)?));
    }
    let text = || verified.iter().map(|(file, one)| render(context, file, one)).collect::<Vec<_>>().join("\n");
    let data: Vec<_> = verified.iter().map(|(file, one)| json!({"file": file, "verification": one})).collect();
    output::print(context, "Verified", text, &json!({"files": data}))?;
    if verified.iter().any(|(_, one)| one.differs()) {
        return Ok(Exit::ChecksFailed);
    }
    Ok(if verified.iter().all(|(_, one)| one.agrees()) { Exit::Done } else { Exit::CouldNotCheck })
}

/// One of the signed things, with the other files that it speaks of; the first also answers for those that none speaks of.
fn verify(
    context: &Context,
    place: usize,
    found: &Found,
    signed: &[Found],
    others: &[(String, Vec<u8>)],
    keys: &[PublicKey],
) -> std::result::Result<Verification, Failure> {
    let speaks = |found: &Found, bytes: &[u8]| {
        let sha = sha256(bytes);
        found.sealed.statement().is_ok_and(|statement| statement.subject.iter().any(|subject| subject.sha256() == sha))
    };
    let own = |(_, bytes): &&(String, Vec<u8>)| speaks(found, bytes) || (place == 0 && !signed.iter().any(|other| speaks(other, bytes)));
    let others: Vec<_> = others.iter().filter(own).cloned().collect();
    let scenario = match found.sealed.statement().ok().and_then(|statement| statement.predicate.configuration.into_iter().next()) {
        Some(wanted) => runner::signed_scenario(&context.paths, &context.packs, &wanted.name, wanted.sha256())?,
        None => None,
    };
    Ok(seal::verify(&found.sealed, &others, keys, scenario.as_ref()))
}

fn render(context: &Context, file: &str, verified: &Verification) -> String {
    let mut lines = vec![file.to_owned()];
    if let Some(attempt) = &verified.attempt {
        let scenario = verified.scenario.as_deref().unwrap_or_default();
        let points = Text::new(format!("{}점", attempt.points), format!("{} points", attempt.points));
        lines.push(format!("{scenario} · {} · {} · {:?}", attempt.id, points.get(context.lang), attempt.trust));
    }
    for finding in &verified.findings {
        let sign = match finding.agreement {
            Agreement::Agrees => "✓",
            Agreement::Differs => "✗",
            Agreement::Unknown => "?",
        };
        lines.push(format!("  {sign} {}", finding.text.get(context.lang)));
    }
    let outcome = match (verified.differs(), verified.agrees()) {
        (true, _) => Text::new("맞지 않는 것이 있습니다.", "Something does not agree."),
        (false, true) => Text::new("모두 맞습니다.", "Everything agrees."),
        (false, false) => Text::new("확인하지 못한 것이 있습니다.", "Something could not be checked."),
    };
    lines.push(outcome.get(context.lang).to_owned());
    lines.join("\n") + "\n"
}

fn unreadable(file: &Path, why: &dyn std::fmt::Display) -> Failure {
    let place = file.display();
    Failure::new(Exit::Usage, Text::new(format!("`{place}`을(를) 읽을 수 없습니다"), format!("`{place}` cannot be read"))).cause(why)
}
