use super::{
    context::Context,
    verdict_line::{self, Look},
};
use crate::{
    attempt::{Progress, Run, StepNews, StepState, Verdict},
    check,
    scenario::{Scenario, Step},
    text::{self, Lang, Text},
};

/// A lab as a learner meets it: its steps, the one to work on, and what has become of the others.
pub struct Lab<'a> {
    /// Who reads.
    pub context: &'a Context,
    /// The lab.
    pub scenario: &'a Scenario,
    /// How far the learner is.
    pub progress: &'a Progress,
}

impl<'a> Lab<'a> {
    fn steps(&self) -> impl Iterator<Item = (usize, &'a Step)> {
        self.scenario.file.spec.steps.iter().enumerate().map(|(at, step)| (at + 1, step))
    }

    fn state(&self, step: &Step) -> StepState {
        self.progress.step(&step.id).map_or(StepState::Open, |progress| progress.state)
    }

    fn is_current(&self, step: &Step) -> bool {
        self.progress.current.as_ref() == Some(&step.id)
    }

    /// Every step in a line.
    #[must_use]
    pub fn overview(&self) -> String {
        self.steps().map(|(number, step)| self.line(number, step)).collect()
    }

    fn line(&self, number: usize, step: &Step) -> String {
        let lang = self.context.lang;
        let (mark, note) = match (self.state(step), self.is_current(step)) {
            (StepState::Done, _) => ("✔", Text::default()),
            (StepState::Undone, _) => ("↺", Text::new("해냈지만 지금은 맞지 않습니다", "was done, and no longer holds")),
            (StepState::Open, true) => ("▶", Text::new("지금 할 차례", "now")),
            (StepState::Open, false) if step.optional => ("·", Text::new("선택", "optional")),
            (StepState::Open, false) => ("·", Text::default()),
        };
        let note = if note.get(lang).is_empty() { String::new() } else { format!(" ({})", note.get(lang)) };
        format!("{mark} {number}. {}{note}\n", step.title.get(lang))
    }

    /// The step to work on; nothing when all are done.
    #[must_use]
    pub fn current(&self) -> String {
        self.progress.current.as_deref().and_then(|id| self.page(id)).unwrap_or_default()
    }

    /// One step: what to do, and what will prove it.
    #[must_use]
    pub fn page(&self, id: &str) -> Option<String> {
        let (number, step) = self.steps().find(|(_, step)| step.id == id)?;
        let lang = self.context.lang;
        let count = self.scenario.file.spec.steps.len();
        let mut page = format!("## {number}/{count}. {}\n\n{}\n\n", step.title.get(lang), step.text.get(lang));
        page += Text::new("확인하는 것", "What is checked").get(lang);
        page += ":\n\n";
        for check in &step.checks {
            page += &format!("- {}\n", check.title.get(lang));
        }
        Some(text::markdown(&page, self.context.width, self.context.colour))
    }

    /// What a run found: a line for each step, and the checks of those that need the learner now, or of the one asked for.
    #[must_use]
    pub fn results(&self, run: &Run, only: Option<&str>) -> String {
        let look = Look { lang: self.context.lang, colour: self.context.colour, width: self.context.width };
        let mut out = String::new();
        for (number, step) in self.steps().filter(|(_, step)| only.is_none_or(|only| step.id == only)) {
            out += &self.line(number, step);
            if only.is_none() && !self.is_current(step) && self.state(step) != StepState::Undone {
                continue;
            }
            for (check, result) in step.checks.iter().filter_map(|check| Some((check, run.result(&check.id)?))) {
                if result.verdict != Verdict::Skipped {
                    verdict_line::render(check, result, look).lines().for_each(|line| out += &format!("   {line}\n"));
                }
            }
        }
        out + &self.to_be_tried(run)
    }

    /// What proves the current step but is not tried out while somebody only watches.
    fn to_be_tried(&self, run: &Run) -> String {
        let current = self.steps().map(|(_, step)| step).find(|step| self.is_current(step));
        let Some((step, progress)) = current.and_then(|step| Some((step, self.progress.step(&step.id)?))) else { return String::new() };
        let open = step.checks.iter().filter(|check| progress.open.contains(&check.id));
        let untried = |id: &str| run.result(id).is_some_and(|result| matches!(result.verdict, Verdict::Skipped | Verdict::Blocked));
        if progress.open.is_empty() || !open.clone().all(|check| untried(&check.id)) || !open.clone().any(check::is_tried) {
            return String::new();
        }
        let id = &step.id;
        let lines = Text::new(
            format!("남은 것은 직접 시험해 보는 검사이고 몇 분 걸립니다: `kubedrill check --step {id}`\n"),
            format!("What is left is tried out, which takes minutes: `kubedrill check --step {id}`\n"),
        );
        lines.get(self.context.lang).to_owned()
    }

    /// What has become of the steps, and the next one when one was done.
    #[must_use]
    pub fn news(&self, news: &[StepNews]) -> String {
        let mut out = String::new();
        for (number, step, state) in self.steps().filter_map(|(number, step)| Some((number, step, told(news, step)?))) {
            out += &self.told(number, step, state);
        }
        if news.iter().any(|one| one.state == StepState::Done) {
            out += "\n";
            out += &self.current();
        }
        out
    }

    fn told(&self, number: usize, step: &Step, state: StepState) -> String {
        let (lang, title) = (self.context.lang, step.title.get(self.context.lang));
        if state != StepState::Done {
            return match lang {
                Lang::Ko => {
                    format!("\n↺ {number}단계는 해냈던 것인데 지금은 맞지 않습니다: {title}. 위에서 달라진 것을 보고 다시 맞추면 됩니다.\n")
                }
                Lang::En => {
                    format!("\n↺ Step {number} was done and no longer holds: {title}. Above is what has changed; put it right again.\n")
                }
            };
        }
        let mut out = match lang {
            Lang::Ko => format!("\n✔ {number}단계를 마쳤습니다: {title}\n"),
            Lang::En => format!("\n✔ Step {number} is done: {title}\n"),
        };
        if let Some(explanation) = &step.explanation {
            out.push('\n');
            out += &text::markdown(explanation.get(lang), self.context.width, self.context.colour);
        }
        out
    }

    /// Where the learner is, in a line.
    #[must_use]
    pub fn place(&self) -> String {
        let (done, all, lang) = (self.progress.done(), self.progress.steps.len(), self.context.lang);
        let current = self.steps().find(|(_, step)| self.is_current(step));
        match (current, lang) {
            (Some((number, step)), Lang::Ko) => {
                format!("{all}단계 중 {done}단계를 마쳤습니다. 지금은 {number}단계: {} (`kubedrill show`)\n", step.title.ko)
            }
            (Some((number, step)), Lang::En) => {
                format!("{done} of {all} steps done; now step {number}: {} (`kubedrill show`)\n", step.title.en)
            }
            (None, Lang::Ko) => format!("{all}단계를 모두 마쳤습니다. 다음: `kubedrill score`\n"),
            (None, Lang::En) => format!("All {all} steps are done. next: `kubedrill score`\n"),
        }
    }
}

fn told(news: &[StepNews], step: &Step) -> Option<StepState> {
    news.iter().find(|one| one.step == step.id).map(|one| one.state)
}
