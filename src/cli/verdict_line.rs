use crate::{
    attempt::{CheckResult, Verdict},
    check,
    scenario::{CheckSpec, Role},
    text::{self, Lang, Text},
};

/// How check results look on this terminal.
#[derive(Debug, Clone, Copy)]
pub struct Look {
    /// The reader's language.
    pub lang: Lang,
    /// Colour is welcome.
    pub colour: bool,
    /// Columns.
    pub width: usize,
}

fn mark(verdict: Verdict) -> (&'static str, &'static str, Text) {
    match verdict {
        Verdict::Pass => ("✔", "\u{1b}[32m", Text::new("통과", "pass")),
        Verdict::Fail => ("✘", "\u{1b}[31m", Text::new("실패", "fail")),
        Verdict::Error => ("!", "\u{1b}[33m", Text::new("오류", "error")),
        Verdict::Blocked => ("·", "\u{1b}[2m", Text::new("대기", "blocked")),
        Verdict::Skipped => ("-", "\u{1b}[2m", Text::new("제외", "skipped")),
    }
}

/// One check: its verdict and goal, and under a failure what was seen, where to look, and the idea.
#[must_use]
pub fn render(spec: &CheckSpec, result: &CheckResult, look: Look) -> String {
    let (symbol, colour, word) = match result.awaits_mark() {
        true => ("…", "\u{1b}[33m", Text::new("채점", "to mark")),
        false => mark(result.verdict),
    };
    let (colour, dim, reset) = if look.colour { (colour, "\u{1b}[2m", "\u{1b}[0m") } else { ("", "", "") };
    let share = match (result.verdict, spec.partial && result.total > 1) {
        (Verdict::Fail, true) => format!(" {}/{}", result.passed, result.total),
        _ => String::new(),
    };
    let worth = match (spec.role, look.lang) {
        (Role::Objective, Lang::Ko) => format!("{}점", spec.points),
        (Role::Objective, Lang::En) => format!("{} pts", spec.points),
        (Role::Bonus, Lang::Ko) => format!("보너스 {}점", spec.points),
        (Role::Bonus, Lang::En) => format!("bonus {} pts", spec.points),
        (Role::Guard, Lang::Ko) => "지킬 것".to_owned(),
        (Role::Guard, Lang::En) => "guard".to_owned(),
        (Role::Info, Lang::Ko) => "참고".to_owned(),
        (Role::Info, Lang::En) => "info".to_owned(),
    };
    let head = format!("{} {dim}({worth}){reset}", spec.title.get(look.lang));
    let label = format!("{symbol} {}{share}", text::pad(word.get(look.lang), 7));
    let mut out = format!("{colour}{label}{reset} {head}\n");
    if result.verdict == Verdict::Pass {
        return out;
    }
    let moving = result.moving && result.verdict == Verdict::Fail;
    let still = Text::new("아직 바뀌는 중입니다. 잠시 뒤 다시 확인하세요.", "Still changing: check again in a moment.");
    let lines = check::say(spec, result, look.lang).into_iter().chain(moving.then(|| still.get(look.lang).to_owned()));
    for line in lines {
        for wrapped in text::wrap(&line, look.width.saturating_sub(4)) {
            out += &format!("    {dim}{wrapped}{reset}\n");
        }
    }
    out
}
