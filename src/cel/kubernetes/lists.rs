use std::cmp::Ordering;

use cel::{
    DeclarationError, Env, ExecutionError,
    common::{
        types::{CelBool, CelInt, DYN_TYPE, LIST_TYPE},
        value::{CowVal, Val},
    },
};

use super::own::truth;

type Answer<'b, 'v> = Result<CowVal<'b, 'v>, ExecutionError>;

pub(super) fn register(env: &mut Env) -> Result<(), DeclarationError> {
    env.add_member_overload("isSorted", "list.isSorted()", LIST_TYPE, vec![], is_sorted)?;
    env.add_member_overload("sum", "list.sum()", LIST_TYPE, vec![], sum)?;
    env.add_member_overload("min", "list.min()", LIST_TYPE, vec![], min)?;
    env.add_member_overload("max", "list.max()", LIST_TYPE, vec![], max)?;
    env.add_member_overload("indexOf", "list.indexOf(dyn)", LIST_TYPE, vec![DYN_TYPE], index_of)?;
    env.add_member_overload("lastIndexOf", "list.lastIndexOf(dyn)", LIST_TYPE, vec![DYN_TYPE], last_index_of)
}

/// The elements of a call's receiver.
pub(super) fn elements<'a, 'v>(args: &'a [CowVal<'_, 'v>], at: usize) -> Result<Vec<&'a (dyn Val + 'v)>, ExecutionError> {
    let list = args.get(at).ok_or_else(|| ExecutionError::invalid_argument_count(at + 1, args.len()))?.as_ref();
    let wrong = || ExecutionError::UnexpectedType { got: list.get_type().name().into(), want: "list".into() };
    let mut items = list.as_iterable().ok_or_else(wrong)?.iter();
    Ok(std::iter::from_fn(|| items.next()).collect())
}

fn compare(one: &dyn Val, other: &dyn Val) -> Result<Ordering, ExecutionError> {
    let wrong = || ExecutionError::UnexpectedType { got: other.get_type().name().into(), want: one.get_type().name().into() };
    one.as_comparer().ok_or_else(wrong)?.compare(other)
}

fn is_sorted<'b, 'v>(args: Vec<CowVal<'b, 'v>>) -> Answer<'b, 'v> {
    let items = elements(&args, 0)?;
    if let Some(first) = items.first() {
        compare(*first, *first)?;
    }
    for pair in items.windows(2) {
        if compare(pair[0], pair[1])?.is_gt() {
            return Ok(CowVal::owned(truth(false)));
        }
    }
    Ok(CowVal::owned(CelBool::from(true)))
}

/// 0 for an empty list.
fn sum<'b, 'v>(args: Vec<CowVal<'b, 'v>>) -> Answer<'b, 'v> {
    let items = elements(&args, 0)?;
    let Some((first, rest)) = items.split_first() else { return Ok(CowVal::owned(CelInt::from(0))) };
    if !matches!(first.get_type().name(), "int" | "uint" | "double" | "google.protobuf.Duration") {
        return Err(ExecutionError::function_error("sum", format!("{} cannot be summed up", first.get_type().name())));
    }
    let mut total: Box<dyn Val + 'v> = first.clone_as_boxed();
    for item in rest {
        let wrong = || ExecutionError::function_error("sum", format!("{} cannot be summed up", item.get_type().name()));
        let next = total.as_adder().ok_or_else(wrong)?.add(*item)?.into_owned();
        total = next;
    }
    Ok(CowVal::Owned(total))
}

fn min<'b, 'v>(args: Vec<CowVal<'b, 'v>>) -> Answer<'b, 'v> {
    extreme("min", Ordering::Less, &args)
}

fn max<'b, 'v>(args: Vec<CowVal<'b, 'v>>) -> Answer<'b, 'v> {
    extreme("max", Ordering::Greater, &args)
}

/// The first of the elements that stand so to all others.
fn extreme<'b, 'v>(name: &str, wanted: Ordering, args: &[CowVal<'b, 'v>]) -> Answer<'b, 'v> {
    let items = elements(args, 0)?;
    let (mut best, rest) = match items.split_first() {
        Some((first, rest)) => (*first, rest),
        None => return Err(ExecutionError::function_error(name, "the list is empty")),
    };
    compare(best, best)?;
    for item in rest {
        if compare(*item, best)? == wanted {
            best = *item;
        }
    }
    Ok(CowVal::Owned(best.clone_as_boxed()))
}

fn index_of<'b, 'v>(args: Vec<CowVal<'b, 'v>>) -> Answer<'b, 'v> {
    position(&args, |items, wanted| items.iter().position(|item| item.equals(wanted)))
}

fn last_index_of<'b, 'v>(args: Vec<CowVal<'b, 'v>>) -> Answer<'b, 'v> {
    position(&args, |items, wanted| items.iter().rposition(|item| item.equals(wanted)))
}

fn position<'b, 'v>(args: &[CowVal<'b, 'v>], find: impl Fn(&[&dyn Val], &dyn Val) -> Option<usize>) -> Answer<'b, 'v> {
    let items = elements(args, 0)?;
    let wanted = args.get(1).ok_or_else(|| ExecutionError::invalid_argument_count(1, 0))?;
    let found = find(&items, wanted.as_ref()).and_then(|at| i64::try_from(at).ok());
    Ok(CowVal::owned(CelInt::from(found.unwrap_or(-1))))
}
