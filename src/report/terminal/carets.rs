use super::page::Page;
use crate::{
    report::{ExplainedExpression, ExplainedPart},
    text::{Style, Text, width},
};

const INDENT: usize = 3;

/// An expression with the value of each part under carets. Long ones are broken at spaces, so that carets stay below their part.
pub(super) fn carets(page: &mut Page, expression: &ExplainedExpression) {
    let gap = " ".repeat(INDENT);
    for (start, line) in lines(&expression.source, page.room(INDENT)) {
        let code = page.paint(Style::Cyan, &line);
        page.line(&format!("{gap}{code}"));
        let end = start + line.chars().count();
        let here = |part: &&ExplainedPart| part.start.is_some_and(|at| (start..end).contains(&at));
        for part in expression.parts.iter().filter(here) {
            let from = part.start.unwrap_or(start) - start;
            let columns = |skip: usize, take: usize| width(&line.chars().skip(skip).take(take).collect::<String>());
            let mark = page.paint(Style::Red, &"^".repeat(columns(from, part.length).max(1)));
            let value = value(page, part);
            page.line(&format!("{gap}{}{mark} {value}", " ".repeat(columns(0, from))));
        }
    }
    for part in expression.parts.iter().filter(|part| part.start.is_none()) {
        let text = format!("{} = {}", part.part, value(page, part));
        page.text(INDENT, Style::Plain, &text);
    }
}

fn value(page: &Page, part: &ExplainedPart) -> String {
    part.value.clone().unwrap_or_else(|| page.say(&Text::new("없음", "not there")).to_owned())
}

/// The lines of a source, each with the number of its first character; long ones are broken after a space.
fn lines(source: &str, room: usize) -> Vec<(usize, String)> {
    let (mut lines, mut line, mut start, mut at) = (Vec::new(), String::new(), 0, 0);
    for word in source.split_inclusive([' ', '\n']) {
        if !line.is_empty() && width(&line) + width(word.trim_end()) > room {
            lines.push((start, std::mem::take(&mut line)));
            start = at;
        }
        line.push_str(word.trim_end_matches('\n'));
        at += word.chars().count();
        if word.ends_with('\n') {
            lines.push((start, std::mem::take(&mut line)));
            start = at;
        }
    }
    if !line.is_empty() {
        lines.push((start, line));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::carets;
    use crate::report::{ExplainedExpression, ExplainedPart, TerminalOptions, terminal::page::Page};

    #[test]
    fn values_stand_under_their_part_also_after_a_break_and_wide_letters() {
        let part = |part: &str, value: &str, start: usize, length: usize| ExplainedPart {
            part: part.into(),
            value: Some(value.into()),
            start: Some(start),
            length,
        };
        let source = "pods['한글'] == 'x' && size(services) == 2 && true".to_owned();
        let expression = ExplainedExpression { source, parts: vec![part("a", "\"y\"", 0, 10), part("b", "1", 21, 14)] };
        let mut page = Page::new(TerminalOptions { width: 42, ..TerminalOptions::default() });
        carets(&mut page, &expression);
        let wanted = [
            "   pods['한글'] == 'x' && size(services)",
            "   ^^^^^^^^^^^^ \"y\"",
            "                          ^^^^^^^^^^^^^^ 1",
            "   == 2 && true",
        ];
        assert_eq!(page.finish().lines().collect::<Vec<_>>(), wanted);
    }
}
