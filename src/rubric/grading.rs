use super::{Assessment, AssessmentFile, CheckpointsFile, CourseFile, LearningItemsFile, Levels, LevelsFile, Rubric, RubricFile};

/// Everything that a folder says about how a course is graded.
#[derive(Debug, Clone, PartialEq)]
pub struct Grading {
    /// The levels of a figure.
    pub levels: LevelsFile,
    /// The course.
    pub course: CourseFile,
    /// Its daily checkpoints.
    pub checkpoints: CheckpointsFile,
    /// What there is to learn.
    pub learning_items: LearningItemsFile,
    /// Rubrics of points, by the names of their files.
    pub rubrics: Vec<RubricFile>,
    /// Weighted assessments, by the names of their files.
    pub assessments: Vec<AssessmentFile>,
}

/// What a sheet is about.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Graded<'a> {
    /// Points for criteria.
    Rubric(&'a Rubric),
    /// A weighted mean.
    Assessment(&'a Assessment),
}

impl Grading {
    /// The rubric or assessment with this id.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<Graded<'_>> {
        let rubric = self.rubrics.iter().find(|file| file.metadata.name == id).map(|file| Graded::Rubric(&file.spec));
        rubric.or_else(|| self.assessments.iter().find(|file| file.metadata.name == id).map(|file| Graded::Assessment(&file.spec)))
    }

    /// The rubric with this id.
    #[must_use]
    pub fn rubric(&self, id: &str) -> Option<&RubricFile> {
        self.rubrics.iter().find(|file| file.metadata.name == id)
    }

    /// The ids of rubrics and assessments.
    #[must_use]
    pub fn ids(&self) -> Vec<&str> {
        let rubrics = self.rubrics.iter().map(|file| file.metadata.name.as_str());
        rubrics.chain(self.assessments.iter().map(|file| file.metadata.name.as_str())).collect()
    }

    /// The course's levels.
    #[must_use]
    pub fn levels(&self) -> &Levels {
        &self.levels.spec
    }
}
