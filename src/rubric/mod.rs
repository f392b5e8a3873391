//! How a course is graded, as data: rubrics of points, weighted assessments, levels, checkpoints, the course itself; and the
//! arithmetic from what was found and marked to a score whose every step is printed.
//!
//! Pure: knows no cluster, no store, no clock and no terminal. Verdicts and totals come from `score`.

mod assessment;
mod checkpoints;
mod course;
mod grade;
mod grading;
mod levels;
mod lint_scenario;
mod load;
mod load_sheet;
mod meaning_course;
mod meaning_rubric;
mod named;
mod notes;
mod progress;
mod reached;
mod rubric_file;
mod rubric_score;
mod schema;
mod sheet;
mod tally;
mod weigh;

#[cfg(test)]
mod tests;

pub use assessment::{Assessment, AssessmentFile, AssessmentKind, Item, Missing, WeightedLine};
pub use checkpoints::{
    Checkpoint, Checkpoints, CheckpointsFile, CheckpointsKind, LearningItem, LearningItems, LearningItemsFile, LearningItemsKind, SaidBy,
};
pub use course::{
    Course, CourseFile, CourseKind, Day, Need, Presentation, Project, ProjectStage, Team, TeamRole, Unit, UnitKind, UnitPart, Week,
};
pub use grading::{Graded, Grading};
pub use levels::{LevelSpec, Levels, LevelsFile, LevelsKind};
pub use lint_scenario::lint_scenario;
pub use load::{LoadedGrading, is_grading, load_grading};
pub use load_sheet::read_sheet;
pub use named::Named;
pub use progress::{CheckpointCell, CheckpointGrid, CheckpointRow, CheckpointState, Passed, checkpoint_grid, passed_by_gradebook};
pub use reached::{Reached, ReachedById, reached_by_score, reached_by_sheet};
pub use rubric_file::{
    BonusSpec, CategorySpec, CriterionSpec, GivenFor, InSandbox, LevelOn, LineSpec, RecordSpec, Rubric, RubricFile, RubricKind, Source,
};
pub use rubric_score::{BonusScore, CategoryScore, CriterionScore, LineScore, RecordState, RubricScore};
pub use schema::grading_schemas;
pub use sheet::{CheckEntry, Excuse, MarkEntry, RecordEntry, ScoreEntry, Sheet, SheetEntry, SheetFile, SheetKind, SheetMetadata};
pub use tally::{TallyOptions, tally};
pub use weigh::{AssessmentScore, ItemScore, WeightedScore, weigh};
