use cel::common::ast::{CallExpr, Expr, IdedExpr, LiteralValue, operators};

/// Writes an expression back as text, where it is short enough to be worth it; none for what a macro expanded to.
pub(super) fn render(expr: &IdedExpr) -> Option<String> {
    Some(match &expr.expr {
        Expr::Ident(name) => name.clone(),
        Expr::Literal(value) => literal(value),
        Expr::Select(select) if select.test => format!("has({}.{})", render(&select.operand)?, select.field),
        Expr::Select(select) => format!("{}.{}", render(&select.operand)?, select.field),
        Expr::List(list) => format!("[{}]", all(&list.elements)?),
        Expr::Call(call) => render_call(call)?,
        Expr::Comprehension(_) | Expr::Map(_) | Expr::Struct(_) | Expr::Unspecified => return None,
    })
}

fn render_call(call: &CallExpr) -> Option<String> {
    let args = &call.args;
    Some(match (call.func_name.as_str(), args.as_slice()) {
        (operators::INDEX, [of, index]) => format!("{}[{}]", render(of)?, render(index)?),
        (operators::OPT_INDEX, [of, index]) => format!("{}[?{}]", render(of)?, render(index)?),
        (operators::OPT_SELECT, [of, field]) => format!("{}.?{}", render(of)?, render(field)?.trim_matches('"')),
        (operators::LOGICAL_NOT, [of]) => format!("!{}", render(of)?),
        (operators::NEGATE, [of]) => format!("-{}", render(of)?),
        (operators::CONDITIONAL, [test, yes, no]) => format!("{} ? {} : {}", render(test)?, render(yes)?, render(no)?),
        (operators::IN, [left, right]) => format!("{} in {}", render(left)?, render(right)?),
        (name, [left, right]) if name.starts_with('_') && name.ends_with('_') => {
            format!("{} {} {}", render(left)?, name.trim_matches('_'), render(right)?)
        }
        (name, _) => match &call.target {
            Some(target) => format!("{}.{name}({})", render(target)?, all(args)?),
            None => format!("{name}({})", all(args)?),
        },
    })
}

fn all(parts: &[IdedExpr]) -> Option<String> {
    parts.iter().map(render).collect::<Option<Vec<_>>>().map(|parts| parts.join(", "))
}

fn literal(value: &LiteralValue) -> String {
    match value {
        LiteralValue::Boolean(value) => value.inner().to_string(),
        LiteralValue::Int(value) => value.inner().to_string(),
        LiteralValue::UInt(value) => format!("{}u", value.inner()),
        LiteralValue::Double(value) => value.inner().to_string(),
        LiteralValue::String(value) => format!("\"{}\"", value.inner()),
        LiteralValue::Bytes(_) => "b\"…\"".into(),
        LiteralValue::Null => "null".into(),
    }
}
