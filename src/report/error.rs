/// Why a report could not be rendered. Always a bug of ours or of a template, never of the attempt.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// A template does not fit the report.
    #[error("fill the report template {template}: {source}")]
    Template {
        /// Its name.
        template: &'static str,
        /// What is wrong.
        source: tera::Error,
    },
    /// JUnit could not be written.
    #[error("write the JUnit report: {0}")]
    Junit(#[from] quick_junit::SerializeError),
}
