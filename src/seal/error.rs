use std::path::PathBuf;

/// Why something could not be signed, or a file not be read as something signed.
#[derive(Debug, thiserror::Error)]
pub enum SealError {
    /// A file of a key cannot be read or written.
    #[error("the key `{}`: {source}", path.display())]
    KeyFile {
        /// Where.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// It is no key of the wanted kind.
    #[error("the key `{}` is not {wanted}: {reason}", path.display())]
    NotAKey {
        /// Where.
        path: PathBuf,
        /// What it should be.
        wanted: &'static str,
        /// Why it is not.
        reason: String,
    },
    /// The machine gives no random numbers.
    #[error("the machine gave no random numbers for a key")]
    NoRandomness,
    /// A value has no JSON form, or a file is no JSON of the wanted form.
    #[error("JSON: {0}")]
    Json(#[from] serde_json::Error),
    /// It is JSON, and neither an archive nor a signed statement.
    #[error("it is neither an archive of an attempt nor a signed statement: it has no `kind: AttemptArchive` and no `payloadType`")]
    Unknown,
    /// A newer kubedrill wrote it.
    #[error("it has the format version {found}, and this kubedrill knows {known}: verify it with a newer one")]
    Newer {
        /// The file's version.
        found: u32,
        /// The newest that is known here.
        known: u32,
    },
}
