use serde_json::{Value, json};

use super::exceptions;

/// What a row is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Section {
    Language,
    Libraries,
    OrderedQuantities,
    DocumentedSign,
    SumsOnTheRight,
    Types,
    Scripts,
    OpenRepetitions,
    NewerCel,
    OurLibrary,
}

/// An expression with what its names stand for.
pub(super) struct Row {
    pub(super) section: Section,
    pub(super) expression: String,
    pub(super) bindings: Value,
}

/// Numbers that look random and are always the same.
pub(super) struct Dice(u64);

impl Dice {
    pub(super) fn up_to(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 11).expect("a number") % most
    }

    pub(super) fn of<'t>(&mut self, things: &[&'t str]) -> &'t str {
        things[self.up_to(things.len())]
    }

    pub(super) fn text(&mut self, letters: &str, most: usize) -> String {
        let letters: Vec<char> = letters.chars().collect();
        (0..self.up_to(most + 1)).map(|_| letters[self.up_to(letters.len())]).collect()
    }
}

pub(super) struct Table {
    rows: Vec<Row>,
    pub(super) dice: Dice,
}

/// The whole table. What is generated in it differs by the seed, which is not 0.
pub(super) fn rows(seed: u64) -> Vec<Row> {
    let mut table = Table { rows: Vec::new(), dice: Dice(seed) };
    table.quantities();
    table.addresses();
    table.urls();
    table.versions();
    table.formats();
    table.patterns();
    table.lists();
    table.texts();
    table.numbers();
    table.objects();
    table.exceptions();
    table.rows
}

/// A text as a literal.
pub(super) fn quoted(text: &str) -> String {
    let escaped: String = text
        .chars()
        .map(|c| match c {
            '\'' | '\\' => format!("\\{c}"),
            c if c.is_control() => format!("\\u{:04x}", u32::from(c)),
            c => c.to_string(),
        })
        .collect();
    format!("'{escaped}'")
}

impl Table {
    pub(super) fn add(&mut self, section: Section, expression: impl Into<String>, bindings: Value) {
        let expression = expression.into();
        let section = if exceptions::is_of_our_library(&expression, &bindings) { Section::OurLibrary } else { section };
        self.rows.push(Row { section, expression, bindings });
    }

    pub(super) fn library(&mut self, expression: impl Into<String>) {
        self.add(Section::Libraries, expression, json!({}));
    }

    pub(super) fn language(&mut self, expression: impl Into<String>) {
        self.add(Section::Language, expression, json!({}));
    }

    /// The expressions, `$` standing for the text: as a literal, and by a name.
    pub(super) fn over(&mut self, text: &str, expressions: &[&str]) {
        for expression in expressions {
            self.library(expression.replace('$', &quoted(text)));
        }
        self.add(Section::Libraries, expressions[0].replace('$', "text"), json!({"text": text}));
    }
}
