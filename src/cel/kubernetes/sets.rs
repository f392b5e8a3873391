use cel::{
    DeclarationError, Env, ExecutionError,
    common::{
        types::LIST_TYPE,
        value::{CowVal, Val},
    },
};

use super::{lists::elements, own::truth};

type Answer<'b, 'v> = Result<CowVal<'b, 'v>, ExecutionError>;

pub(super) fn register(env: &mut Env) -> Result<(), DeclarationError> {
    env.add_overload("sets.contains", "sets.contains(list,list)", vec![LIST_TYPE, LIST_TYPE], contains)?;
    env.add_overload("sets.equivalent", "sets.equivalent(list,list)", vec![LIST_TYPE, LIST_TYPE], equivalent)?;
    env.add_overload("sets.intersects", "sets.intersects(list,list)", vec![LIST_TYPE, LIST_TYPE], intersects)
}

fn has(list: &[&dyn Val], item: &dyn Val) -> bool {
    list.iter().any(|other| item.equals(*other))
}

fn contains<'b, 'v>(args: Vec<CowVal<'b, 'v>>) -> Answer<'b, 'v> {
    of(&args, |whole, part| part.iter().all(|item| has(whole, *item)))
}

fn equivalent<'b, 'v>(args: Vec<CowVal<'b, 'v>>) -> Answer<'b, 'v> {
    of(&args, |one, other| one.iter().all(|item| has(other, *item)) && other.iter().all(|item| has(one, *item)))
}

fn intersects<'b, 'v>(args: Vec<CowVal<'b, 'v>>) -> Answer<'b, 'v> {
    of(&args, |one, other| one.iter().any(|item| has(other, *item)))
}

fn of<'b, 'v>(args: &[CowVal<'b, 'v>], holds: impl Fn(&[&dyn Val], &[&dyn Val]) -> bool) -> Answer<'b, 'v> {
    Ok(CowVal::owned(truth(holds(&elements(args, 0)?, &elements(args, 1)?))))
}
