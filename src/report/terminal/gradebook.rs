use super::{TerminalOptions, page::Page};
use crate::{
    gradebook::{Entry, EntryState, Gradebook},
    report::cohort::words,
    text::{Style, Text},
};

/// A gradebook as a table: a row a learner, a column an assignment; below it what needs a person's eye.
#[must_use]
pub fn render_gradebook(book: &Gradebook, options: TerminalOptions) -> String {
    let mut page = Page::new(options);
    page.heading(&Text::new(format!("성적부 · {}", book.roster.cohort), format!("Gradebook · {}", book.roster.cohort)));
    page.gap();
    let mut rows = vec![headings(&page, book)];
    for learner in &book.roster.learners {
        let cells = book.assignments.iter().map(|assignment| book.entry(&learner.id, &assignment.id).map_or_else(String::new, cell));
        rows.push([learner.id.clone(), learner.name.clone()].into_iter().chain(cells).collect());
    }
    let right: Vec<usize> = (2..2 + book.assignments.len()).collect();
    page.table(1, &rows, &right);
    let told: Vec<&Entry> = book.entries.iter().filter(|entry| entry.reason.is_some() && entry.state != EntryState::Missing).collect();
    if !told.is_empty() {
        page.heading(&Text::new("살펴볼 것", "To look at"));
    }
    for entry in told {
        let why = entry.reason.as_ref().map(|why| page.say(why).to_owned()).unwrap_or_default();
        let style = if entry.state == EntryState::Failed { Style::Red } else { Style::Yellow };
        let state = page.say(&words::state(entry.state)).to_owned();
        page.item(1, "·", style, &format!("{} · {} · {state}: {why}", entry.learner, entry.assignment));
    }
    page.gap();
    page.text(1, Style::Bold, page.say(&sum(book)));
    page.finish()
}

fn headings(page: &Page, book: &Gradebook) -> Vec<String> {
    let fixed = [Text::new("학습자", "Learner"), Text::new("이름", "Name")];
    let short = |id: &str| id.split('-').next().unwrap_or(id).to_owned();
    fixed.iter().map(|heading| page.say(heading).to_owned()).chain(book.assignments.iter().map(|a| short(&a.id))).collect()
}

fn cell(entry: &Entry) -> String {
    let points = entry.score.as_ref().map(|score| score.total.to_string());
    match (entry.state, points) {
        (EntryState::Graded | EntryState::Pending, Some(points)) => points,
        (state, _) => words::state_sign(state).to_owned(),
    }
}

fn sum(book: &Gradebook) -> Text {
    let count = |state: EntryState| book.entries.iter().filter(|entry| entry.state == state).count();
    let all = [
        EntryState::Graded,
        EntryState::Pending,
        EntryState::Unusable,
        EntryState::Refused,
        EntryState::Failed,
        EntryState::Waiting,
        EntryState::Missing,
    ];
    let there = || all.into_iter().map(|one| (words::state_sign(one), words::state(one), count(one))).filter(|(.., count)| *count > 0);
    let join = |words: Vec<String>| words.join(" · ");
    let learners = book.roster.learners.len();
    Text::new(
        format!("학습자 {learners}명 · {}", join(there().map(|(sign, state, count)| format!("{sign} {} {count}", state.ko)).collect())),
        format!("{learners} learners · {}", join(there().map(|(sign, state, count)| format!("{sign} {count} {}", state.en)).collect())),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{Lang, width};

    fn book() -> Gradebook {
        let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/gradebook/gradebook.json");
        serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap()
    }

    #[test]
    fn a_gradebook_lines_up_in_both_languages() {
        for lang in [Lang::Ko, Lang::En] {
            let text = render_gradebook(&book(), TerminalOptions { lang, ..TerminalOptions::default() });
            let table: Vec<&str> = text.lines().skip(2).take(9).collect();
            assert!(table.iter().all(|line| width(line) == width(table[0])), "{text}");
        }
    }

    #[test]
    fn a_gradebook_reads_like_this() {
        insta::assert_snapshot!(render_gradebook(&book(), TerminalOptions { lang: Lang::Ko, ..TerminalOptions::default() }));
    }
}
