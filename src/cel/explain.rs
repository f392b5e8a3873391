use cel::{
    Context, Value,
    common::ast::{CallExpr, ComprehensionExpr, Expr, IdedExpr, LiteralValue, operators},
};

use super::{render::render, value::short};

/// What a part of an expression was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// The part, as the expression writes it.
    pub part: String,
    /// Its value, in short.
    pub value: String,
    /// Whether the whole came out false because of it.
    pub decisive: bool,
}

const MOST: usize = 8;

/// The values of the parts that decide a false answer, decisive ones first.
pub(super) fn facts(expr: &IdedExpr, context: &Context) -> Vec<Fact> {
    let mut found = Vec::new();
    collect(expr, context, true, &mut found);
    found.sort_by_key(|fact| !fact.decisive);
    found.dedup();
    found.truncate(MOST);
    found
}

fn collect(expr: &IdedExpr, context: &Context, wanted: bool, found: &mut Vec<Fact>) {
    match &expr.expr {
        Expr::Call(call) => collect_call(expr, call, context, wanted, found),
        Expr::Comprehension(macro_) => collect_macro(macro_, context, wanted, found),
        Expr::Select(_) | Expr::Ident(_) => push(expr, context, wanted, found),
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
                push(part, context, true, found);
            }
        }
        _ => push(expr, context, true, found),
    }
}

fn push(expr: &IdedExpr, context: &Context, decisive: bool, found: &mut Vec<Fact>) {
    if matches!(expr.expr, Expr::Literal(_) | Expr::List(_)) {
        return;
    }
    if let Expr::Comprehension(macro_) = &expr.expr {
        return collect_macro(macro_, context, decisive, found);
    }
    if let (Some(part), Ok(value)) = (render(expr), Value::resolve(expr, context)) {
        found.push(Fact { part, value: short(&value), decisive });
    }
}

/// `all` and `exists`: which elements did not satisfy the predicate.
fn collect_macro(macro_: &ComprehensionExpr, context: &Context, wanted: bool, found: &mut Vec<Fact>) {
    let Some(range) = render(&macro_.iter_range) else { return };
    let Ok(Value::List(items)) = Value::resolve(&macro_.iter_range, context) else { return push(&macro_.iter_range, context, true, found) };
    if items.is_empty() {
        found.push(Fact { part: format!("size({range})"), value: "0".into(), decisive: true });
        return;
    }
    let Some(predicate) = predicate(macro_) else { return push(&macro_.iter_range, context, true, found) };
    let failing: Vec<String> = items
        .iter()
        .filter(|item| {
            let mut inner = context.new_inner_scope();
            inner.add_variable_from_value(macro_.iter_var.clone(), (*item).clone());
            Value::resolve(predicate, &inner) != Ok(Value::Bool(wanted))
        })
        .map(short)
        .collect();
    if let (false, Some(predicate)) = (failing.is_empty(), render(predicate)) {
        let part = format!("{range}: {}{predicate}", if wanted { "not " } else { "" });
        found.push(Fact { part, value: failing.join(", "), decisive: true });
    }
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
    first_in(expr, &|part| {
        let parent = parent_of(part)?;
        let missing = Value::resolve(part, context).is_err() && Value::resolve(parent, context).is_ok();
        missing.then(|| render(part)).flatten()
    })
}

/// Whether a part of the expression reads a field of null.
pub(super) fn reads_null(expr: &IdedExpr, context: &Context) -> bool {
    first_in(expr, &|part| {
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

fn first_in<T>(expr: &IdedExpr, test: &dyn Fn(&IdedExpr) -> Option<T>) -> Option<T> {
    let inner = match &expr.expr {
        Expr::Select(select) => first_in(&select.operand, test),
        Expr::Call(call) => call.target.as_deref().into_iter().chain(&call.args).find_map(|part| first_in(part, test)),
        Expr::Comprehension(macro_) => first_in(&macro_.iter_range, test),
        Expr::List(list) => list.elements.iter().find_map(|part| first_in(part, test)),
        _ => None,
    };
    inner.or_else(|| test(expr))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::{Bindings, Expression};

    fn facts(text: &str, object: &serde_json::Value) -> Vec<(String, String)> {
        let bindings = Bindings::default().with("object", object).with("pods", &object["pods"]);
        let facts = Expression::compile(text).unwrap().explain(&bindings);
        facts.into_iter().map(|fact| (fact.part, fact.value)).collect()
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
}
