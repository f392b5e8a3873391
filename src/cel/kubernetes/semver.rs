use cel::{
    DeclarationError, Env, ExecutionError, add_member_overload, add_overload,
    common::types::{CelBool, CelInt, CelString, Type},
};
use semver::Version;

use super::own::{self, Own, OwnKind, truth};

static TYPE: Type = Type::new_unspecified_type("kubernetes.Semver");

type CelSemver = Own<Version>;

impl OwnKind for Version {
    fn cel_type() -> &'static Type {
        &TYPE
    }

    /// Build metadata says nothing of the version.
    fn same(&self, other: &Self) -> bool {
        self.cmp_precedence(other).is_eq()
    }

    fn written(&self) -> String {
        self.to_string()
    }
}

pub(super) fn register(env: &mut Env) -> Result<(), DeclarationError> {
    env.add_type(TYPE.to_owned())?;
    add_overload!(env, fn semver: (CelString) -> Result<CelSemver>)?;
    add_overload!(env, fn semver_leniently: (CelString, CelBool) -> Result<CelSemver>, name = "semver")?;
    add_overload!(env, fn is_semver: (CelString) -> CelBool)?;
    add_overload!(env, fn is_semver_leniently: (CelString, CelBool) -> CelBool, name = "isSemver")?;
    add_member_overload!(env, fn is_less_than: (CelSemver, CelSemver) -> CelBool)?;
    add_member_overload!(env, fn is_greater_than: (CelSemver, CelSemver) -> CelBool)?;
    add_member_overload!(env, fn compare_to: (CelSemver, CelSemver) -> CelInt)?;
    add_member_overload!(env, fn major: (CelSemver) -> CelInt)?;
    add_member_overload!(env, fn minor: (CelSemver) -> CelInt)?;
    add_member_overload!(env, fn patch: (CelSemver) -> CelInt)
}

fn parse(text: &str) -> Result<Version, String> {
    let version: Version = text.parse().map_err(|e| format!("`{text}` is not a version such as 1.2.3: {e}"))?;
    let numbers_fit =
        version.pre.split('.').all(|part| !part.bytes().all(|b| b.is_ascii_digit()) || part.is_empty() || part.parse::<u64>().is_ok());
    if numbers_fit { Ok(version) } else { Err(format!("`{text}` has a number that does not fit into 64 bits")) }
}

/// Without the `v` before it, without leading zeros, and with the minor and patch numbers that it lacks.
fn normalised(text: &str) -> Result<String, String> {
    let mut parts: Vec<String> = text.strip_prefix('v').unwrap_or(text).splitn(3, '.').map(without_zeros).collect();
    if parts.len() < 3 && parts.last().is_some_and(|last| last.contains(['+', '-'])) {
        return Err(format!("`{text}` lacks a number, which a version with a pre-release or build part must have"));
    }
    parts.resize(3, "0".into());
    Ok(parts.join("."))
}

fn without_zeros(part: &str) -> String {
    let short = part.trim_start_matches('0');
    let keeps_a_zero = part.len() > 1 && !short.starts_with(|c: char| c.is_ascii_digit());
    match part.len() {
        0 | 1 => part.to_owned(),
        _ if keeps_a_zero => format!("0{short}"),
        _ => short.to_owned(),
    }
}

fn read(text: &str, normalise: bool) -> Result<Version, String> {
    if normalise { normalised(text).and_then(|text| parse(&text)) } else { parse(text) }
}

fn semver(text: &CelString<'_>) -> Result<CelSemver, ExecutionError> {
    semver_leniently(text, &truth(false))
}

fn semver_leniently(text: &CelString<'_>, normalise: &CelBool) -> Result<CelSemver, ExecutionError> {
    read(text.inner(), *normalise.inner()).map(Own).map_err(|e| ExecutionError::function_error("semver", e))
}

fn is_semver(text: &CelString<'_>) -> CelBool {
    is_semver_leniently(text, &truth(false))
}

fn is_semver_leniently(text: &CelString<'_>, normalise: &CelBool) -> CelBool {
    truth(read(text.inner(), *normalise.inner()).is_ok())
}

fn is_less_than(this: &CelSemver, other: &CelSemver) -> CelBool {
    truth(this.0.cmp_precedence(&other.0).is_lt())
}

fn is_greater_than(this: &CelSemver, other: &CelSemver) -> CelBool {
    truth(this.0.cmp_precedence(&other.0).is_gt())
}

fn compare_to(this: &CelSemver, other: &CelSemver) -> CelInt {
    own::sign(this.0.cmp_precedence(&other.0))
}

fn major(this: &CelSemver) -> CelInt {
    CelInt::from(this.0.major.cast_signed())
}

fn minor(this: &CelSemver) -> CelInt {
    CelInt::from(this.0.minor.cast_signed())
}

fn patch(this: &CelSemver) -> CelInt {
    CelInt::from(this.0.patch.cast_signed())
}
