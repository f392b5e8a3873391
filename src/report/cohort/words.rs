//! The words about cohorts, learners and teams that every format uses.

use crate::{
    gradebook::{Entry, EntryState, ProjectRole},
    score::Grade,
    text::Text,
};

/// How far an entry is, for people.
#[must_use]
pub fn state(state: EntryState) -> Text {
    match state {
        EntryState::Missing => Text::new("제출하지 않음", "not handed in"),
        EntryState::Waiting => Text::new("채점 대기", "waiting to be graded"),
        EntryState::Graded => Text::new("채점 완료", "graded"),
        EntryState::Pending => Text::new("확정 전", "not final"),
        EntryState::Unusable => Text::new("쓸 수 없는 제출물", "submission cannot be used"),
        EntryState::Refused => Text::new("거부한 제출물", "submission refused"),
        EntryState::Failed => Text::new("채점하지 못함", "could not be graded"),
    }
}

/// The same for programs.
pub(in crate::report) fn state_word(state: EntryState) -> &'static str {
    match state {
        EntryState::Missing => "missing",
        EntryState::Waiting => "waiting",
        EntryState::Graded => "graded",
        EntryState::Pending => "pending",
        EntryState::Unusable => "unusable",
        EntryState::Refused => "refused",
        EntryState::Failed => "failed",
    }
}

/// A sign of one column that needs no colour.
pub(in crate::report) fn state_sign(state: EntryState) -> &'static str {
    match state {
        EntryState::Missing => "–",
        EntryState::Waiting => "…",
        EntryState::Graded => "✓",
        EntryState::Pending => "…",
        EntryState::Unusable => "✗",
        EntryState::Refused => "⊘",
        EntryState::Failed => "!",
    }
}

/// What is known of an entry that is not decided, and why it is not.
pub(in crate::report) fn open(entry: &Entry) -> Text {
    let state = match entry.state {
        // Graded, and yet not final: what it waits for is in the score.
        EntryState::Graded => state(EntryState::Pending),
        other => state(other),
    };
    let mut said = state;
    let mut add = |separator: &str, text: &Text| {
        for (said, more) in [(&mut said.ko, &text.ko), (&mut said.en, &text.en)] {
            *said += separator;
            *said += more;
        }
    };
    if let Some(score) = &entry.score {
        add(": ", &Text::new(format!("{}점", score.total), format!("{} points", score.total)));
        for reason in &score.pending {
            add(" · ", reason);
        }
    }
    if let Some(reason) = &entry.reason {
        add(" · ", reason);
    }
    said
}

/// Whether the pass mark is reached.
pub(in crate::report) fn passed(grade: Grade) -> Text {
    if grade.passed { Text::new("통과", "passed") } else { Text::new("통과하지 못함", "not passed") }
}

/// Leads the checks that did not pass.
pub(in crate::report) fn not_passed() -> Text {
    Text::new("통과하지 못한 검사", "Checks that did not pass")
}

/// Why somebody who handed in nothing has 0 points.
pub(in crate::report) fn zero_for_nothing() -> Text {
    Text::new("제출하지 않음: 0점으로 처리", "not handed in: counted as 0")
}

/// The heading of the bonus of an assignment.
pub(in crate::report) fn bonus_of(title: &str) -> Text {
    Text::new(format!("{title} (가산점)"), format!("{title} (bonus)"))
}

/// The heading of the comments on an assignment.
pub(in crate::report) fn feedback_of(title: &str) -> Text {
    Text::new(format!("{title} (피드백)"), format!("{title} (feedback)"))
}

/// Learners whom Canvas cannot find.
pub(in crate::report) fn canvas_knows_not(names: &[&str]) -> Text {
    let who = names.join(", ");
    Text::new(
        format!("Canvas가 찾을 수 없는 학습자가 있습니다. 명단에 Canvas ID, SIS ID, 로그인 ID가 모두 없습니다: {who}"),
        format!("Canvas cannot find these learners: the roster has no ID, SIS ID or login of theirs: {who}"),
    )
}

/// Learners of the roster whom the instructor's export does not list.
pub(in crate::report) fn not_in_export(names: &[&str]) -> Text {
    let who = names.join(", ");
    Text::new(
        format!("Canvas 내보내기에 없는 학습자는 넣지 않았습니다: {who}"),
        format!("These learners are not in the export of Canvas and were left out: {who}"),
    )
}

/// Learners whom Moodle cannot find.
pub(in crate::report) fn moodle_knows_not(key: &str, names: &[&str]) -> Text {
    let who = names.join(", ");
    Text::new(
        format!("명단에 {key} 항목이 없는 학습자는 넣지 않았습니다: {who}"),
        format!("These learners have no {key} in the roster and were left out: {who}"),
    )
}

/// A responsibility in a team.
pub(in crate::report) fn role(role: ProjectRole) -> Text {
    match role {
        ProjectRole::PlatformEngineer => Text::new("플랫폼 엔지니어", "Platform engineer"),
        ProjectRole::DevopsEngineer => Text::new("DevOps 엔지니어", "DevOps engineer"),
        ProjectRole::Sre => Text::new("SRE", "SRE"),
    }
}
