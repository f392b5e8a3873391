use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::json;
use sha2::{Digest, Sha256};

use super::{Engine, ErrorClass, RunnerError, library};
use crate::{
    attempt::{Attempt, AttemptId, LogKind, Mark, MarkRole},
    points::Points,
    report::Report,
    scenario::{Assert, Manual, Scenario},
    score::{self, MARK_STEP, OpenMark, Standing},
    store::AttemptFilter,
    text::Text,
};

/// A check that a grader marks, and the marks that it has.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ToMark {
    /// The check.
    pub check: String,
    /// Its title.
    pub title: Text,
    /// What is marked.
    #[serde(flatten)]
    pub manual: Manual,
    /// The most that there is to give.
    pub max: Points,
    /// The mark that counts now; none while it waits for one.
    pub mark: Option<Mark>,
    /// Every mark that was given, in order.
    pub marks: Vec<Mark>,
    /// What it waits for.
    #[serde(skip)]
    pub open: Option<OpenMark>,
}

/// The checks of an attempt that a grader marks.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Marking {
    /// The attempt.
    pub attempt: AttemptId,
    /// The checks, in the scenario's order.
    pub checks: Vec<ToMark>,
}

/// Which marks a grader looks for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MarkQuery {
    /// Of this scenario; of all when left out.
    pub scenario: Option<String>,
    /// As what the grader marks.
    pub role: MarkRole,
    /// Also what is marked already.
    pub all: bool,
    /// Without knowing whose work it is.
    pub blind: bool,
}

/// One thing in the queue of what is to be marked.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Queued {
    /// The attempt; the grader of blind marks is shown the learner's pseudonym alone.
    pub attempt: AttemptId,
    /// Whose it is, as far as that is known; a pseudonym where marks are blind.
    pub learner: String,
    /// The scenario.
    pub scenario: String,
    /// What is marked.
    #[serde(flatten)]
    pub item: ToMark,
    /// Comments that were given for the same check elsewhere, the most frequent first.
    pub comments: Vec<String>,
}

impl Engine {
    /// What is to be marked, and is marked, in an attempt, or in the latest one of an environment.
    ///
    /// # Errors
    /// There is no such attempt, or the records cannot be read.
    pub async fn marking(&self, id: Option<&AttemptId>, environment: &str) -> Result<Marking, RunnerError> {
        let attempt = self.attempt_of(id, environment).await?;
        let scenario = library::of(&attempt)?;
        Ok(Marking { checks: to_mark(&attempt, &scenario), attempt: attempt.id })
    }

    /// What waits for a mark of a grader in this role, over all attempts, the oldest first.
    ///
    /// A second marker is not shown the first mark, and blind marking shows neither names nor who marked.
    ///
    /// # Errors
    /// The records cannot be read.
    pub async fn mark_queue(&self, query: &MarkQuery) -> Result<Vec<Queued>, RunnerError> {
        let filter = AttemptFilter { scenario: query.scenario.clone(), ..AttemptFilter::default() };
        let mut attempts = self.store.list(&filter).await.map_err(RunnerError::store)?;
        attempts.reverse();
        let mut queue = Vec::new();
        for attempt in &attempts {
            // An attempt at a scenario that is not there any more keeps nobody from marking the others.
            let Ok(scenario) = library::of(attempt) else { continue };
            for item in to_mark(attempt, &scenario).into_iter().filter(|item| query.all || waits(item, query.role)) {
                let learner = if query.blind { pseudonym(attempt) } else { attempt.learner().to_owned() };
                let comments = comments(&attempts, &attempt.scenario, &item.check);
                queue.push(Queued { attempt: attempt.id.clone(), learner, scenario: attempt.scenario.clone(), item, comments });
            }
        }
        let hidden = |mark: &Mark| match query.role {
            MarkRole::First => mark.role != MarkRole::First,
            MarkRole::Second => mark.role != MarkRole::Second,
            MarkRole::Moderator => false,
        };
        for queued in &mut queue {
            queued.item.marks.retain(|mark| !hidden(mark));
            queued.item.mark = queued.item.mark.take().filter(|mark| !hidden(mark));
            if query.blind {
                queued
                    .item
                    .marks
                    .iter_mut()
                    .chain(&mut queued.item.mark)
                    .for_each(|mark| mark.by = format!("{:?}", mark.role).to_lowercase());
            }
        }
        Ok(queue)
    }

    /// Gives a mark; it takes the place of an earlier one in the same role, which stays in the log. Also after the attempt was closed.
    ///
    /// # Errors
    /// There is no such attempt or check, or the points are not between nothing and the check's in steps of a half.
    pub async fn mark(&self, id: Option<&AttemptId>, environment: &str, mark: &Mark) -> Result<Report, RunnerError> {
        let attempt = self.attempt_of(id, environment).await?;
        self.judge_mark(&attempt, mark)?;
        self.log(&attempt.id, LogKind::Marked, json!(mark)).await?;
        self.report(Some(&attempt.id), &attempt.environment).await
    }

    /// Whether a mark may be given.
    fn judge_mark(&self, attempt: &Attempt, mark: &Mark) -> Result<(), RunnerError> {
        let checks = to_mark(attempt, &library::of(attempt)?);
        let check = checks.iter().find(|one| one.check == mark.check).ok_or_else(|| nothing_to_mark(&mark.check, &checks))?;
        let max = check.max;
        if mark.points < Points::ZERO || mark.points > max || mark.points.as_hundredths() % MARK_STEP.as_hundredths() != 0 {
            return Err(RunnerError::new(
                ErrorClass::Usage,
                Text::new(
                    format!("`{}`의 점수는 0에서 {max}까지, {MARK_STEP}점 단위입니다", mark.check),
                    format!("the mark of `{}` is between 0 and {max}, in steps of {MARK_STEP}", mark.check),
                ),
            ));
        }
        let own = |role: MarkRole| check.marks.iter().rev().find(|one| one.role == role);
        if mark.role == MarkRole::Second && own(MarkRole::First).is_some_and(|first| first.by == mark.by) {
            return Err(RunnerError::new(
                ErrorClass::Usage,
                Text::new("두 번째 채점자는 첫 번째와 다른 사람이어야 합니다", "the second marker is somebody else than the first"),
            )
            .help(Text::new("--by에 다른 이름을 적으세요", "give another name with --by")));
        }
        Ok(())
    }

    /// Gives many marks, all or none: each is looked at before the first is written. Names the number of the first that may not be given.
    ///
    /// # Errors
    /// One of them may not be given, or the records cannot be written.
    pub async fn mark_all(&self, marks: &[(AttemptId, Mark)]) -> Result<usize, (Option<usize>, RunnerError)> {
        for ((id, mark), at) in marks.iter().zip(0..) {
            let attempt = self.attempt_of(Some(id), "").await.map_err(|error| (Some(at), error))?;
            self.judge_mark(&attempt, mark).map_err(|error| (Some(at), error))?;
        }
        for (id, mark) in marks {
            self.log(id, LogKind::Marked, json!(mark)).await.map_err(|error| (None, error))?;
        }
        Ok(marks.len())
    }

    /// Settles two marks that are too far apart with their mean, in steps of a half.
    ///
    /// # Errors
    /// There are no two marks, or the records cannot be written.
    pub async fn average(&self, id: Option<&AttemptId>, environment: &str, check: &str, by: &str) -> Result<Report, RunnerError> {
        let attempt = self.attempt_of(id, environment).await?;
        let checks = to_mark(&attempt, &library::of(&attempt)?);
        let item = checks.iter().find(|one| one.check == check).ok_or_else(|| nothing_to_mark(check, &checks))?;
        let of = |role: MarkRole| item.marks.iter().rev().find(|mark| mark.role == role);
        let (Some(first), Some(second)) = (of(MarkRole::First), of(MarkRole::Second)) else {
            let message = Text::new("평균을 낼 두 채점자의 점수가 없습니다", "there are no two marks to take the mean of");
            return Err(RunnerError::new(ErrorClass::Usage, message));
        };
        let sum = (first.points + second.points).as_hundredths();
        let step = MARK_STEP.as_hundredths();
        let mark = Mark {
            check: check.to_owned(),
            points: Points::hundredths((sum + step) / (2 * step) * step),
            comment: String::new(),
            by: by.to_owned(),
            role: MarkRole::Moderator,
            evidence: None,
            blind: false,
        };
        self.mark(Some(&attempt.id), environment, &mark).await
    }

    /// Lets the marks of an attempt count where rules hide them until then.
    ///
    /// # Errors
    /// There is no such attempt, or the records cannot be written.
    pub async fn post_marks(&self, id: Option<&AttemptId>, environment: &str, by: &str) -> Result<Report, RunnerError> {
        let attempt = self.attempt_of(id, environment).await?;
        if !attempt.judgement.posted {
            self.log(&attempt.id, LogKind::MarksPosted, json!({"by": by})).await?;
        }
        self.report(Some(&attempt.id), &attempt.environment).await
    }
}

fn to_mark(attempt: &Attempt, scenario: &Scenario) -> Vec<ToMark> {
    let by_hand = scenario.checks().filter(|check| score::is_marked_by_hand(check));
    by_hand
        .filter_map(|check| match &check.assert {
            Assert::Manual(manual) => {
                let marks: Vec<Mark> = attempt.marks.iter().filter(|mark| mark.check == check.id).cloned().collect();
                let standing = score::standing(check, &marks, &attempt.judgement);
                let (mark, open) = match standing {
                    Standing::Counts { points, marks } => (marks.last().map(|mark| Mark { points, ..(*mark).clone() }), None),
                    Standing::Open(open) => (None, Some(open)),
                };
                Some(ToMark {
                    check: check.id.clone(),
                    title: check.title.clone(),
                    manual: manual.clone(),
                    max: check.points,
                    mark,
                    open,
                    marks,
                })
            }
            _ => None,
        })
        .collect()
}

/// Whether a grader in this role has something to do.
fn waits(item: &ToMark, role: MarkRole) -> bool {
    let marked = |role: MarkRole| item.marks.iter().any(|mark| mark.role == role);
    match role {
        MarkRole::First => matches!(item.open, Some(OpenMark::Grader | OpenMark::Second)) && !marked(MarkRole::First),
        MarkRole::Second => !marked(MarkRole::Second) && !marked(MarkRole::Moderator),
        MarkRole::Moderator => item.open == Some(OpenMark::Moderator),
    }
}

/// A name that says nothing about whose work it is, and is the same whenever it is shown. The attempt's nonce is known to nobody.
fn pseudonym(attempt: &Attempt) -> String {
    let digest = Sha256::digest(format!("kubedrill.dev/pseudonym/v1\0{}\0{}", attempt.nonce, attempt.id));
    format!("learner-{}", digest.iter().take(4).map(|byte| format!("{byte:02x}")).collect::<String>())
}

fn comments(attempts: &[Attempt], scenario: &str, check: &str) -> Vec<String> {
    const MOST: usize = 9;
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let marks = attempts.iter().filter(|attempt| attempt.scenario == scenario).flat_map(|attempt| &attempt.marks);
    for mark in marks.filter(|mark| mark.check == check && !mark.comment.is_empty()) {
        *counts.entry(&mark.comment).or_default() += 1;
    }
    let mut counted: Vec<(&str, usize)> = counts.into_iter().collect();
    counted.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    counted.into_iter().take(MOST).map(|(comment, _)| comment.to_owned()).collect()
}

fn nothing_to_mark(check: &str, checks: &[ToMark]) -> RunnerError {
    let all: Vec<&str> = checks.iter().map(|one| one.check.as_str()).collect();
    let error = RunnerError::new(
        ErrorClass::Usage,
        Text::new(format!("사람이 채점하는 검사 `{check}`이(가) 없습니다"), format!("there is no check `{check}` that a grader marks")),
    );
    if all.is_empty() {
        error.cause("nothing in this scenario is marked by hand")
    } else {
        error.cause(format!("there are: {}", all.join(", ")))
    }
}
