use serde_json::json;

use super::{Composed, Dialect, YamlError, compose};

fn value(text: &str, dialect: Dialect) -> serde_json::Value {
    let Composed { documents, errors } = compose(text, dialect);
    assert_eq!(errors, [], "{text}");
    documents[0].to_json()
}

#[test]
fn plain_scalars_read_as_kubectl_reads_them() {
    let text = "[0644, 0o17, 1_000, yes, off, 1.20, 0x1F, 08, 1e3, 12:30:45, 2024-01-02, \"yes\", '0644', ~, 0b101, -010, .5, 1.2.3]";
    assert_eq!(
        value(text, Dialect::Kubectl),
        json!([420, 15, 1000, true, false, 1.2, 31, 8.0, 1000.0, "12:30:45", "2024-01-02", "yes", "0644", null, 5, -8, 0.5, "1.2.3"])
    );
}

#[test]
fn our_own_files_read_yaml_1_2() {
    assert_eq!(
        value("[yes, on, 1_000, 012, 0o14, 1.20, true, TRUE, null]", Dialect::Core),
        json!(["yes", "on", "1_000", 12, 12, 1.2, true, true, null])
    );
}

#[test]
fn places_count_lines_and_characters_from_one() {
    let doc = compose("가나: {다: 라}\nlist:\n  - id: x\n", Dialect::Core).documents.remove(0);
    let inner = &doc.entries()[0].node.entries()[0];
    assert_eq!((inner.key_span.line, inner.key_span.column, inner.node.span.column, inner.node.span.end_column), (1, 6, 9, 10));
    let item = &doc.list("list")[0];
    assert_eq!((item.span.line, item.span.column, item.span.end_column), (3, 5, 7));
}

#[test]
fn a_duplicate_key_does_not_hide_the_rest() {
    let out = compose("a: 1\nb: 2\na: 3\n", Dialect::Core);
    assert_eq!(out.documents[0].to_json(), json!({"a": 1, "b": 2}));
    assert!(matches!(&out.errors[..], [YamlError::Duplicate { span, key, first }] if key == "a" && span.line == 3 && first.line == 1));
}

#[test]
fn aliases_and_merges_expand_within_bounds() {
    assert_eq!(
        value("base: &b {x: 1, z: 2}\nuse: {<<: *b, z: 3}\n", Dialect::Kubectl),
        json!({"base": {"x": 1, "z": 2}, "use": {"z": 3, "x": 1}})
    );
    let mut bomb = String::from("a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol, lol]\n");
    for i in 1..12 {
        let row = vec![format!("*a{}", i - 1); 10].join(", ");
        bomb.push_str(&format!("a{i}: &a{i} [{row}]\n"));
    }
    assert!(matches!(compose(&bomb, Dialect::Kubectl).errors[..], [YamlError::Budget { .. }]));
    let long = format!("a: &a {}\nb: [{}]\n", "x".repeat(500_000), vec!["*a"; 1000].join(","));
    assert!(matches!(compose(&long, Dialect::Kubectl).errors[..], [YamlError::Budget { .. }]));
    assert!(matches!(compose("a: &a [*a]\n", Dialect::Kubectl).errors[..], [YamlError::Syntax { .. }]));
}

#[test]
fn depth_is_bounded() {
    for deep in ["[".repeat(100_000), "- ".repeat(50_000), (0..200).map(|i| format!("{}k:\n", " ".repeat(i))).collect()] {
        assert_eq!(compose(&deep, Dialect::Core).errors.len(), 1);
    }
}
