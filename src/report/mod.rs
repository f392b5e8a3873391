//! Reports as pure functions of stored data, one file a format.
