use cel::common::ast::{CallExpr, EntryExpr, Expr, IdedExpr, LiteralValue, operators};

use super::{
    environment::{FUNCTIONS, NAMESPACES, TYPES},
    expression::{CelProblem, Expression},
    render::render,
};
use crate::text::Text;

const MOST_NODES: usize = 600;
const DEEPEST_LOOP: usize = 4;

/// Everything that is wrong with an expression whose variables have these names: what cannot be read, names that nobody
/// declared, functions that do not exist, comparisons that can never hold.
#[must_use]
pub fn lint(text: &str, declared: &[&str]) -> Vec<CelProblem> {
    let expression = match Expression::compile(text) {
        Ok(expression) => expression,
        Err(problem) => return vec![problem],
    };
    let problem = |message| CelProblem { message, position: None };
    let undeclared = undeclared_names(&expression, declared).into_iter().map(|name| {
        Text::new(
            format!("`{name}`(이)라는 이름이 선언되지 않았습니다. 쓸 수 있는 이름: {}", declared.join(", ")),
            format!("nothing is named `{name}`; declared are: {}", declared.join(", ")),
        )
    });
    let unknown = unknown_functions(&expression)
        .into_iter()
        .map(|name| Text::new(format!("`{name}`(이)라는 함수는 없습니다"), format!("there is no function `{name}`")));
    undeclared.chain(unknown).chain(suspicious_comparisons(&expression)).map(problem).collect()
}

/// Variables that an expression reads and nobody declared.
#[must_use]
pub fn undeclared_names(expression: &Expression, declared: &[&str]) -> Vec<String> {
    let mut names = Vec::new();
    let mut scope: Vec<&str> = declared.iter().chain(TYPES).copied().collect();
    walk_names(expression.program().expression(), &mut scope, &mut names);
    names.dedup();
    names
}

fn walk_names<'e>(expr: &'e IdedExpr, scope: &mut Vec<&'e str>, names: &mut Vec<String>) {
    match &expr.expr {
        Expr::Ident(name) if !name.starts_with('@') && !scope.contains(&name.as_str()) => names.push(name.clone()),
        Expr::Comprehension(macro_) => {
            walk_names(&macro_.iter_range, scope, names);
            walk_names(&macro_.accu_init, scope, names);
            let depth = scope.len();
            scope.extend([macro_.iter_var.as_str(), macro_.accu_var.as_str()]);
            scope.extend(macro_.iter_var2.as_deref());
            for part in [&macro_.loop_cond, &macro_.loop_step, &macro_.result] {
                walk_names(part, scope, names);
            }
            scope.truncate(depth);
        }
        Expr::Call(call) => {
            let namespace = |target: &IdedExpr| matches!(&target.expr, Expr::Ident(name) if NAMESPACES.contains(&name.as_str()));
            if let Some(target) = call.target.as_deref().filter(|target| !namespace(target)) {
                walk_names(target, scope, names);
            }
            call.args.iter().for_each(|part| walk_names(part, scope, names));
        }
        _ => parts(expr).into_iter().for_each(|part| walk_names(part, scope, names)),
    }
}

fn unknown_functions(expression: &Expression) -> Vec<String> {
    let mut names = Vec::new();
    visit(expression.program().expression(), &mut |expr| {
        if let Expr::Call(CallExpr { func_name, .. }) = &expr.expr {
            let operator = func_name.contains(['_', '@', '!', '-', '?']);
            if !operator && !FUNCTIONS.contains(&func_name.as_str()) {
                names.push(func_name.clone());
            }
        }
    });
    names
}

/// Comparisons of values whose types can never be equal: CEL itself lets `"1" == 1` pass as quietly false.
#[must_use]
pub fn suspicious_comparisons(expression: &Expression) -> Vec<Text> {
    let mut found = Vec::new();
    visit(expression.program().expression(), &mut |expr| {
        let Expr::Call(call) = &expr.expr else { return };
        let [left, right] = call.args.as_slice() else { return };
        let compares = matches!(
            call.func_name.as_str(),
            operators::EQUALS
                | operators::NOT_EQUALS
                | operators::GREATER
                | operators::GREATER_EQUALS
                | operators::LESS
                | operators::LESS_EQUALS
        );
        if let (true, Some(one), Some(other)) = (compares, type_of(left), type_of(right))
            && one != other
        {
            let text = render(expr).unwrap_or_default();
            found.push(Text::new(
                format!("`{text}`: {one}와(과) {other}의 비교는 결코 성립하지 않습니다"),
                format!("`{text}` compares {one} with {other}, which never holds"),
            ));
        }
    });
    found
}

/// The type of an expression, where its text alone tells; numbers compare with each other.
fn type_of(expr: &IdedExpr) -> Option<&'static str> {
    match &expr.expr {
        Expr::Literal(value) => Some(match value {
            LiteralValue::Boolean(_) => "bool",
            LiteralValue::Int(_) | LiteralValue::UInt(_) | LiteralValue::Double(_) => "number",
            LiteralValue::String(_) => "string",
            LiteralValue::Bytes(_) => "bytes",
            LiteralValue::Null => return None,
        }),
        Expr::Call(call) => match call.func_name.as_str() {
            "size" | "int" | "uint" | "double" | "quantity" | "indexOf" | "lastIndexOf" => Some("number"),
            "string" | "lowerAscii" | "upperAscii" | "trim" | "replace" | "join" | "substring" => Some("string"),
            "startsWith" | "endsWith" | "contains" | "matches" | "hasValue" | "isQuantity" | operators::IN | operators::LOGICAL_NOT => {
                Some("bool")
            }
            operators::INDEX => match &call.args.first()?.expr {
                Expr::Select(select) => of_text_map(&select.field),
                _ => None,
            },
            _ => None,
        },
        Expr::Select(select) if select.test => Some("bool"),
        Expr::Select(select) => match (select.field.as_str(), &select.operand.expr) {
            (
                "replicas" | "readyReplicas" | "availableReplicas" | "updatedReplicas" | "generation" | "observedGeneration"
                | "containerPort",
                _,
            ) => Some("number"),
            ("name" | "namespace" | "image" | "kind" | "apiVersion" | "clusterIP" | "phase", _) => Some("string"),
            (_, Expr::Select(parent)) => of_text_map(&parent.field),
            _ => None,
        },
        _ => None,
    }
}

fn of_text_map(field: &str) -> Option<&'static str> {
    matches!(field, "labels" | "annotations" | "matchLabels" | "nodeSelector").then_some("string")
}

/// Why an expression is too big to be evaluated at every change.
pub(super) fn too_costly(expression: &Expression) -> Option<Text> {
    let root = expression.program().expression();
    let mut nodes = 0;
    visit(root, &mut |_| nodes += 1);
    if nodes > MOST_NODES {
        return Some(Text::new(
            format!("식의 항이 {MOST_NODES}개보다 많습니다"),
            format!("the expression has more than {MOST_NODES} parts"),
        ));
    }
    (loops(root) > DEEPEST_LOOP).then(|| {
        Text::new(
            format!("all, exists, map, filter를 {DEEPEST_LOOP}단계보다 깊게 겹쳤습니다"),
            format!("all, exists, map or filter are nested more than {DEEPEST_LOOP} deep"),
        )
    })
}

fn loops(expr: &IdedExpr) -> usize {
    let inner = parts(expr).into_iter().map(loops).max().unwrap_or(0);
    inner + usize::from(matches!(expr.expr, Expr::Comprehension(_)))
}

fn visit<'e>(expr: &'e IdedExpr, see: &mut dyn FnMut(&'e IdedExpr)) {
    see(expr);
    parts(expr).into_iter().for_each(|part| visit(part, see));
}

fn parts(expr: &IdedExpr) -> Vec<&IdedExpr> {
    match &expr.expr {
        Expr::Call(call) => call.target.as_deref().into_iter().chain(&call.args).collect(),
        Expr::Comprehension(m) => vec![&m.iter_range, &m.accu_init, &m.loop_cond, &m.loop_step, &m.result],
        Expr::List(list) => list.elements.iter().collect(),
        Expr::Select(select) => vec![&select.operand],
        Expr::Map(map) => map.entries.iter().flat_map(|entry| entry_parts(&entry.expr)).collect(),
        Expr::Struct(of) => of.entries.iter().flat_map(|entry| entry_parts(&entry.expr)).collect(),
        Expr::Ident(_) | Expr::Literal(_) | Expr::Unspecified => Vec::new(),
    }
}

fn entry_parts(entry: &EntryExpr) -> Vec<&IdedExpr> {
    match entry {
        EntryExpr::StructField(field) => vec![&field.value],
        EntryExpr::MapEntry(entry) => vec![&entry.key, &entry.value],
    }
}

#[cfg(test)]
mod tests {
    use super::lint;

    fn messages(text: &str) -> Vec<String> {
        lint(text, &["deploy", "pods"]).into_iter().map(|problem| problem.message.en).collect()
    }

    #[test]
    fn sound_expressions_pass() {
        for text in [
            "deploy.spec.replicas == 3 && pods.all(p, p.metadata.labels.app == 'web' && pods.exists(q, q == p))",
            "deploy.?status.?conditions.orValue([]).size() > 0",
            "pods.map(p, p.metadata.name).sortBy(n, n)[0] == 'a' && optional.of(1).hasValue()",
            "type(deploy) == map && deploy.spec.template.spec.containers[0].image.startsWith('r/')",
            "deploy.metadata.labels['app'] == 'web' && deploy.spec.x == null",
        ] {
            assert_eq!(messages(text), Vec::<String>::new(), "{text}");
        }
    }

    #[test]
    fn trap_fp23_comparisons_across_types_are_refused() {
        for text in [
            "'1' == 1",
            "deploy.spec.replicas == '3'",
            "size(pods) == '2'",
            "deploy.metadata.labels.tier == 1",
            "deploy.metadata.annotations['a'] != true",
            "quantity('1') > '2'",
        ] {
            assert_eq!(messages(text).len(), 1, "{text}");
        }
    }

    #[test]
    fn names_that_nobody_declared_are_found() {
        assert_eq!(messages("deployment.spec.replicas == 1"), ["nothing is named `deployment`; declared are: deploy, pods"]);
        assert_eq!(messages("pods.all(p, q.ready)"), ["nothing is named `q`; declared are: deploy, pods"]);
        assert_eq!(messages("len(pods) == 1"), ["there is no function `len`"]);
        assert_eq!(messages("pods ===").len(), 1);
    }
}
