//! Markdown to columns: headings, paragraphs, lists, quotes, code, tables and emphasis.

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

use super::{Style, pad, paint, width, wrap::pieces};

/// The least columns that a text is laid out in.
const LEAST: usize = 20;

/// Markdown laid out for a terminal of so many columns, with a line break at its end. Code is never wrapped, so that it can be copied.
#[must_use]
pub fn markdown(text: &str, columns: usize, colour: bool) -> String {
    let mut page = Page { columns: columns.max(LEAST), colour, ..Page::default() };
    for event in Parser::new_ext(text, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH) {
        page.take(event);
    }
    let text = page.out.trim_end().to_owned();
    if text.is_empty() { text } else { text + "\n" }
}

/// A word and how it is shown.
type Word = (Style, String);

#[derive(Default)]
struct Page {
    columns: usize,
    colour: bool,
    out: String,
    /// The words of the paragraph, heading or cell being read; a space is a word of its own.
    words: Vec<Word>,
    styles: Vec<Style>,
    /// What every line of a quote or list item starts with.
    margins: Vec<String>,
    /// What the next line starts with in place of the innermost margin: a list item's bullet.
    bullet: Option<String>,
    /// The next number of each list around us; none for bullets.
    lists: Vec<Option<u64>>,
    code: Option<String>,
    rows: Vec<Vec<Vec<Word>>>,
    link: Option<String>,
}

impl Page {
    fn take(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) => match &mut self.code {
                Some(code) => code.push_str(&text),
                None => self.say(self.styles.last().copied().unwrap_or_default(), &text),
            },
            // Angle brackets such as `<name>` are text on a terminal, not markup.
            Event::Html(text) | Event::InlineHtml(text) => self.say(self.styles.last().copied().unwrap_or_default(), text.trim_end()),
            Event::Code(text) => self.words.push((Style::Cyan, text.into_string())),
            Event::SoftBreak => self.say(Style::Plain, " "),
            Event::HardBreak => self.words.push((Style::Plain, "\n".into())),
            Event::Rule => {
                let rule = "─".repeat(self.room());
                self.line(&paint(self.colour, Style::Dim, &rule));
                self.gap();
            }
            _ => {}
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::Heading { .. } | Tag::Strong => self.styles.push(Style::Bold),
            Tag::Emphasis => self.styles.push(Style::Italic),
            Tag::Strikethrough => self.styles.push(Style::Dim),
            Tag::BlockQuote(_) => self.margins.push(paint(self.colour, Style::Dim, "│ ")),
            Tag::List(first) => {
                self.flush();
                self.lists.push(first);
            }
            Tag::Item => {
                let bullet = match self.lists.last_mut() {
                    Some(Some(number)) => {
                        *number += 1;
                        format!("{}. ", *number - 1)
                    }
                    _ => "• ".to_owned(),
                };
                self.margins.push(" ".repeat(width(&bullet)));
                self.bullet = Some(bullet);
            }
            Tag::CodeBlock(CodeBlockKind::Fenced(_) | CodeBlockKind::Indented) => {
                self.flush();
                self.code = Some(String::new());
            }
            Tag::Link { dest_url, .. } => self.link = Some(dest_url.into_string()),
            Tag::TableHead | Tag::TableRow => self.rows.push(Vec::new()),
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Paragraph | TagEnd::Heading(_) => {
                if matches!(tag, TagEnd::Heading(_)) {
                    self.styles.pop();
                }
                self.flush();
                self.gap();
            }
            TagEnd::Strong | TagEnd::Emphasis | TagEnd::Strikethrough => drop(self.styles.pop()),
            TagEnd::BlockQuote(_) => {
                self.margins.pop();
                self.gap();
            }
            TagEnd::Item => {
                self.flush();
                self.margins.pop();
                self.bullet = None;
            }
            TagEnd::List(_) => {
                self.lists.pop();
                if self.lists.is_empty() {
                    self.gap();
                }
            }
            TagEnd::CodeBlock => {
                for line in self.code.take().unwrap_or_default().lines() {
                    let line = format!("    {}", paint(self.colour, Style::Cyan, line));
                    self.line(&line);
                }
                self.gap();
            }
            TagEnd::Link => {
                let url = self.link.take().unwrap_or_default();
                if !self.words.iter().any(|(_, word)| *word == url) {
                    self.say(Style::Dim, &format!(" ({url})"));
                }
            }
            TagEnd::TableCell => {
                let cell = std::mem::take(&mut self.words);
                if let Some(row) = self.rows.last_mut() {
                    row.push(cell);
                }
            }
            TagEnd::Table => self.table(),
            _ => {}
        }
    }

    fn say(&mut self, style: Style, text: &str) {
        for (n, word) in text.split(' ').enumerate() {
            if n > 0 && self.words.last().is_some_and(|(_, last)| last != " ") {
                self.words.push((Style::Plain, " ".into()));
            }
            if !word.is_empty() {
                self.words.push((style, word.to_owned()));
            }
        }
    }

    /// Columns that the margins leave.
    fn room(&self) -> usize {
        self.columns.saturating_sub(self.margins.iter().map(|m| width(m)).sum()).max(LEAST / 2)
    }

    /// Writes the words read so far as wrapped lines.
    fn flush(&mut self) {
        let words = std::mem::take(&mut self.words);
        if words.is_empty() {
            return;
        }
        for line in lay_out(&words, self.room(), self.colour) {
            self.line(&line);
        }
    }

    fn line(&mut self, text: &str) {
        let bullet = self.bullet.take();
        let (last, outer) = match self.margins.split_last() {
            Some((last, outer)) => (bullet.unwrap_or_else(|| last.clone()), outer.concat()),
            None => (String::new(), String::new()),
        };
        self.out += format!("{outer}{last}{text}").trim_end();
        self.out.push('\n');
    }

    /// An empty line, never two; none between the items of a list.
    fn gap(&mut self) {
        if self.lists.is_empty() && !self.out.is_empty() && !self.out.ends_with("\n\n") {
            self.out.push('\n');
        }
    }

    fn table(&mut self) {
        let rows = std::mem::take(&mut self.rows);
        let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
        let natural: Vec<usize> =
            (0..columns).map(|c| rows.iter().filter_map(|r| r.get(c)).map(|cell| plain_width(cell)).max().unwrap_or(0)).collect();
        let widths = fit(&natural, self.room().saturating_sub(2 * columns.saturating_sub(1)));
        for (number, row) in rows.iter().enumerate() {
            let cells: Vec<Vec<String>> = row.iter().zip(&widths).map(|(cell, width)| lay_out(cell, *width, self.colour)).collect();
            for n in 0..cells.iter().map(Vec::len).max().unwrap_or(0) {
                let line: Vec<String> =
                    cells.iter().zip(&widths).map(|(cell, width)| pad(cell.get(n).map_or("", String::as_str), *width)).collect();
                self.line(&line.join("  "));
            }
            if number == 0 {
                let rule: Vec<String> = widths.iter().map(|w| "─".repeat(*w)).collect();
                let rule = paint(self.colour, Style::Dim, &rule.join("  "));
                self.line(&rule);
            }
        }
        self.gap();
    }
}

fn plain_width(words: &[Word]) -> usize {
    words.iter().map(|(_, word)| width(word)).sum()
}

/// Column widths that fit: the widest give way first, each keeps a few columns.
fn fit(natural: &[usize], room: usize) -> Vec<usize> {
    let mut widths: Vec<usize> = natural.iter().map(|w| (*w).max(1)).collect();
    while widths.iter().sum::<usize>() > room {
        match widths.iter_mut().max() {
            Some(widest) if *widest > 4 => *widest -= 1,
            _ => break,
        }
    }
    widths
}

/// Wrapped and painted lines.
fn lay_out(words: &[Word], columns: usize, colour: bool) -> Vec<String> {
    let (mut lines, mut line, mut used) = (Vec::new(), String::new(), 0);
    for group in words.split_inclusive(|(_, word)| word == " " || word == "\n") {
        let (space, group) = match group.split_last() {
            Some(((_, last), rest)) if last == " " || last == "\n" => (Some(last.as_str()), rest),
            _ => (None, group),
        };
        let wide = plain_width(group);
        if used > 0 && used + wide > columns {
            lines.push(std::mem::take(&mut line).trim_end().to_owned());
            used = 0;
        }
        for (style, word) in group {
            for piece in pieces(word, columns) {
                if used > 0 && used + width(&piece) > columns {
                    lines.push(std::mem::take(&mut line));
                    used = 0;
                }
                line += &paint(colour, *style, &piece);
                used += width(&piece);
            }
        }
        match space {
            Some("\n") => {
                lines.push(std::mem::take(&mut line));
                used = 0;
            }
            Some(_) if used > 0 => {
                line.push(' ');
                used += 1;
            }
            _ => {}
        }
    }
    if used > 0 {
        lines.push(line.trim_end().to_owned());
    }
    lines
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const STORY: &str = "# 엔드포인트 없는 서비스\n\n오전 9시부터 `shop` 네임스페이스의 **web** 서비스가 응답하지 않습니다. *어제 배포* 이후입니다.\n\n\
        1. 파드는 모두 Running 입니다.\n2. 서비스 주소로 요청하면 연결이 거부됩니다.\n   - 클러스터 안에서도 같습니다.\n\n\
        > 고객 문의가 늘고 있습니다.\n\n```sh\nkubectl -n shop get endpointslices -l kubernetes.io/service-name=web -o wide\n```\n\n\
        | 항목 | 값 |\n|---|---|\n| 서비스 | web |\n| 파드 | 3개 Ready, 재시작 없음 |\n\n[문서](https://kubernetes.io/docs/)를 보세요.\n";

    #[test]
    fn lays_out_every_sort_of_block() {
        insta::assert_snapshot!(markdown(STORY, 44, false));
    }

    #[test]
    fn colour_changes_no_columns() {
        let plain: Vec<usize> = markdown(STORY, 44, false).lines().map(width).collect();
        let coloured: Vec<usize> = markdown(STORY, 44, true).lines().map(width).collect();
        assert_eq!(plain, coloured);
        assert!(markdown(STORY, 44, true).contains("\x1b[1mweb\x1b[0m"));
    }

    proptest! {
        #[test]
        fn any_text_is_laid_out_within_its_columns(text in "[-a-z가-힣*_`#>|\\[\\]() \n1.]{0,200}", columns in 20_usize..100) {
            for line in markdown(&text.replace('`', ""), columns, false).lines().filter(|l| !l.starts_with("    ")) {
                prop_assert!(width(line) <= columns + 20, "{line}");
            }
        }
    }
}
