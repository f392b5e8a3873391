use std::collections::{HashMap, HashSet};

use serde_saphyr::granit_parser::{Event, Options, Parser, ScalarStyle, ScanError, Span as RawSpan, StructureStyle, Tag};

use super::{Dialect, Entry, Node, Value, scalar};
use crate::diagnostic::Span;

/// Most values in one file, aliases expanded.
const NODE_BUDGET: usize = 100_000;
/// Most bytes of text in one file, aliases expanded.
const BYTE_BUDGET: usize = 8 << 20;
/// Most levels, aliases expanded.
const DEPTH_BUDGET: usize = 64;

/// What is wrong with a file as YAML.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum YamlError {
    /// It does not parse; nothing after this place was read.
    Syntax { span: Span, reason: String },
    /// A bound is exceeded; nothing after this place was read.
    Budget { span: Span },
    /// A key that the mapping has already; the first one counts.
    Duplicate { span: Span, key: String, first: Span },
}

/// The documents of a file and what is wrong with it.
#[derive(Debug, Default)]
pub(crate) struct Composed {
    pub documents: Vec<Node>,
    pub errors: Vec<YamlError>,
}

/// Reads every document of a file. Duplicate keys do not end the reading; the other errors do.
pub(crate) fn compose(text: &str, dialect: Dialect) -> Composed {
    let mut options = Options::default();
    options.set_emit_comments(false);
    options.flow_nesting_limit = DEPTH_BUDGET;
    options.block_nesting_limit = DEPTH_BUDGET;
    let mut composer = Composer { dialect, ..Composer::default() };
    for event in Parser::new_from_str_with_options(text, options) {
        let step = match event {
            Ok((event, span)) => composer.take(event, span),
            Err(error) => Err(syntax(&error)),
        };
        if let Err(error) = step {
            composer.out.errors.push(error);
            break;
        }
    }
    composer.out
}

/// A collection that is still open.
struct Frame {
    anchor: usize,
    span: Span,
    block: bool,
    kind: FrameKind,
}

enum FrameKind {
    List(Vec<Node>),
    Map { entries: Vec<Entry>, seen: HashSet<String>, key: Option<(String, Span, bool)> },
}

#[derive(Clone)]
struct Anchored {
    node: Node,
    weight: Weight,
}

#[derive(Clone, Copy, Default)]
struct Weight {
    nodes: usize,
    bytes: usize,
    depth: usize,
}

struct Composer {
    dialect: Dialect,
    out: Composed,
    frames: Vec<Frame>,
    anchors: HashMap<usize, Anchored>,
    nodes: usize,
    bytes: usize,
}

impl Default for Composer {
    fn default() -> Self {
        Self { dialect: Dialect::Core, out: Composed::default(), frames: Vec::new(), anchors: HashMap::new(), nodes: 0, bytes: 0 }
    }
}

impl Composer {
    fn take(&mut self, event: Event<'_>, raw: RawSpan) -> Result<(), YamlError> {
        let span = place(raw);
        match event {
            Event::DocumentStart(..) => self.anchors.clear(),
            Event::Scalar(text, style, anchor, tag) => {
                let node = Node { span, plain: style == ScalarStyle::Plain, value: self.scalar(&text, style, tag.as_deref()) };
                self.spend(Weight { nodes: 1, bytes: text.len(), depth: 1 }, span)?;
                self.remember(anchor, &node);
                self.put(node)?;
            }
            Event::SequenceStart(style, anchor, _) => self.open(anchor, span, style, FrameKind::List(Vec::new()))?,
            Event::MappingStart(style, anchor, _) => {
                self.open(anchor, span, style, FrameKind::Map { entries: Vec::new(), seen: HashSet::new(), key: None })?;
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(span)?,
            Event::Alias(id) => {
                let Some(anchored) = self.anchors.get(&id).cloned() else {
                    return Err(YamlError::Syntax { span, reason: "an alias refers to the value that it stands in".into() });
                };
                self.spend(anchored.weight, span)?;
                self.put(Node { span, ..anchored.node })?;
            }
            _ => {}
        }
        Ok(())
    }

    fn scalar(&self, text: &str, style: ScalarStyle, tag: Option<&Tag>) -> Value {
        match tag.and_then(Tag::core_suffix) {
            Some("int" | "float" | "bool" | "null") => scalar::resolve(text, self.dialect),
            Some(_) => Value::Text(text.to_owned()),
            None if style == ScalarStyle::Plain && tag.is_none() => scalar::resolve(text, self.dialect),
            None => Value::Text(text.to_owned()),
        }
    }

    fn spend(&mut self, weight: Weight, span: Span) -> Result<(), YamlError> {
        self.nodes += weight.nodes;
        self.bytes += weight.bytes;
        if self.nodes > NODE_BUDGET || self.bytes > BYTE_BUDGET || self.frames.len() + weight.depth > DEPTH_BUDGET {
            return Err(YamlError::Budget { span });
        }
        Ok(())
    }

    fn remember(&mut self, anchor: usize, node: &Node) {
        if anchor != 0 {
            self.anchors.insert(anchor, Anchored { weight: weigh(node), node: node.clone() });
        }
    }

    fn open(&mut self, anchor: usize, span: Span, style: StructureStyle, kind: FrameKind) -> Result<(), YamlError> {
        self.spend(Weight { nodes: 1, bytes: 0, depth: 1 }, span)?;
        self.frames.push(Frame { anchor, span, block: style == StructureStyle::Block, kind });
        Ok(())
    }

    fn close(&mut self, end: Span) -> Result<(), YamlError> {
        let Some(frame) = self.frames.pop() else { return Ok(()) };
        let (value, first) = match frame.kind {
            FrameKind::List(items) => {
                let first = items.first().map(|n| n.span);
                (Value::List(items), first)
            }
            FrameKind::Map { entries, .. } => {
                let first = entries.first().map(|e| e.key_span);
                (Value::Map(merged(entries)), first)
            }
        };
        // A caret below a block of many lines says less than one below its first key.
        let span = match first {
            Some(first) if frame.block => first,
            _ => Span { end_line: end.end_line, end_column: end.end_column, ..frame.span },
        };
        let node = Node { span, plain: false, value };
        self.remember(frame.anchor, &node);
        self.put(node)
    }

    fn put(&mut self, node: Node) -> Result<(), YamlError> {
        let Some(frame) = self.frames.last_mut() else {
            self.out.documents.push(node);
            return Ok(());
        };
        match &mut frame.kind {
            FrameKind::List(items) => items.push(node),
            FrameKind::Map { entries, seen, key } => match key.take() {
                None => {
                    let Some(text) = key_text(&node.value) else {
                        return Err(YamlError::Syntax { span: node.span, reason: "a key must be a plain text".into() });
                    };
                    *key = Some((text, node.span, node.plain));
                }
                Some((key, key_span, plain)) => {
                    let merge = plain && key == "<<";
                    if merge || seen.insert(key.clone()) {
                        entries.push(Entry { key, key_span, node });
                    } else {
                        let first = entries.iter().find(|e| e.key == key).map_or(key_span, |e| e.key_span);
                        self.out.errors.push(YamlError::Duplicate { span: key_span, key, first });
                    }
                }
            },
        }
        Ok(())
    }
}

/// The mapping with `<<` replaced by what it brings; keys that are written out win.
fn merged(entries: Vec<Entry>) -> Vec<Entry> {
    if !entries.iter().any(|e| e.key == "<<") {
        return entries;
    }
    let (merges, mut own): (Vec<_>, Vec<_>) = entries.into_iter().partition(|e| e.key == "<<");
    for merge in merges {
        let sources = match merge.node.value {
            Value::List(items) => items,
            value => vec![Node { value, ..merge.node }],
        };
        for entry in sources.into_iter().flat_map(|n| if let Value::Map(entries) = n.value { entries } else { Vec::new() }) {
            if !own.iter().any(|e| e.key == entry.key) {
                own.push(entry);
            }
        }
    }
    own
}

fn key_text(value: &Value) -> Option<String> {
    match value {
        Value::Text(text) => Some(text.clone()),
        Value::Bool(b) => Some(b.to_string()),
        Value::Int(i) => Some(i.to_string()),
        Value::Float(f) => Some(f.to_string()),
        Value::Null | Value::List(_) | Value::Map(_) => None,
    }
}

fn weigh(node: &Node) -> Weight {
    let parts: Vec<Weight> = match &node.value {
        Value::List(items) => items.iter().map(weigh).collect(),
        Value::Map(entries) => entries.iter().map(|e| weigh(&e.node)).collect(),
        Value::Text(text) => return Weight { nodes: 1, bytes: text.len(), depth: 1 },
        _ => return Weight { nodes: 1, bytes: 0, depth: 1 },
    };
    Weight {
        nodes: 1 + parts.iter().map(|w| w.nodes).sum::<usize>(),
        bytes: parts.iter().map(|w| w.bytes).sum(),
        depth: 1 + parts.iter().map(|w| w.depth).max().unwrap_or(0),
    }
}

fn place(raw: RawSpan) -> Span {
    Span { line: raw.start.line(), column: raw.start.col() + 1, end_line: raw.end.line(), end_column: raw.end.col() + 1 }
}

fn syntax(error: &ScanError) -> YamlError {
    let at = error.marker();
    let span = Span { line: at.line(), column: at.col() + 1, end_line: at.line(), end_column: at.col() + 2 };
    let full = error.to_string();
    let reason = full.rsplit_once(" at char ").map_or(full.as_str(), |(reason, _)| reason).to_owned();
    YamlError::Syntax { span, reason }
}
