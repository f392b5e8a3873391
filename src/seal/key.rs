use std::{
    fs,
    io::{ErrorKind, Write},
    os::unix::fs::DirBuilderExt,
    path::Path,
};

use pem::Pem;
use ring::{
    rand::{SecureRandom, SystemRandom},
    signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey},
};

use super::SealError;
use crate::digest;

const PRIVATE: &str = "PRIVATE KEY";
const PUBLIC: &str = "PUBLIC KEY";
/// What leads the 32 bytes of an Ed25519 key in a `SubjectPublicKeyInfo` (RFC 8410).
const SPKI_PREFIX: [u8; 12] = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];

/// A key that signs.
pub struct SigningKey(Ed25519KeyPair);

/// The key that its signatures are checked with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PublicKey([u8; 32]);

impl SigningKey {
    /// The key in a file; makes one, readable by its owner alone, where there is none. Says whether it was made.
    ///
    /// # Errors
    /// The file cannot be read or written, or is no Ed25519 key.
    pub fn open_or_make(path: &Path) -> Result<(Self, bool), SealError> {
        match Self::open(path) {
            Err(SealError::KeyFile { source, .. }) if source.kind() == ErrorKind::NotFound => {}
            opened => return opened.map(|key| (key, false)),
        }
        let document = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).map_err(|_| SealError::NoRandomness)?;
        let made = write_secret(path, pem::encode(&Pem::new(PRIVATE, document.as_ref())).as_bytes())?;
        Ok((Self::open(path)?, made))
    }

    /// The key in a file, PKCS #8 as PEM, as `openssl genpkey -algorithm ed25519` writes it too.
    ///
    /// # Errors
    /// The file cannot be read, or is no Ed25519 key.
    pub fn open(path: &Path) -> Result<Self, SealError> {
        let not = |reason: String| SealError::NotAKey { path: path.to_path_buf(), wanted: "an Ed25519 private key (PKCS #8, PEM)", reason };
        let text = fs::read(path).map_err(|source| SealError::KeyFile { path: path.to_path_buf(), source })?;
        let pem = pem::parse(text).map_err(|e| not(e.to_string()))?;
        if pem.tag() != PRIVATE {
            return Err(not(format!("it is a `{}`", pem.tag())));
        }
        Ed25519KeyPair::from_pkcs8_maybe_unchecked(pem.contents()).map(Self).map_err(|e| not(e.to_string()))
    }

    /// The other half.
    #[must_use]
    pub fn public(&self) -> PublicKey {
        let mut bytes = [0; 32];
        bytes.copy_from_slice(self.0.public_key().as_ref());
        PublicKey(bytes)
    }

    pub(super) fn sign(&self, message: &[u8]) -> Vec<u8> {
        self.0.sign(message).as_ref().to_vec()
    }
}

impl PublicKey {
    /// SHA-256 of the key as DER: what people compare, and `openssl pkey -pubin -outform DER | sha256sum` prints.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        digest::sha256(&self.der())
    }

    fn der(&self) -> Vec<u8> {
        [SPKI_PREFIX.as_slice(), &self.0].concat()
    }

    /// The key as PEM.
    #[must_use]
    pub fn to_pem(&self) -> String {
        pem::encode_config(&Pem::new(PUBLIC, self.der()), pem::EncodeConfig::new().set_line_ending(pem::LineEnding::LF))
    }

    /// Reads a key from PEM; says why it is none.
    ///
    /// # Errors
    /// It is no Ed25519 public key.
    pub fn from_pem(text: &str) -> Result<Self, String> {
        let pem = pem::parse(text).map_err(|e| e.to_string())?;
        if pem.tag() != PUBLIC {
            return Err(format!("it is a `{}`", pem.tag()));
        }
        let key = pem.contents().strip_prefix(SPKI_PREFIX.as_slice()).and_then(|key| <[u8; 32]>::try_from(key).ok());
        key.map(Self).ok_or_else(|| "it is a key of another kind than Ed25519".to_owned())
    }

    /// The key in a file.
    ///
    /// # Errors
    /// The file cannot be read, or is no Ed25519 public key.
    pub fn open(path: &Path) -> Result<Self, SealError> {
        let text = fs::read_to_string(path).map_err(|source| SealError::KeyFile { path: path.to_path_buf(), source })?;
        let wanted = "an Ed25519 public key (PEM)";
        Self::from_pem(&text).map_err(|reason| SealError::NotAKey { path: path.to_path_buf(), wanted, reason })
    }

    pub(super) fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        UnparsedPublicKey::new(&ED25519, self.0).verify(message, signature).is_ok()
    }
}

/// The random bytes in a file, such as the key of pseudonyms; makes them, readable by their owner alone, where there are none. Says
/// whether they were made.
///
/// # Errors
/// The file cannot be read or written, or is too short to be a secret.
pub fn secret(path: &Path) -> Result<(Vec<u8>, bool), SealError> {
    let fail = |source| SealError::KeyFile { path: path.to_path_buf(), source };
    let mut made = false;
    if !path.exists() {
        let mut bytes = [0; 32];
        SystemRandom::new().fill(&mut bytes).map_err(|_| SealError::NoRandomness)?;
        made = write_secret(path, format!("{}\n", digest::hex(&bytes)).as_bytes())?;
    }
    let text = fs::read(path).map_err(fail)?;
    let key = text.trim_ascii().to_vec();
    if key.len() < 16 {
        let reason = format!("it has {} bytes, and at least 16 are needed", key.len());
        return Err(SealError::NotAKey { path: path.to_path_buf(), wanted: "a secret", reason });
    }
    Ok((key, made))
}

/// Writes a secret where there is none yet; says whether it did. Another process that was faster wins.
fn write_secret(path: &Path, bytes: &[u8]) -> Result<bool, SealError> {
    let fail = |source| SealError::KeyFile { path: path.to_path_buf(), source };
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(fail)?;
    // Such a file is its owner's alone from the beginning.
    let mut aside = tempfile::Builder::new().prefix(".key-").tempfile_in(folder).map_err(fail)?;
    aside.write_all(bytes).and_then(|()| aside.as_file().sync_all()).map_err(fail)?;
    match aside.persist_noclobber(path) {
        Ok(_) => Ok(true),
        Err(error) if error.error.kind() == ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(fail(error.error)),
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn a_key_is_made_once_and_for_its_owner_alone() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("keys/signing.pem");
        let (first, made) = SigningKey::open_or_make(&path).unwrap();
        let (again, made_again) = SigningKey::open_or_make(&path).unwrap();
        assert!(made && !made_again);
        assert_eq!(first.public(), again.public());
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(fs::metadata(path.parent().unwrap()).unwrap().permissions().mode() & 0o777, 0o700);
        assert!(fs::read_to_string(&path).unwrap().starts_with("-----BEGIN PRIVATE KEY-----"));
        assert_eq!(PublicKey::from_pem(&first.public().to_pem()).unwrap(), first.public());
    }

    #[test]
    fn what_is_no_key_is_refused_with_its_name() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("signing.pem");
        fs::write(&path, "hello").unwrap();
        let error = SigningKey::open_or_make(&path).err().unwrap().to_string();
        assert!(error.contains("signing.pem") && error.contains("Ed25519"), "{error}");
        assert_eq!(fs::read_to_string(&path).unwrap(), "hello");
        fs::write(&path, "short").unwrap();
        assert!(secret(&path).unwrap_err().to_string().contains("16"));
    }
}
