use std::collections::BTreeMap;

use cel::{Context, ExecutionError, Program, Value, common::types::CelBool};
use serde_json::Value as Json;

use super::{environment, explain, explain::Fact, lint, value};
use crate::text::Text;

/// Longer expressions belong into several checks.
const LONGEST: usize = 4096;

/// Named values that an expression sees.
#[derive(Debug, Clone, Default)]
pub struct Bindings {
    values: BTreeMap<String, Value>,
}

impl Bindings {
    /// Gives a value a name.
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, json: &Json) -> Self {
        self.values.insert(name.into(), value::from_json(json));
        self
    }

    pub(super) fn context(&self) -> Result<Context<'static, 'static>, CelFailure> {
        let mut context = environment::context().map_err(CelFailure::Failed)?;
        for (name, value) in &self.values {
            context.add_variable_from_value(name.clone(), value.clone());
        }
        Ok(context)
    }
}

/// What is wrong with the text of an expression.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", message.en)]
pub struct CelProblem {
    /// What is wrong.
    pub message: Text,
    /// Line and column in the expression, from 1.
    pub position: Option<(u32, u32)>,
}

/// Why an expression gave no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CelFailure {
    /// Something it reads is not there (yet).
    #[error("`{path}` is not there")]
    Missing {
        /// The path as the expression writes it.
        path: String,
    },
    /// It gave something other than true or false.
    #[error("it gave {got}, not true or false")]
    NotBoolean {
        /// What it gave.
        got: String,
    },
    /// It could not be evaluated.
    #[error("{0}")]
    Failed(String),
}

/// A compiled expression.
#[derive(Debug)]
pub struct Expression {
    program: Program,
}

impl Expression {
    /// Compiles a text.
    ///
    /// # Errors
    /// The text is no CEL, or costs too much to evaluate over every change of a cluster.
    pub fn compile(text: &str) -> Result<Self, CelProblem> {
        let refuse = |ko: String, en: String| CelProblem { message: Text::new(ko, en), position: None };
        if text.chars().count() > LONGEST {
            return Err(refuse(format!("식이 {LONGEST}자보다 깁니다"), format!("the expression is longer than {LONGEST} characters")));
        }
        let env = environment::env().map_err(|e| refuse(e.clone(), e))?;
        let program = env.compile(text).map_err(|errors| {
            let first = errors.errors.into_iter().next();
            let detail = first.as_ref().map_or_else(String::new, |e| e.msg.clone());
            let at = |n: isize| u32::try_from(n).ok().filter(|n| *n > 0);
            CelProblem {
                message: Text::new(format!("CEL 식을 읽을 수 없습니다: {detail}"), format!("the CEL expression cannot be read: {detail}")),
                position: first.and_then(|e| at(e.pos.0).zip(at(e.pos.1))),
            }
        })?;
        let expression = Self { program };
        match lint::too_costly(&expression) {
            Some(message) => Err(CelProblem { message, position: None }),
            None => Ok(expression),
        }
    }

    /// Evaluates it to true or false.
    ///
    /// # Errors
    /// It has no answer.
    pub fn eval(&self, bindings: &Bindings) -> Result<bool, CelFailure> {
        let context = bindings.context()?;
        match Value::resolve_val(self.program.expression(), &context) {
            Ok(answer) => match answer.downcast_ref::<CelBool>() {
                Some(answer) => Ok(*answer.inner()),
                None => Err(CelFailure::NotBoolean { got: value::shown(answer.as_ref()) }),
            },
            Err(error) => Err(self.failure(&error, &context)),
        }
    }

    /// The values of the parts that decide the answer: what `size(x)` was.
    #[must_use]
    pub fn explain(&self, bindings: &Bindings) -> Vec<Fact> {
        bindings.context().map(|context| explain::facts(self.program.expression(), &context)).unwrap_or_default()
    }

    pub(super) fn program(&self) -> &Program {
        &self.program
    }

    fn failure(&self, error: &ExecutionError, context: &Context) -> CelFailure {
        match error {
            ExecutionError::NoSuchKey(key) => {
                CelFailure::Missing { path: explain::missing_path(self.program.expression(), context).unwrap_or_else(|| key.to_string()) }
            }
            ExecutionError::IndexOutOfBounds(index) => CelFailure::Missing {
                path: explain::missing_path(self.program.expression(), context).unwrap_or_else(|| format!("[{}]", value::short(index))),
            },
            // Reading a field of null is what a missing parent looks like.
            _ if explain::reads_null(self.program.expression(), context) => {
                CelFailure::Missing { path: explain::missing_path(self.program.expression(), context).unwrap_or_else(|| error.to_string()) }
            }
            other => CelFailure::Failed(other.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Bindings, CelFailure, Expression};

    fn eval(text: &str, object: &serde_json::Value) -> Result<bool, CelFailure> {
        Expression::compile(text).unwrap().eval(&Bindings::default().with("object", object))
    }

    /// The silent wrong verdicts that other evaluators give over live objects.
    #[test]
    fn trap_fp23_live_objects_compare_as_they_read() {
        let object = json!({
            "metadata": {"namespace": "shop", "labels": {"app.kubernetes.io/name": "web"}},
            "spec": {"replicas": 3, "big": u64::MAX, "ratio": 0.5, "paused": null},
            "status": {}
        });
        for text in [
            "3 == 3",
            "object.spec.replicas == 3",
            "object.spec.replicas + 1 == 4",
            "object.spec.replicas >= 3 && object.spec.replicas < 4",
            "object.spec.ratio == 0.5",
            "object.spec.paused == null",
            "'app.kubernetes.io/name' in object.metadata.labels",
            "object.metadata.namespace == 'shop'",
            "object.metadata.labels['app.kubernetes.io/name'] == 'web'",
            "!object.?status.?conditions.hasValue()",
            "object.?status.?conditions.orValue([]).size() == 0",
            "!has(object.status.conditions)",
            "'한글'.size() == 2",
            "size('한글') == 2",
            "[1, 2, 3].exists(x, x == object.spec.replicas)",
            "[1, 2].map(x, x * 2).filter(x, x > 2) == [4]",
            "'Web'.lowerAscii() == 'web' && 'a,b'.split(',').size() == 2",
            "quantity('500m') < quantity('1') && quantity('1Gi') == quantity('1024Mi')",
            "image('nginx:1.27').tag == '1.27' && image('nginx').repository == 'docker.io/library/nginx' && !image('nginx').pinned",
        ] {
            assert_eq!(eval(text, &object), Ok(true), "{text}");
        }
        assert_eq!(eval("object.spec.replicas == 4", &object), Ok(false));
        assert_eq!(eval("object.?status.?conditions.hasValue()", &object), Ok(false));
    }

    #[test]
    fn trap_ff07_a_missing_parent_names_its_path() {
        let object = json!({"spec": {"nothing": null, "ports": []}, "pods": [{"name": "web-1"}]});
        for (text, path) in [
            ("object.status.ready == 1", "object.status"),
            ("object.spec.template.spec == 1", "object.spec.template"),
            ("object.spec.nothing.deeper == 1", "object.spec.nothing.deeper"),
            ("object.spec.ports[0].port == 80", "object.spec.ports[0]"),
            ("object.pods.all(p, p.status.ready)", "p.status"),
            ("object.pods.map(p, p.labels['app'])[0] == 'web'", "p.labels"),
        ] {
            assert_eq!(eval(text, &object), Err(CelFailure::Missing { path: path.into() }), "{text}");
        }
    }

    #[test]
    fn an_expression_without_a_truth_value_says_what_it_gave() {
        assert_eq!(eval("object.spec", &json!({"spec": 3})), Err(CelFailure::NotBoolean { got: "3".into() }));
        assert!(matches!(eval("nobody.spec == 1", &json!({})), Err(CelFailure::Failed(_))));
        assert!(matches!(eval("quantity('lots') > 1.0", &json!({})), Err(CelFailure::Failed(_))));
    }

    #[test]
    fn problems_of_the_text_have_a_place() {
        let problem = Expression::compile("object.spec ==").unwrap_err();
        assert_eq!(problem.position.map(|p| p.0), Some(1));
        assert!(problem.message.en.contains("cannot be read"), "{problem}");
        let nested = "[1].all(a, [1].all(b, [1].all(c, [1].all(d, [1].all(e, true)))))";
        assert!(Expression::compile(nested).is_err());
        assert!(Expression::compile(&format!("'{}' == ''", "x".repeat(5000))).is_err());
    }
}
