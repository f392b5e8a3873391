use std::{fmt::Write as _, path::Path};

use serde::{Deserialize, Serialize};

use super::{Engine, ErrorClass, Queued, RunnerError};
use crate::{
    attempt::{AttemptId, Mark, MarkRole},
    diagnostic::codes,
    points::Points,
    scenario::{ApiVersion, OwnFile, read_own},
    text::{Lang, Text},
};

/// A sheet of marks: written for a grader to fill in, and read back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct MarkSheet {
    /// The format's version.
    pub api_version: ApiVersion,
    /// Marks.
    pub kind: MarkSheetKind,
    /// Who gives them.
    pub by: String,
    /// As what.
    #[serde(default)]
    pub role: MarkRole,
    /// They are given without knowing whose work it is.
    #[serde(default)]
    pub blind: bool,
    /// One for each thing to mark.
    pub marks: Vec<SheetMark>,
}

/// Says that a file is a sheet of marks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub enum MarkSheetKind {
    /// A sheet of marks.
    MarkSheet,
}

/// One thing to mark.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct SheetMark {
    /// The attempt.
    pub attempt: AttemptId,
    /// Whose it is; for the grader alone.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub learner: String,
    /// The check.
    pub check: String,
    /// The points; nothing is marked where they are left empty.
    #[serde(default)]
    pub points: Option<Points>,
    /// Why; whoever reads the report reads it.
    #[serde(default)]
    pub comment: Option<String>,
    /// What it rests on: a text, or the address of a page.
    #[serde(default)]
    pub evidence: Option<String>,
}

impl MarkSheet {
    /// The JSON Schema of a sheet.
    #[must_use]
    pub fn schema() -> serde_json::Value {
        schemars::schema_for!(Self).to_value()
    }

    /// A sheet to fill in, with what is marked and what so many points look like beside each entry.
    #[must_use]
    pub fn to_fill_in(queue: &[Queued], by: &str, role: MarkRole, blind: bool, lang: Lang) -> String {
        let word = |role: MarkRole| format!("{role:?}").to_lowercase();
        let quoted = |text: &str| serde_json::Value::String(text.to_owned()).to_string();
        let one_line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let mut out = format!(
            "apiVersion: kubedrill.dev/v1alpha1\nkind: MarkSheet\nby: {}\nrole: {}\nblind: {blind}\nmarks:\n",
            quoted(by),
            word(role)
        );
        if queue.is_empty() {
            out.truncate(out.len() - 1);
            out += " []\n";
        }
        for one in queue {
            let item = &one.item;
            // Writing to a string cannot fail.
            let _ = writeln!(out, "  # {} · {}", one.scenario, one_line(item.title.get(lang)));
            let _ = writeln!(out, "  # {} (0…{})", one_line(item.manual.criterion.get(lang)), item.max);
            for level in &item.manual.levels {
                let _ = writeln!(out, "  #   {}: {}", level.points, one_line(level.text.get(lang)));
            }
            for mark in &item.marks {
                let _ = writeln!(out, "  #   {}: {} ({}) {}", word(mark.role), mark.points, one_line(&mark.by), one_line(&mark.comment));
            }
            let _ = writeln!(
                out,
                "  - attempt: {}\n    learner: {}\n    check: {}\n    points:\n    comment: \"\"\n    evidence:",
                quoted(&one.attempt.0),
                quoted(&one.learner),
                quoted(&item.check)
            );
        }
        out
    }
}

impl Engine {
    /// Gives the marks of a sheet that was filled in: all of them, or none when one of them may not be given.
    ///
    /// # Errors
    /// The sheet has mistakes, each named with its place, or the records cannot be written.
    pub async fn mark_by(&self, file: &Path) -> Result<usize, RunnerError> {
        let failed = |found| {
            let message = Text::new("채점표에 오류가 있습니다", "the sheet of marks has mistakes");
            RunnerError { diagnostics: found, ..RunnerError::new(ErrorClass::ContentInvalid, message) }
        };
        let sheet: OwnFile<MarkSheet> = read_own(file, "marks.yaml").map_err(failed)?;
        let filled: Vec<(usize, &SheetMark, Points)> =
            sheet.data.marks.iter().zip(0..).filter_map(|(entry, at)| entry.points.map(|points| (at, entry, points))).collect();
        let marks: Vec<(AttemptId, Mark)> = filled
            .iter()
            .map(|(_, entry, points)| {
                let mark = Mark {
                    check: entry.check.clone(),
                    points: *points,
                    comment: entry.comment.clone().unwrap_or_default(),
                    by: sheet.data.by.clone(),
                    role: sheet.data.role,
                    evidence: entry.evidence.clone().filter(|evidence| !evidence.is_empty()),
                    blind: sheet.data.blind,
                };
                (entry.attempt.clone(), mark)
            })
            .collect();
        self.mark_all(&marks).await.map_err(|(at, error)| match at.and_then(|at| filled.get(at)) {
            Some((at, ..)) => {
                let why = error.cause.as_ref().map(|cause| format!(": {cause}")).unwrap_or_default();
                let message = Text::new(format!("{}{why}", error.message.ko), format!("{}{why}", error.message.en));
                failed(vec![sheet.mistake(codes::BAD_VALUE, &format!("/marks/{at}/points"), message)])
            }
            None => error,
        })
    }
}
