/// Why a table of grades could not be made.
#[derive(Debug, thiserror::Error)]
pub enum GradesError {
    /// It is no CSV, or could not be written as such.
    #[error("CSV: {0}")]
    Csv(#[from] csv::Error),
    /// A file that should be Canvas' export is not.
    #[error(
        "line 1 does not name the columns of a Canvas gradebook: `Student` and one of `ID`, `SIS User ID` and `SIS Login ID` are needed, found {found}; export it with Canvas' own Gradebook > Export"
    )]
    NotCanvas {
        /// The columns that it has.
        found: String,
    },
    /// No learner has what Moodle is to know them by.
    #[error("no learner of the roster has {key}; choose another --key, or add it to the roster")]
    NoKey {
        /// The column of the roster.
        key: &'static str,
    },
}
