use crate::{
    report::terminal::{TerminalOptions, page::Page},
    rubric::{CheckpointCell, CheckpointGrid, CheckpointState, CheckpointsFile},
    text::{Style, Text, pad, truncate, width},
};

/// The columns of a cell.
const CELL: usize = 5;
/// The most columns that a learner's name takes.
const NAME: usize = 20;

/// Learners by the daily checkpoints, a block for each week of five days; and what each checkpoint is.
#[must_use]
pub fn render_grid(file: &CheckpointsFile, grid: &CheckpointGrid, options: TerminalOptions) -> String {
    let mut page = Page::new(options);
    page.text(1, Style::Bold, page.say(&file.metadata.title));
    page.gap();
    let name = grid.rows.iter().map(|row| width(&row.learner)).max().unwrap_or_default().min(NAME);
    let columns = (page.room(name + 2) / CELL).max(1);
    let ids: Vec<&str> = file.spec.checkpoints.iter().map(|checkpoint| checkpoint.id.as_str()).collect();
    for (block, ids) in ids.chunks(columns).enumerate() {
        let head: String = ids.iter().map(|id| pad(id, CELL)).collect();
        page.line(&format!(" {} {head}", " ".repeat(name)));
        for row in &grid.rows {
            let cells = row.cells.iter().skip(block * columns).take(columns);
            let cells: String = cells.map(|one| cell(&page, one)).collect();
            page.line(&format!(" {} {cells}", pad(&truncate(&row.learner, name), name)));
        }
        page.gap();
    }
    let legend = Text::new(
        "✓ 근거 있음 · ▸ 시도함 · · 아직 · 사람 퀴즈나 면담으로 확인 · – 근거가 될 시나리오 없음. 숫자는 통과한 시나리오의 수",
        "✓ evidence · ▸ tried · · not yet · qz by a quiz or a talk · – no scenario is evidence. Figures: scenarios passed",
    );
    page.text(1, Style::Dim, page.say(&legend));
    page.gap();
    for checkpoint in &file.spec.checkpoints {
        page.item(1, &checkpoint.id, Style::Plain, page.say(&checkpoint.title));
        let evidence = checkpoint.evidence.join(", ");
        if !evidence.is_empty() {
            page.text(6, Style::Dim, &evidence);
        }
    }
    page.finish()
}

fn cell(page: &Page, cell: &CheckpointCell) -> String {
    let person = Text::new("사람", "qz");
    let count = if cell.passed.is_empty() { String::new() } else { cell.passed.len().to_string() };
    let (style, text) = match cell.state {
        CheckpointState::Met => (Style::Green, format!("✓{count}")),
        CheckpointState::Begun => (Style::Yellow, "▸".to_owned()),
        CheckpointState::Open => (Style::Dim, "·".to_owned()),
        CheckpointState::Person => (Style::Dim, format!("{}{}", page.say(&person), count)),
        CheckpointState::NoEvidence => (Style::Dim, "–".to_owned()),
    };
    page.paint(style, &pad(&text, CELL))
}
