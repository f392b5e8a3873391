use cel::common::ast::{EntryExpr, Expr, IdedExpr, LiteralValue, operators};

use super::{
    calls,
    expression::{CelProblem, Expression},
    functions::{TYPES, is_namespace},
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
    let calls = wrong_calls(&expression).into_iter().map(|(name, message)| CelProblem { position: place(text, &name), message });
    undeclared.chain(suspicious_comparisons(&expression)).map(problem).chain(calls).collect()
}

/// Where a function is first called: line and column, from 1.
fn place(text: &str, function: &str) -> Option<(u32, u32)> {
    let called = |at: &usize| {
        let (before, after) = (&text[..*at], &text[at + function.len()..]);
        !before.ends_with(|c: char| c.is_alphanumeric() || c == '_') && after.trim_start().starts_with('(')
    };
    let at = text.match_indices(function).map(|(at, _)| at).find(called)?;
    let line_start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
    let line = u32::try_from(text[..at].matches('\n').count() + 1).ok()?;
    Some((line, u32::try_from(text[line_start..at].chars().count() + 1).ok()?))
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
            let namespace = |target: &IdedExpr| matches!(&target.expr, Expr::Ident(name) if is_namespace(name));
            if let Some(target) = call.target.as_deref().filter(|target| !namespace(target)) {
                walk_names(target, scope, names);
            }
            call.args.iter().for_each(|part| walk_names(part, scope, names));
        }
        _ => parts(expr).into_iter().for_each(|part| walk_names(part, scope, names)),
    }
}

/// Calls of what does not exist, or not on such a value, with the name of the function.
fn wrong_calls(expression: &Expression) -> Vec<(String, Text)> {
    let mut found = Vec::new();
    visit(expression.program().expression(), &mut |expr| {
        if let Expr::Call(call) = &expr.expr
            && let Some(problem) = calls::problem(call)
        {
            found.push((call.func_name.clone(), problem));
        }
    });
    found
}

/// Comparisons of values whose types can never be equal, which CEL itself lets pass as quietly false (`"1" == 1`), and arithmetic
/// that quantities do not have.
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
        let (one, other) = (type_of(left), type_of(right));
        let calculates = matches!(call.func_name.as_str(), operators::ADD | operators::SUBSTRACT | operators::MULTIPLY | operators::DIVIDE);
        if calculates && (one == Some("quantity") || other == Some("quantity")) {
            let text = render(expr).unwrap_or_default();
            found.push(Text::new(
                format!("`{text}`: quantity는 `.add(…)`, `.sub(…)` 또는 `.asApproximateFloat()`로 계산합니다"),
                format!("`{text}` calculates with a quantity; use `.add(…)`, `.sub(…)` or `.asApproximateFloat()`"),
            ));
        }
        let ordered = !matches!(call.func_name.as_str(), operators::EQUALS | operators::NOT_EQUALS);
        let amount_first = ordered && (one, other) == (Some("quantity"), Some("number"));
        if let (true, Some(one), Some(other)) = (compares && !amount_first, one, other)
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
            "quantity" => Some("quantity"),
            "size" | "int" | "uint" | "double" | "indexOf" | "lastIndexOf" | "asInteger" | "asApproximateFloat" | "compareTo" | "sign"
            | "family" | "prefixLength" | "major" | "minor" | "patch" => Some("number"),
            "string" | "lowerAscii" | "upperAscii" | "trim" | "replace" | "join" | "substring" | "find" | "getScheme" | "getHost"
            | "getHostname" | "getPort" | "getEscapedPath" => Some("string"),
            "startsWith"
            | "endsWith"
            | "contains"
            | "matches"
            | "hasValue"
            | "isQuantity"
            | "isIP"
            | "isCIDR"
            | "isURL"
            | "isSemver"
            | "isInteger"
            | "isLessThan"
            | "isGreaterThan"
            | "isSorted"
            | "containsIP"
            | "containsCIDR"
            | operators::IN
            | operators::LOGICAL_NOT => Some("bool"),
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
            "quantity(deploy.spec.x) >= 0.5 && quantity('1').add(quantity('2')).isLessThan(quantity('4'))",
            "ip.isCanonical(deploy.spec.clusterIP) && cidr('10.0.0.0/8').containsIP(deploy.spec.clusterIP)",
            "cidr('10.0.0.0/8').ip().family() == 4 && type(ip('::1')) == net.IP && sets.contains([1], [1])",
            "!format.dns1123Label().validate(deploy.metadata.name).hasValue() && semver('v1', true).major() == 1",
            "url(deploy.spec.link).getHost().startsWith('a') && pods.map(p, p.n).sum() == 3 && 'a'.find('b') == ''",
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
            "quantity('1') == 1",
            "0.5 * quantity('1') == deploy.spec.x",
        ] {
            assert_eq!(messages(text).len(), 1, "{text}");
        }
    }

    #[test]
    fn names_that_nobody_declared_are_found() {
        assert_eq!(messages("deployment.spec.replicas == 1"), ["nothing is named `deployment`; declared are: deploy, pods"]);
        assert_eq!(messages("pods.all(p, q.ready)"), ["nothing is named `q`; declared are: deploy, pods"]);
        assert_eq!(messages("pods ===").len(), 1);
    }

    #[test]
    fn calls_of_what_does_not_exist_have_a_place_and_a_suggestion() {
        for (text, place, message) in [
            ("length(pods) == 1", (1, 1), "there is no function `length`; did you mean `size`?"),
            ("true &&\n  quantty('1') > 0", (2, 3), "there is no function `quantty`; did you mean `quantity`?"),
            (
                "quantity('1').lessThan(quantity('2'))",
                (1, 15),
                "a value of type quantity has no function `lessThan`; did you mean `isLessThan`?",
            ),
            (
                "quantity('1').getHost() == ''",
                (1, 15),
                "a value of type quantity has no function `getHost`; it is called on a value of type url",
            ),
            ("'한글' == 'x' || pods.siez() == 1", (1, 21), "there is no function `siez`; did you mean `size`?"),
            ("isLessThan(pods, pods)", (1, 1), "`isLessThan` is called on a value: `x.isLessThan(…)`, where x is of type quantity, semver"),
            ("deploy.spec.cpu.quantity() > 1", (1, 17), "`quantity` is not called on a value; write `quantity(…)`"),
            ("sets.contain([1], [1])", (1, 6), "there is no function `sets.contain`; did you mean `sets.contains`?"),
        ] {
            let found = lint(text, &["deploy", "pods"]);
            let found: Vec<_> = found.into_iter().map(|problem| (problem.position, problem.message.en)).collect();
            assert_eq!(found, [(Some(place), message.to_owned())], "{text}");
        }
    }

    /// The catalogue holds what there is, neither more nor less than can be called.
    #[test]
    fn every_function_of_the_catalogue_exists() {
        use super::super::{Bindings, CelFailure, functions};
        let members = functions::MEMBER.iter().flat_map(|(_, own)| own.iter().map(|name| format!("dyn(null).{name}()")));
        for call in functions::GLOBAL.iter().map(|name| format!("{name}(null, null, null, null)")).chain(members) {
            let failure = super::Expression::compile(&call).unwrap().eval(&Bindings::default());
            let Err(CelFailure::Failed(failure)) = failure else { continue };
            assert!(!failure.contains("ndeclared"), "{call}: {failure}");
        }
    }
}
