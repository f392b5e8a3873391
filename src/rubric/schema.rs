use std::sync::LazyLock;

use serde_json::Value;

use super::{
    AssessmentFile, AssessmentScore, CheckpointsFile, CourseFile, LearningItemsFile, LevelsFile, RubricFile, RubricScore, SheetFile,
};
use crate::scenario::generate;

/// A kind of file, as its `kind` says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum FileKind {
    Rubric,
    Assessment,
    Levels,
    Checkpoints,
    LearningItems,
    Course,
}

impl FileKind {
    pub const ALL: [(&'static str, Self); 6] = [
        ("Rubric", Self::Rubric),
        ("Assessment", Self::Assessment),
        ("Levels", Self::Levels),
        ("Checkpoints", Self::Checkpoints),
        ("LearningItems", Self::LearningItems),
        ("Course", Self::Course),
    ];
}

macro_rules! schemas {
    ($($name:ident = $type:ty, $file:literal;)*) => {
        $(pub(super) static $name: LazyLock<Value> = LazyLock::new(|| generate::<$type>(concat!($file, ".yaml")));)*

        /// The JSON Schemas of grading by their file names below `schemas/`.
        #[must_use]
        pub fn grading_schemas() -> Vec<(&'static str, Value)> {
            vec![$((concat!($file, ".schema.json"), $name.clone())),*]
        }
    };
}

schemas! {
    RUBRIC = RubricFile, "rubric";
    ASSESSMENT = AssessmentFile, "assessment";
    LEVELS = LevelsFile, "levels";
    CHECKPOINTS = CheckpointsFile, "checkpoints";
    LEARNING_ITEMS = LearningItemsFile, "learning-items";
    COURSE = CourseFile, "course";
    SHEET = SheetFile, "sheet";
    RUBRIC_SCORE = RubricScore, "rubric-score";
    ASSESSMENT_SCORE = AssessmentScore, "assessment-score";
}
