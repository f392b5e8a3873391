use cel::{
    DeclarationError, Env, ExecutionError, add_member_overload,
    common::types::{CelInt, CelList, CelString},
};
use regex::Regex;

use super::own::texts;

pub(super) fn register(env: &mut Env) -> Result<(), DeclarationError> {
    add_member_overload!(env, fn find: (CelString, CelString) -> Result<CelString>)?;
    add_member_overload!(env, fn find_all: (CelString, CelString) -> Result<CelList>)?;
    add_member_overload!(env, fn find_all_of: (CelString, CelString, CelInt) -> Result<CelList>, name = "findAll")
}

fn compiled(pattern: &CelString<'_>) -> Result<Regex, ExecutionError> {
    Regex::new(pattern.inner()).map_err(|e| ExecutionError::function_error("find", e))
}

fn find(text: &CelString<'_>, pattern: &CelString<'_>) -> Result<CelString<'static>, ExecutionError> {
    Ok(CelString::from(compiled(pattern)?.find(text.inner()).map_or_else(String::new, |found| found.as_str().to_owned())))
}

fn find_all(text: &CelString<'_>, pattern: &CelString<'_>) -> Result<CelList<'static>, ExecutionError> {
    find_all_of(text, pattern, &CelInt::from(-1))
}

/// At most so many; all of them where the number is negative.
fn find_all_of(text: &CelString<'_>, pattern: &CelString<'_>, most: &CelInt) -> Result<CelList<'static>, ExecutionError> {
    let most = usize::try_from(*most.inner()).unwrap_or(usize::MAX);
    Ok(texts(compiled(pattern)?.find_iter(text.inner()).take(most).map(|found| found.as_str().to_owned())))
}
