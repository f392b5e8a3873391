//! Where the fields of a CSV are in its text, for messages: the parser tells only where a record begins.

use crate::diagnostic::Span;

/// The place of a field of the record that begins at a byte; the record's end where it has fewer fields.
pub(super) fn field(text: &str, record: usize, delimiter: u8, number: usize) -> Span {
    // The parser counts blank lines as the beginning of the record after them.
    let record = record + text[record..].bytes().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
    let mut walk = Walk::new(text, delimiter);
    while let Some(at) = walk.next() {
        if at.byte < record {
            continue;
        }
        if at.field == number && at.starts {
            let width = text[at.byte..].split(['\n', '\r', char::from(delimiter)]).next().map_or(0, |field| field.chars().count());
            return span(at.line, at.column, width.max(1));
        }
        if at.ends {
            return span(at.line, at.column, 1);
        }
    }
    span(walk.line, walk.column, 1)
}

/// The opening quote that nothing closes.
pub(super) fn unclosed_quote(text: &str, delimiter: u8) -> Option<Span> {
    let mut walk = Walk::new(text, delimiter);
    while walk.next().is_some() {}
    walk.opened.map(|(line, column)| span(line, column, 1))
}

fn span(line: usize, column: usize, width: usize) -> Span {
    Span { line, column, end_line: line, end_column: column + width }
}

/// A character of a CSV.
struct At {
    byte: usize,
    line: usize,
    column: usize,
    /// The field's number in its record, from 0.
    field: usize,
    /// It is the field's first one, or the end of an empty field.
    starts: bool,
    /// It is the line break behind the record.
    ends: bool,
}

struct Walk<'t> {
    rest: std::iter::Peekable<std::str::CharIndices<'t>>,
    delimiter: char,
    line: usize,
    column: usize,
    field: usize,
    starts: bool,
    /// Where the quote that we are in was opened.
    opened: Option<(usize, usize)>,
}

impl<'t> Walk<'t> {
    fn new(text: &'t str, delimiter: u8) -> Self {
        let rest = text.char_indices().peekable();
        Self { rest, delimiter: char::from(delimiter), line: 1, column: 1, field: 0, starts: true, opened: None }
    }

    fn next(&mut self) -> Option<At> {
        let (byte, c) = self.rest.next()?;
        let ends_line = c == '\n' || c == '\r' && !matches!(self.rest.peek(), Some((_, '\n')));
        let ends = ends_line && self.opened.is_none();
        let at = At { byte, line: self.line, column: self.column, field: self.field, starts: self.starts, ends };
        match self.opened {
            Some(_) if c == '"' && matches!(self.rest.peek(), Some((_, '"'))) => {
                self.rest.next();
                self.column += 1;
            }
            Some(_) if c == '"' => self.opened = None,
            Some(_) => {}
            None if c == '"' && self.starts => (self.opened, self.starts) = (Some((self.line, self.column)), false),
            None if c == self.delimiter => (self.field, self.starts) = (self.field + 1, true),
            None if ends => (self.field, self.starts) = (0, true),
            None => self.starts = false,
        }
        if ends_line {
            (self.line, self.column) = (self.line + 1, 1);
        } else {
            self.column += 1;
        }
        Some(at)
    }
}

#[cfg(test)]
mod tests {
    use super::{field, unclosed_quote};

    #[test]
    fn a_field_is_found_behind_quotes_and_line_breaks() {
        let text = "id,name\r\n1,\"a, \"\"b\"\"\nc\",x\r\n2,김,y\r\n";
        let at = |record: &str, number| field(text, text.find(record).unwrap(), b',', number);
        assert_eq!((at("id", 1).line, at("id", 1).column), (1, 4));
        assert_eq!((at("1,", 1).line, at("1,", 1).column), (2, 3));
        assert_eq!((at("1,", 2).line, at("1,", 2).column), (3, 4));
        assert_eq!((at("2,", 2).line, at("2,", 2).column), (4, 5));
    }

    #[test]
    fn a_quote_that_nothing_closes_is_found_where_it_opens() {
        assert_eq!(unclosed_quote("id,name\n1,\"Kim\n2,Lee\n", b',').map(|span| (span.line, span.column)), Some((2, 3)));
        assert_eq!(unclosed_quote("id,name\n1,Kim \"Bob\" Lee\n2,\"\"\"\"\n", b','), None);
    }
}
