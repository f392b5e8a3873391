use cel::{
    Context, Value,
    common::{
        ast::{CallExpr, ComprehensionExpr, Expr, IdedExpr, LiteralValue, operators},
        value::Val,
    },
};

use super::{render::render, value::shown};

/// What a part of an expression was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// The part, as the expression writes it.
    pub part: String,
    /// What of the expression's text the value belongs to.
    pub at: String,
    /// Its value, in short.
    pub value: String,
    /// Whether the whole came out false because of it; otherwise it is a part of such a part.
    pub decisive: bool,
}

const MOST: usize = 8;
const MOST_INNER: usize = 16;

/// The values of the parts that decide a false answer, then those of the parts within them.
pub(super) fn facts(expr: &IdedExpr, context: &Context) -> Vec<Fact> {
    let mut found = Vec::new();
    collect(expr, context, true, &mut found);
    let (mut decisive, within): (Vec<Fact>, Vec<Fact>) = found.into_iter().partition(|fact| fact.decisive);
    decisive.dedup();
    decisive.truncate(MOST);
    let mut inner: Vec<Fact> = Vec::new();
    for fact in within {
        if !decisive.iter().chain(&inner).any(|other| other.at == fact.at) {
            inner.push(fact);
        }
    }
    inner.truncate(MOST_INNER);
    decisive.extend(inner);
    decisive
}

fn collect<'v>(expr: &IdedExpr, context: &Context<'_, 'v>, wanted: bool, found: &mut Vec<Fact>) {
    match &expr.expr {
        Expr::Call(call) => collect_call(expr, call, context, wanted, found),
        Expr::Comprehension(macro_) => collect_macro(macro_, context, wanted, found),
        Expr::Select(_) | Expr::Ident(_) => push(expr, context, found),
        _ => {}
    }
}

fn collect_call(expr: &IdedExpr, call: &CallExpr, context: &Context, wanted: bool, found: &mut Vec<Fact>) {
    match call.func_name.as_str() {
        operators::LOGICAL_AND | operators::LOGICAL_OR => {
            for part in &call.args {
                // A part that already is as wanted has nothing to explain.
                if Value::resolve(part, context) != Ok(Value::Bool(wanted)) {
                    collect(part, context, wanted, found);
                }
            }
        }
        operators::LOGICAL_NOT => call.args.iter().for_each(|part| collect(part, context, !wanted, found)),
        operators::EQUALS
        | operators::NOT_EQUALS
        | operators::GREATER
        | operators::GREATER_EQUALS
        | operators::LESS
        | operators::LESS_EQUALS
        | operators::IN => {
            for part in &call.args {
                push(part, context, found);
            }
        }
        _ => push(expr, context, found),
    }
}

/// A deciding part with its value, and the values of what it is made of.
fn push(expr: &IdedExpr, context: &Context, found: &mut Vec<Fact>) {
    if matches!(expr.expr, Expr::Literal(_) | Expr::List(_)) {
        return;
    }
    if let Expr::Comprehension(macro_) = &expr.expr {
        return collect_macro(macro_, context, true, found);
    }
    found.extend(fact(expr, context, true));
    push_inner(expr, context, found);
}

fn fact(expr: &IdedExpr, context: &Context, decisive: bool) -> Option<Fact> {
    let (part, value) = (render(expr)?, Value::resolve_val(expr, context).ok()?);
    Some(Fact { at: part.clone(), part, value: shown(value.as_ref()), decisive })
}

/// What a call is made of; the path to a field is one thing.
fn push_inner(expr: &IdedExpr, context: &Context, found: &mut Vec<Fact>) {
    let parts: Vec<&IdedExpr> = match &expr.expr {
        Expr::Call(call) => call.target.as_deref().into_iter().chain(&call.args).collect(),
        Expr::List(list) => list.elements.iter().collect(),
        Expr::Comprehension(macro_) => vec![&macro_.iter_range],
        _ => return,
    };
    for part in parts {
        if !matches!(part.expr, Expr::Literal(_) | Expr::List(_) | Expr::Comprehension(_)) {
            found.extend(fact(part, context, false));
        }
        push_inner(part, context, found);
    }
}

/// `all` and `exists`: which elements did not satisfy the predicate, and what the first of them came to.
fn collect_macro<'v>(macro_: &ComprehensionExpr, context: &Context<'_, 'v>, wanted: bool, found: &mut Vec<Fact>) {
    let Some(range) = render(&macro_.iter_range) else { return };
    let Some(items) = items(macro_, context) else { return push(&macro_.iter_range, context, found) };
    if items.is_empty() {
        found.push(Fact { part: format!("size({range})"), at: range, value: "0".into(), decisive: true });
        return;
    }
    let Some(predicate) = predicate(macro_) else { return push(&macro_.iter_range, context, found) };
    let failing: Vec<&(dyn Val + 'v)> = items
        .iter()
        .map(|item| &**item)
        .filter(|item| Value::resolve(predicate, &scope(macro_, context, *item)) != Ok(Value::Bool(wanted)))
        .collect();
    if let (Some(first), Some(text)) = (failing.first(), render(predicate)) {
        let part = format!("{range}: {}{text}", if wanted { "not " } else { "" });
        let values: Vec<String> = failing.iter().map(|item| shown(*item)).collect();
        found.push(Fact { part, at: text, value: values.join(", "), decisive: true });
        let mut within = Vec::new();
        collect(predicate, &scope(macro_, context, *first), wanted, &mut within);
        found.extend(within.into_iter().map(|fact| Fact { decisive: false, ..fact }));
    }
}

/// What a macro goes through; none where it could not be evaluated.
fn items<'v>(macro_: &ComprehensionExpr, context: &Context<'_, 'v>) -> Option<Vec<Box<dyn Val + 'v>>> {
    let range = Value::resolve_val(&macro_.iter_range, context).ok()?;
    let mut items = range.as_ref().as_iterable()?.iter();
    let mut found = Vec::new();
    while let Some(item) = items.next() {
        found.push(item.clone_as_boxed());
    }
    Some(found)
}

/// What an expression inside a macro sees for one element.
fn scope<'b, 'v>(macro_: &ComprehensionExpr, context: &'b Context<'_, 'v>, item: &(dyn Val + 'v)) -> Context<'b, 'v> {
    let mut inner = context.new_inner_scope();
    inner.add_variable_as_val(&macro_.iter_var, item.clone_as_boxed());
    inner
}

/// The predicate of an expanded `all` or `exists`: the second operand of its step's `&&` or `||`.
fn predicate(macro_: &ComprehensionExpr) -> Option<&IdedExpr> {
    let Expr::Call(step) = &macro_.loop_step.expr else { return None };
    let accumulates = matches!(macro_.accu_init.expr, Expr::Literal(LiteralValue::Boolean(_)));
    let joins = matches!(step.func_name.as_str(), operators::LOGICAL_AND | operators::LOGICAL_OR);
    (accumulates && joins).then(|| step.args.get(1)).flatten()
}

/// The shortest path of the expression whose parent is there and that itself is not.
pub(super) fn missing_path(expr: &IdedExpr, context: &Context) -> Option<String> {
    first_in(expr, context, &|part, context| {
        let parent = parent_of(part)?;
        let missing = Value::resolve_val(part, context).is_err() && Value::resolve_val(parent, context).is_ok();
        missing.then(|| render(part)).flatten()
    })
}

/// Whether a part of the expression reads a field of null.
pub(super) fn reads_null(expr: &IdedExpr, context: &Context) -> bool {
    first_in(expr, context, &|part, context| {
        let null = Value::resolve(parent_of(part)?, context) == Ok(Value::Null);
        null.then_some(())
    })
    .is_some()
}

fn parent_of(expr: &IdedExpr) -> Option<&IdedExpr> {
    match &expr.expr {
        Expr::Select(select) if !select.test => Some(&select.operand),
        Expr::Call(call) if call.func_name == operators::INDEX => call.args.first(),
        _ => None,
    }
}

/// The innermost first part that passes a test; what a macro asks is tried for each of its elements.
fn first_in<T>(expr: &IdedExpr, context: &Context, test: &dyn Fn(&IdedExpr, &Context) -> Option<T>) -> Option<T> {
    let inner = match &expr.expr {
        Expr::Select(select) => first_in(&select.operand, context, test),
        Expr::Call(call) => call.target.as_deref().into_iter().chain(&call.args).find_map(|part| first_in(part, context, test)),
        Expr::Comprehension(macro_) => first_in(&macro_.iter_range, context, test).or_else(|| {
            items(macro_, context)?.iter().find_map(|item| first_in(&macro_.loop_step, &scope(macro_, context, &**item), test))
        }),
        Expr::List(list) => list.elements.iter().find_map(|part| first_in(part, context, test)),
        _ => None,
    };
    inner.or_else(|| test(expr, context))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::{Bindings, Expression};

    fn facts(text: &str, object: &serde_json::Value) -> Vec<(String, String)> {
        let bindings = Bindings::default().with("object", object).with("pods", &object["pods"]);
        let facts = Expression::compile(text).unwrap().explain(&bindings);
        facts.into_iter().filter(|fact| fact.decisive).map(|fact| (fact.part, fact.value)).collect()
    }

    /// What stands below the carets.
    fn within(text: &str, object: &serde_json::Value) -> Vec<(String, String)> {
        let bindings = Bindings::default().with("object", object).with("pods", &object["pods"]);
        let facts = Expression::compile(text).unwrap().explain(&bindings);
        facts.into_iter().map(|fact| (fact.at, fact.value)).collect()
    }

    #[test]
    fn parts_of_a_false_answer_are_named_with_their_values() {
        let object = json!({"spec": {"replicas": 3, "selector": {"app": "web"}}, "pods": []});
        assert_eq!(facts("size(object.spec.selector) == 2", &object), [("size(object.spec.selector)".into(), "1".into())]);
        assert_eq!(
            facts("object.spec.replicas == 3 && object.spec.selector.app == 'api'", &object),
            [("object.spec.selector.app".into(), "\"web\"".into())],
            "what holds needs no explanation"
        );
    }

    #[test]
    fn the_failing_elements_of_all_are_named() {
        let object = json!({"pods": [{"metadata": {"name": "a"}, "ready": true}, {"metadata": {"name": "b"}, "ready": false}]});
        assert_eq!(facts("pods.all(p, p.ready)", &object), [("pods: not p.ready".into(), "{b}".into())]);
        assert_eq!(facts("pods.exists(p, p.ready)", &json!({"pods": []})), [("size(pods)".into(), "0".into())]);
    }

    #[test]
    fn each_part_of_a_deciding_part_has_its_value() {
        let object = json!({"used": "5Gi", "hard": "6Gi", "pods": [{"cpu": "1"}, {"cpu": "500m"}]});
        let pair = |at: &str, value: &str| (at.to_owned(), value.to_owned());
        assert_eq!(
            within("quantity(object.used).asApproximateFloat() < 0.5 * quantity(object.hard).asApproximateFloat()", &object),
            [
                pair("quantity(object.used).asApproximateFloat()", "5368709120"),
                pair("0.5 * quantity(object.hard).asApproximateFloat()", "3221225472"),
                pair("quantity(object.used)", "5Gi"),
                pair("object.used", "\"5Gi\""),
                pair("quantity(object.hard).asApproximateFloat()", "6442450944"),
                pair("quantity(object.hard)", "6Gi"),
                pair("object.hard", "\"6Gi\""),
            ]
        );
        assert_eq!(
            within("pods.all(p, quantity(p.cpu) < quantity('1'))", &object),
            [
                pair("quantity(p.cpu) < quantity(\"1\")", r#"{"cpu":"1"}"#),
                pair("quantity(p.cpu)", "1"),
                pair("p.cpu", "\"1\""),
                pair("quantity(\"1\")", "1"),
            ]
        );
        assert_eq!(facts("ip('10.0.0.1') == ip('10.0.0.2')", &object)[0].1, "10.0.0.1");
    }
}
