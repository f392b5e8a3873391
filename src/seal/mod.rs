//! What makes a result hold up elsewhere: an attempt's records as one file, a signed statement about them, and the check of both.
//!
//! Pure but for the files of keys. Knows no cluster, no store, no clock and no terminal; the score is computed anew by `score`.

mod archive;
mod envelope;
mod error;
mod key;
mod records;
mod statement;
mod verify;

pub use archive::{ARCHIVE_VERSION, Archive, ArchiveInput, archive_schema};
pub use envelope::{Envelope, Signature};
pub use error::SealError;
pub use key::{PublicKey, SigningKey, secret};
pub use statement::{AttemptResult, Predicate, Statement, Subject, statement};
pub use verify::{Agreement, Finding, Sealed, Verification, verify};
