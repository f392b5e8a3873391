/// Why Fluent Bit would not start with a configuration. Quotes names and places, never values: these may be secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FluentBitError {
    /// There is no such file in the container.
    #[error("there is no file {file}")]
    NoFile {
        /// The file.
        file: String,
    },
    /// A file includes itself, or includes go too deep.
    #[error("{file} is included within itself, or too deep")]
    IncludedAgain {
        /// The file.
        file: String,
    },
    /// A line that is none.
    #[error("{file}, line {line}: {what}")]
    Line {
        /// The file.
        file: String,
        /// Its line, from 1.
        line: usize,
        /// What is wrong with it.
        what: &'static str,
    },
    /// A file that is no YAML, or not of the right shape.
    #[error("{file}: {what}")]
    Yaml {
        /// The file.
        file: String,
        /// What is wrong with it.
        what: String,
    },
    /// An input, filter or output that does not say which.
    #[error("a section [{section}] has no Name")]
    NoName {
        /// The section.
        section: &'static str,
    },
    /// More than a person would write.
    #[error("the configuration is too large")]
    TooLarge,
}
