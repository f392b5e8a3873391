use std::path::Path;

use super::{
    super::{
        Duration, is_file_name,
        shape::Typed,
        yaml::{Node, Value},
    },
    Judge,
};
use crate::{
    cel,
    diagnostic::{Code, Diagnostic, Span, codes},
    text::Text,
};

/// Statements that say nothing, and expressions that do not parse.
pub(super) fn judge(judge: &mut Judge<'_>) {
    let mut found = Vec::new();
    for view in judge.files() {
        let mut finder = Finder { file: &view.file, found: &mut found };
        view.typed.iter().for_each(|typed| finder.look(typed));
    }
    judge.found.extend(found);
}

struct Finder<'a> {
    file: &'a Path,
    found: &'a mut Vec<Diagnostic>,
}

impl Finder<'_> {
    fn error(&mut self, code: Code, span: Span, message: Text) {
        self.found.push(Diagnostic::error(code, self.file, Some(span), message));
    }

    fn look(&mut self, typed: &Typed<'_>) {
        let node = typed.node;
        match typed.name {
            "Assert" => {
                for key in ["all", "any", "none"] {
                    self.not_empty(node, key);
                }
            }
            "AtLeast" => self.at_least(node),
            "Exists" => self.positive(node, "min"),
            "Field" => self.json_path(node, "path"),
            "Comparator" => self.comparator(node),
            "Bounds" | "Bounds2" => self.bounds(node, typed.around),
            "ImageComparator" if is_empty(node, &["repository", "pinned"]) => self.nothing(typed.around),
            "Quantifier" => {
                if let Some(count) = node.get("count") {
                    self.bounds(count, Judge::key_span(node, "count"));
                }
            }
            "Expr" => self.expression(node),
            "Parse" => {
                self.cel(node.get("that"), &["config"]);
                self.parse(node, typed.around);
            }
            "Hosts" => self.json_path(node, "at"),
            "Mounted" => self.positive(node, "min"),
            "Endpoints" => self.positive(node, "min"),
            "Access" | "Reach" => self.not_empty(node, "rows"),
            "ReachEnd" => self.address(node),
            "Admits" => self.admits(node),
            "Artifact" => {
                self.cel(node.get("that"), &["file"]);
                self.artifact(node);
            }
            "History" => self.not_empty(node, "kept"),
            "Floor" => self.positive(node, "available"),
            "Asked" => self.positive(node, "tries"),
            "RightAnswer" => self.right_answer(node),
            "Choices" => self.choices(node),
            "Recorded" => self.pattern(node.get("matches")),
            "Exec" => {
                self.not_empty(node, "command");
                self.pattern(node.get("prints"));
            }
            "Logs" => {
                self.positive(node, "min");
                self.pattern(node.get("matches"));
            }
            "ProbeExpect" => self.probe(node),
            "Selects" if is_empty(node, &["objects", "canary"]) => self.nothing(typed.around),
            "Untouched" => self.not_empty(node, "subjects"),
            "Posture" => self.posture(node),
            "Footprint" => self.not_empty(node, "watch"),
            "When" => self.when(node),
            _ => {}
        }
    }

    fn nothing(&mut self, span: Span) {
        let message = Text::new("아무것도 검사하지 않습니다. 언제나 통과합니다", "it states nothing and would always pass");
        self.error(codes::NOTHING_STATED, span, message);
    }

    fn not_empty(&mut self, node: &Node, key: &str) {
        if node.get(key).is_some_and(|n| n.value == Value::List(Vec::new())) {
            self.nothing(Judge::key_span(node, key));
        }
    }

    fn positive(&mut self, node: &Node, key: &str) {
        if node.get(key).is_some_and(|n| n.value == Value::Int(0)) {
            self.nothing(Judge::key_span(node, key));
        }
    }

    fn at_least(&mut self, node: &Node) {
        self.not_empty(node, "of");
        self.positive(node, "count");
        let of = node.list("of").len();
        if let Some(Value::Int(count)) = node.get("count").map(|n| &n.value)
            && of > 0
            && usize::try_from(*count).is_ok_and(|count| count > of)
        {
            let message =
                Text::new(format!("{of}개 가운데 {count}개가 참일 수는 없습니다"), format!("{count} of {of} parts can never hold"));
            self.error(codes::EMPTY_BOUNDS, Judge::key_span(node, "count"), message);
        }
    }

    fn comparator(&mut self, node: &Node) {
        self.not_empty(node, "oneOf");
        self.not_empty(node, "noneOf");
        self.pattern(node.get("matches"));
    }

    /// A regular expression, when there is one.
    fn pattern(&mut self, node: Option<&Node>) {
        let Some((pattern, span)) = node.and_then(|n| Some((n.text()?, n.span))) else { return };
        if let Err(error) = regex::Regex::new(pattern) {
            let full = error.to_string();
            let reason = full.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned();
            let message = Text::new(format!("정규식 문법 오류: {reason}"), format!("the regular expression does not parse: {reason}"));
            self.error(codes::BAD_REGEX, span, message);
        }
    }

    /// An object that the API server can be asked about, and a reason only for a refusal.
    fn admits(&mut self, node: &Node) {
        self.pattern(node.get("because"));
        let refused = node.str("expect") == Some("refused");
        if !refused && node.get("because").is_some_and(|n| n.value != Value::Null) {
            let message = Text::new(
                "`because`는 거부되어야 하는 오브젝트에만 씁니다. `expect: refused`가 빠졌나요?",
                "`because` is only for an object that must be refused; is `expect: refused` missing?",
            );
            self.error(codes::EMPTY_BOUNDS, Judge::key_span(node, "because"), message);
        }
        let Some(object) = node.get("try") else { return };
        for key in ["apiVersion", "kind"] {
            if object.str(key).is_none_or(str::is_empty) {
                let message = Text::new(format!("`try`에 `{key}`가 없습니다"), format!("`try` has no `{key}`"));
                self.error(codes::BAD_VALUE, Judge::key_span(node, "try"), message);
            }
        }
    }

    /// The pack `labels`, and no other, names labels.
    fn posture(&mut self, node: &Node) {
        let named = !node.list("labels").is_empty();
        match (node.get("pack").and_then(|n| Some((n.text()?, n.span))), named) {
            (Some(("labels", span)), false) => self.nothing(span),
            (Some((pack, _)), true) if pack != "labels" => {
                let message = Text::new(
                    format!("`labels`는 pack `labels`에만 씁니다. `{pack}`은(는) 보지 않습니다"),
                    format!("`labels` is only for the pack `labels`; `{pack}` does not look at it"),
                );
                self.error(codes::EMPTY_BOUNDS, Judge::key_span(node, "labels"), message);
            }
            _ => {}
        }
    }

    fn address(&mut self, node: &Node) {
        let Some((text, span)) = node.get("address").and_then(|n| Some((n.text()?, n.span))) else { return };
        if text.parse::<std::net::IpAddr>().is_err() {
            let message = Text::new(format!("`{text}`은(는) IP 주소가 아닙니다"), format!("`{text}` is not an IP address"));
            self.error(codes::BAD_VALUE, span, message);
        }
    }

    /// A plain name, and the API server only takes manifests.
    fn artifact(&mut self, node: &Node) {
        if let Some(file) = node.get("file").filter(|file| file.text().is_some_and(|name| !is_file_name(name))) {
            let message = Text::new(
                "폴더 없이 파일 이름만 쓰세요. 영문자, 숫자, `.`, `-`, `_`만 쓸 수 있습니다",
                "write a file's name without a folder; it is made of letters, digits, `.`, `-` and `_`",
            );
            self.error(codes::PATH_ESCAPES, file.span, message);
        }
        if node.get("accepted").is_some_and(|n| n.value == Value::Bool(true)) && node.str("as") != Some("manifests") {
            let message = Text::new("`accepted`는 `as: manifests`에만 씁니다", "`accepted` is only for `as: manifests`");
            self.error(codes::BAD_VALUE, Judge::key_span(node, "accepted"), message);
        }
    }

    /// Something is right, and objects are known by their names.
    fn right_answer(&mut self, node: &Node) {
        self.not_empty(node, "object");
        self.not_empty(node, "text");
        for on in node.list("object").iter().filter(|on| on.get("name").is_none() && on.get("baseline").is_none()) {
            let message = Text::new(
                "답이 될 오브젝트에는 `name`이나 `baseline`이 있어야 합니다",
                "an object that is an answer needs a `name` or `baseline`",
            );
            self.error(codes::BAD_VALUE, on.span, message);
        }
    }

    /// What is right can be chosen.
    fn choices(&mut self, node: &Node) {
        self.not_empty(node, "right");
        let ids: Vec<&str> = node.list("options").iter().filter_map(|option| option.str("id")).collect();
        for right in node.list("right").iter().filter(|right| right.text().is_some_and(|id| !ids.contains(&id))) {
            let id = right.text().unwrap_or_default();
            let message = Text::new(format!("`{id}`(이)라는 보기가 없습니다"), format!("there is no choice `{id}`"));
            self.error(codes::UNKNOWN_REFERENCE, right.span, message);
        }
        let twice = |(at, option): &(usize, &Node)| node.list("options")[..*at].iter().any(|one| one.str("id") == option.str("id"));
        for (_, option) in node.list("options").iter().enumerate().filter(twice) {
            let message = Text::new("같은 보기가 두 번 있습니다", "a choice is there twice");
            self.error(codes::DUPLICATE_ID, option.span, message);
        }
    }

    /// A probe that must fail brings neither status nor body.
    fn probe(&mut self, node: &Node) {
        self.pattern(node.get("body"));
        let answer = ["status", "body"].into_iter().find(|key| node.get(key).is_some_and(|n| n.value != Value::Null));
        if let (Some(key), Some(_)) = (answer, node.get("failure").filter(|n| n.value != Value::Null)) {
            let message = Text::new(
                format!("실패해야 하는 요청에는 `{key}`가 없으므로 통과할 수 없습니다"),
                format!("what must fail has no `{key}`, so it can never pass"),
            );
            self.error(codes::EMPTY_BOUNDS, Judge::key_span(node, key), message);
        }
    }

    /// `min` and `max`: at least one, and not the wrong way round.
    fn bounds(&mut self, node: &Node, around: Span) {
        if !matches!(node.value, Value::Map(_)) {
            return;
        }
        let bound = |key| node.get(key).filter(|n| n.value != Value::Null);
        let value = |key| match bound(key).map(|n| &n.value) {
            Some(Value::Int(i)) => cel::Quantity::parse(&i.to_string()).ok(),
            Some(Value::Text(text)) => cel::Quantity::parse(text).ok(),
            _ => None,
        };
        if bound("min").is_none() && bound("max").is_none() {
            self.nothing(around);
        }
        for key in ["min", "max"] {
            if let Some(text) = bound(key).and_then(Node::text).filter(|_| value(key).is_none()) {
                let message = Text::new(
                    format!("`{text}`은(는) 수량이 아닙니다. 500m, 64Mi처럼 씁니다"),
                    format!("`{text}` is not a quantity such as 500m or 64Mi"),
                );
                self.error(codes::BAD_VALUE, bound(key).map_or(around, |n| n.span), message);
            }
        }
        if let (Some(min), Some(max)) = (value("min"), value("max"))
            && min > max
        {
            let message = Text::new("`min`이 `max`보다 큽니다", "`min` is greater than `max`");
            self.error(codes::EMPTY_BOUNDS, Judge::key_span(node, "min"), message);
        }
    }

    /// A configuration is either in an object or in files of containers.
    fn parse(&mut self, node: &Node, around: Span) {
        let has = |key: &str| node.get(key).is_some_and(|n| n.value != Value::Null);
        if !matches!(node.value, Value::Map(_))
            || matches!((has("from"), has("key"), has("mounted")), (true, true, false) | (false, false, true))
        {
            return;
        }
        let message = Text::new(
            "읽을 것이 하나로 정해지지 않았습니다: `from`과 `key`를 함께 쓰거나, `mounted`만 쓰세요",
            "it does not say what to read: write `from` with `key`, or `mounted` alone",
        );
        self.error(codes::NOT_ONE_KIND, around, message);
    }

    fn json_path(&mut self, node: &Node, key: &str) {
        let Some((path, span)) = node.get(key).and_then(|n| Some((n.text()?, n.span))) else { return };
        if let Err(error) = serde_json_path::JsonPath::parse(path) {
            let message = if path.starts_with('$') {
                let (at, reason) = (error.position(), error.message());
                Text::new(
                    format!("JSONPath 문법 오류({at}번째 글자): {reason}"),
                    format!("the JSONPath does not parse, at character {at}: {reason}"),
                )
            } else {
                Text::new(
                    format!("JSONPath `{path}`이(가) `$`로 시작하지 않습니다"),
                    format!("the JSONPath `{path}` does not start with `$`"),
                )
            };
            let help = Text::new(
                "`$.spec.replicas`처럼 `$`로 시작하는 RFC 9535 식입니다",
                "it is an RFC 9535 path that starts with `$`, such as `$.spec.replicas`",
            );
            self.found.push(Diagnostic::error(codes::BAD_JSONPATH, self.file, Some(span), message).help(help));
        }
    }

    fn expression(&mut self, node: &Node) {
        let names: Vec<&str> = node.get("let").map_or(&[][..], Node::entries).iter().map(|e| e.key.as_str()).collect();
        for entry in node.get("let").map_or(&[][..], Node::entries) {
            let mut chars = entry.key.chars();
            let starts = chars.next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_');
            if !starts || !chars.all(|c| c.is_ascii_alphanumeric() || c == '_') {
                let message = Text::new(
                    format!("`{}`은(는) CEL의 이름이 될 수 없습니다", entry.key),
                    format!("`{}` cannot be a name in CEL", entry.key),
                );
                self.error(codes::BAD_CEL, entry.key_span, message);
            }
        }
        self.cel(node.get("that"), &names);
    }

    fn cel(&mut self, that: Option<&Node>, names: &[&str]) {
        let Some((node, text)) = that.and_then(|n| Some((n, n.text()?))) else { return };
        for problem in cel::lint(text, names) {
            let span = problem.position.map_or(node.span, |position| inside(node, position));
            self.error(codes::BAD_CEL, span, problem.message);
        }
    }

    fn when(&mut self, node: &Node) {
        let Some(hold) = node.get("hold") else { return };
        let length = |key| hold.str(key).and_then(|t| Duration::parse(t).ok());
        if let (Some(wanted), Some(within)) = (length("for"), length("within"))
            && wanted > within
        {
            let message = Text::new(
                format!("`for`({wanted})가 `within`({within})보다 길어 통과할 수 없습니다"),
                format!("`for` ({wanted}) is longer than `within` ({within}), so it can never pass"),
            );
            self.error(codes::HOLD_TOO_LONG, Judge::key_span(hold, "for"), message);
        }
    }
}

/// A place within a text, where the text stands on one line as it is.
fn inside(node: &Node, (line, column): (u32, u32)) -> Span {
    let span = node.span;
    if !node.plain || span.line != span.end_line || line != 1 {
        return span;
    }
    let column = (span.column + usize::try_from(column).unwrap_or(1).saturating_sub(1)).min(span.end_column);
    Span { column, end_column: span.end_column.max(column + 1), ..span }
}

/// A mapping in which all these parts are left out, empty or `false`.
fn is_empty(node: &Node, parts: &[&str]) -> bool {
    let blank = |part: &&str| match node.get(part).map(|n| &n.value) {
        None | Some(Value::Null | Value::Bool(false)) => true,
        Some(Value::List(items)) => items.is_empty(),
        Some(_) => false,
    };
    matches!(node.value, Value::Map(_)) && parts.iter().all(blank)
}
