use comfy_table::{Cell, CellAlignment, ContentArrangement, Table, presets};

use super::TerminalOptions;
use crate::text::{Style, Text, pad, pad_left, paint, width, wrap};

/// The widest and the narrowest that a page gets: long lines are hard to read, and below a point nothing fits.
const WIDTH: std::ops::RangeInclusive<usize> = 40..=100;

/// Lines being laid out.
pub(in crate::report) struct Page {
    options: TerminalOptions,
    out: String,
}

impl Page {
    pub fn new(options: TerminalOptions) -> Self {
        Self { options: TerminalOptions { width: options.width.clamp(*WIDTH.start(), *WIDTH.end()), ..options }, out: String::new() }
    }

    pub fn finish(self) -> String {
        self.out.trim_end().to_owned() + "\n"
    }

    pub fn say<'t>(&self, text: &'t Text) -> &'t str {
        text.get(self.options.lang)
    }

    pub fn paint(&self, style: Style, text: &str) -> String {
        paint(self.options.colour, style, text)
    }

    /// Columns to the right of an indent, with one free at the right edge.
    pub fn room(&self, indent: usize) -> usize {
        self.options.width.saturating_sub(indent + 1)
    }

    pub fn gap(&mut self) {
        if !self.out.is_empty() && !self.out.ends_with("\n\n") {
            self.out.push('\n');
        }
    }

    /// One line as it is.
    pub fn line(&mut self, line: &str) {
        self.out += line.trim_end();
        self.out.push('\n');
    }

    /// A section's heading.
    pub fn heading(&mut self, title: &Text) {
        self.gap();
        let title = self.paint(Style::Bold, self.say(title));
        self.line(&format!(" {title}"));
    }

    /// A text in a style, wrapped behind an indent.
    pub fn text(&mut self, indent: usize, style: Style, text: &str) {
        for line in wrap(text, self.room(indent)) {
            let line = self.paint(style, &line);
            self.line(&format!("{}{line}", " ".repeat(indent)));
        }
    }

    /// A text behind a mark, its further lines aligned below the first.
    pub fn item(&mut self, indent: usize, mark: &str, style: Style, text: &str) {
        let hang = indent + width(mark) + 1;
        let mut start = format!("{}{mark} ", " ".repeat(indent));
        for line in wrap(text, self.room(hang)) {
            let line = self.paint(style, &line);
            self.line(&format!("{start}{line}"));
            start = " ".repeat(hang);
        }
    }

    /// A text at the left and a short one at the right edge of its first line.
    pub fn row(&mut self, indent: usize, mark: &str, left: &str, right: &str) {
        let hang = indent + width(mark) + 1;
        let room = self.room(hang + width(right) + 1);
        let mut lines = wrap(left, room).into_iter();
        let first = pad(&lines.next().unwrap_or_default(), room);
        self.line(&format!("{}{mark} {first} {right}", " ".repeat(indent)));
        for line in lines {
            self.line(&format!("{}{line}", " ".repeat(hang)));
        }
    }

    /// A bar of so many columns, filled up to `low` and faintly up to `high`, both of `max`.
    pub fn bar(&self, columns: usize, low: i64, high: i64, max: i64) -> String {
        let cells = |value: i64| {
            let columns = i64::try_from(columns).unwrap_or(i64::MAX);
            usize::try_from((value * columns + max / 2) / max.max(1)).unwrap_or(0).min(usize::try_from(columns).unwrap_or(0))
        };
        let (sure, maybe) = (cells(low), cells(high).saturating_sub(cells(low)));
        let style = if maybe > 0 { Style::Yellow } else { Style::Green };
        let rest = columns.saturating_sub(sure + maybe);
        [(Style::Green, "█", sure), (style, "▒", maybe), (Style::Dim, "░", rest)]
            .map(|(style, cell, count)| self.paint(style, &cell.repeat(count)))
            .concat()
    }

    /// A table without lines; the columns named are aligned at the right.
    pub fn table(&mut self, indent: usize, rows: &[Vec<String>], right: &[usize]) {
        let mut table = Table::new();
        table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
        table.set_width(u16::try_from(self.room(indent)).unwrap_or(u16::MAX));
        for row in rows {
            table.add_row(row.iter().enumerate().map(|(n, cell)| {
                let side = if right.contains(&n) { CellAlignment::Right } else { CellAlignment::Left };
                Cell::new(cell).set_alignment(side)
            }));
        }
        for (n, column) in table.column_iter_mut().enumerate() {
            column.set_padding((if n == 0 { 0 } else { 2 }, 0));
        }
        for line in table.trim_fmt().lines() {
            self.line(&format!("{}{line}", " ".repeat(indent)));
        }
    }

    /// Names at the left, texts wrapped at the right of the longest name.
    pub fn fields(&mut self, indent: usize, fields: &[(Text, String)]) {
        let column = fields.iter().map(|(name, _)| width(self.say(name))).max().unwrap_or(0);
        for (name, value) in fields {
            let name = self.paint(Style::Dim, &pad(self.say(name), column));
            self.item(indent, &name, Style::Plain, value);
        }
    }

    pub fn right(&self, text: &str, columns: usize) -> String {
        pad_left(text, columns)
    }
}
