use base64::{Engine, prelude::BASE64_STANDARD};
use serde::{Deserialize, Serialize};

use super::{PublicKey, SigningKey};

/// What the payload of an envelope is.
pub(super) const PAYLOAD_TYPE: &str = "application/vnd.in-toto+json";

/// A signed statement: DSSE, the Dead Simple Signing Envelope.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Envelope {
    /// What is signed, as base64.
    pub payload: String,
    /// What it is.
    pub payload_type: String,
    /// Who signed it.
    pub signatures: Vec<Signature>,
}

/// One signature.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Signature {
    /// The fingerprint of the key.
    pub keyid: String,
    /// Ed25519 over type and payload, as base64.
    pub sig: String,
    /// The public key as PEM. It proves only that nothing was changed since: who holds the key is for the reader to know.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub public_key: Option<String>,
}

/// Why a signature does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum BadSignature {
    /// There is none.
    None,
    /// It is not in base64, or the key is no key.
    Unreadable(String),
    /// There is no key to check it with.
    NoKey(String),
    /// It is not over this payload.
    Wrong(String),
}

impl Envelope {
    /// Signs a payload.
    #[must_use]
    pub fn seal(payload: &[u8], key: &SigningKey) -> Self {
        let public = key.public();
        let signature = Signature {
            keyid: public.fingerprint(),
            sig: BASE64_STANDARD.encode(key.sign(&pae(PAYLOAD_TYPE, payload))),
            public_key: Some(public.to_pem()),
        };
        Self { payload: BASE64_STANDARD.encode(payload), payload_type: PAYLOAD_TYPE.to_owned(), signatures: vec![signature] }
    }

    /// What is signed, whoever signed it.
    pub(super) fn content(&self) -> Result<Vec<u8>, String> {
        BASE64_STANDARD.decode(&self.payload).map_err(|e| e.to_string())
    }

    /// The key whose signature holds: one of these, or else the one that the envelope brings.
    pub(super) fn signer(&self, payload: &[u8], trusted: &[PublicKey]) -> Result<PublicKey, BadSignature> {
        let mut bad = BadSignature::None;
        for signature in &self.signatures {
            match check(signature, &pae(&self.payload_type, payload), trusted) {
                Ok(key) => return Ok(key),
                Err(why) => bad = why,
            }
        }
        Err(bad)
    }
}

fn check(signature: &Signature, message: &[u8], trusted: &[PublicKey]) -> Result<PublicKey, BadSignature> {
    let bytes = BASE64_STANDARD.decode(&signature.sig).map_err(|e| BadSignature::Unreadable(e.to_string()))?;
    if let Some(key) = trusted.iter().find(|key| key.verifies(message, &bytes)) {
        return Ok(*key);
    }
    let brought = signature.public_key.as_deref().ok_or_else(|| BadSignature::NoKey(signature.keyid.clone()))?;
    let brought = PublicKey::from_pem(brought).map_err(BadSignature::Unreadable)?;
    match brought.verifies(message, &bytes) && brought.fingerprint() == signature.keyid {
        true => Ok(brought),
        false => Err(BadSignature::Wrong(signature.keyid.clone())),
    }
}

/// What a signature is over: DSSE's pre-authentication encoding.
fn pae(kind: &str, payload: &[u8]) -> Vec<u8> {
    [format!("DSSEv1 {} {kind} {} ", kind.len(), payload.len()).as_bytes(), payload].concat()
}

#[cfg(test)]
mod tests {
    use super::pae;

    #[test]
    fn what_is_signed_is_what_the_protocol_says() {
        assert_eq!(pae("http://example.com/HelloWorld", b"hello world"), b"DSSEv1 29 http://example.com/HelloWorld 11 hello world");
    }
}
