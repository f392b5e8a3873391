/// How much a submission may be. The defaults are far above what a person hands in and far below what hurts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// Files.
    pub files: usize,
    /// Bytes of all files, unpacked: however small the archive is.
    pub bytes: u64,
    /// Bytes of one file, unpacked.
    pub file_bytes: u64,
    /// Bytes of an archive.
    pub archive_bytes: u64,
    /// Folders within folders.
    pub depth: usize,
}

impl Default for Bounds {
    fn default() -> Self {
        Self { files: 200, bytes: 8 << 20, file_bytes: 1 << 20, archive_bytes: 8 << 20, depth: 8 }
    }
}
