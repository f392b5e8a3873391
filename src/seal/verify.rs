use serde::Serialize;

use super::{
    ARCHIVE_VERSION, Archive, AttemptResult, Envelope, PublicKey, SealError, Statement,
    archive::KIND,
    envelope::{BadSignature, PAYLOAD_TYPE},
    records,
    statement::{PREDICATE_TYPE, STATEMENT_TYPE, Subject},
};
use crate::{scenario::Scenario, text::Text};

/// Something signed, as it was read from a file.
#[derive(Debug, Clone, PartialEq)]
pub enum Sealed {
    /// All of an attempt's records.
    Archive(Box<Archive>),
    /// The statement alone.
    Statement(Envelope),
}

/// Whether something agrees with what it should.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Agreement {
    /// It does.
    Agrees,
    /// It does not: something was changed.
    Differs,
    /// It could not be looked at.
    Unknown,
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What came of it.
    pub agreement: Agreement,
    /// What it was, and what exactly does not agree.
    pub text: Text,
}

/// What came of verifying something signed.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Verification {
    /// What it says; none where that could not be read.
    pub attempt: Option<AttemptResult>,
    /// The scenario that it says it is about.
    pub scenario: Option<String>,
    /// The fingerprint of the key whose signature holds.
    pub signer: Option<String>,
    /// That key was given to verify with. Otherwise only this is proven: nothing was changed since it was signed.
    pub signer_known: bool,
    /// Everything that was looked at, in order.
    pub findings: Vec<Finding>,
}

impl Verification {
    /// Something was changed.
    #[must_use]
    pub fn differs(&self) -> bool {
        self.findings.iter().any(|finding| finding.agreement == Agreement::Differs)
    }

    /// Everything was looked at, and agrees.
    #[must_use]
    pub fn agrees(&self) -> bool {
        self.findings.iter().all(|finding| finding.agreement == Agreement::Agrees)
    }
}

impl Finding {
    pub(super) fn new(agreement: Agreement, ko: impl Into<String>, en: impl Into<String>) -> Self {
        Self { agreement, text: Text::new(ko, en) }
    }

    pub(super) fn agrees(ko: impl Into<String>, en: impl Into<String>) -> Self {
        Self::new(Agreement::Agrees, ko, en)
    }

    pub(super) fn differs(ko: impl Into<String>, en: impl Into<String>) -> Self {
        Self::new(Agreement::Differs, ko, en)
    }
}

impl Sealed {
    /// Reads an archive or a signed statement.
    ///
    /// # Errors
    /// It is neither, or of a newer version.
    pub fn read(text: &str) -> Result<Self, SealError> {
        let value: serde_json::Value = serde_json::from_str(text)?;
        if value["payloadType"].is_string() {
            return Ok(Self::Statement(serde_json::from_value(value)?));
        }
        if value["kind"] != KIND {
            return Err(SealError::Unknown);
        }
        match value["formatVersion"].as_u64().and_then(|version| u32::try_from(version).ok()) {
            Some(found) if found > ARCHIVE_VERSION => Err(SealError::Newer { found, known: ARCHIVE_VERSION }),
            _ => Ok(Self::Archive(Box::new(serde_json::from_value(value)?))),
        }
    }

    fn envelope(&self) -> &Envelope {
        match self {
            Self::Archive(archive) => &archive.statement,
            Self::Statement(envelope) => envelope,
        }
    }

    /// The statement, whoever signed it.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn statement(&self) -> Result<Statement, String> {
        let envelope = self.envelope();
        if envelope.payload_type != PAYLOAD_TYPE {
            return Err(format!("its payload is `{}`, and not `{PAYLOAD_TYPE}`", envelope.payload_type));
        }
        let statement: Statement = serde_json::from_slice(&envelope.content()?).map_err(|e| e.to_string())?;
        for (wanted, found) in [(STATEMENT_TYPE, &statement.kind), (PREDICATE_TYPE, &statement.predicate_type)] {
            if wanted != found {
                return Err(format!("it is `{found}`, and not `{wanted}`"));
            }
        }
        Ok(statement)
    }
}

/// Looks at everything that can be checked: the signature by these keys, the digests of the records and of other files that the
/// statement speaks of, and, in an archive, whether log, runs and evidence belong together and come to the score that is claimed.
/// `scenario` is the one that the statement names, where it could be found.
#[must_use]
pub fn verify(sealed: &Sealed, others: &[(String, Vec<u8>)], trusted: &[PublicKey], scenario: Option<&Scenario>) -> Verification {
    let mut found = Verification { attempt: None, scenario: None, signer: None, signer_known: false, findings: Vec::new() };
    signature(sealed.envelope(), trusted, &mut found);
    let statement = match sealed.statement() {
        Ok(statement) => statement,
        Err(why) => {
            found
                .findings
                .push(Finding::differs(format!("진술을 읽을 수 없습니다: {why}"), format!("the statement cannot be read: {why}")));
            return found;
        }
    };
    found.attempt = Some(statement.predicate.attempt.clone());
    found.scenario = statement.predicate.configuration.first().map(|scenario| scenario.name.clone());
    if let Sealed::Archive(archive) = sealed {
        let files: Vec<(String, &[u8])> = archive.files.iter().map(|(name, text)| (name.clone(), text.as_bytes())).collect();
        digests(&statement, &files, true, &mut found.findings);
        records::verify(archive, &statement, scenario, &mut found.findings);
    }
    let others: Vec<(String, &[u8])> = others.iter().map(|(name, bytes)| (name.clone(), bytes.as_slice())).collect();
    digests(&statement, &others, false, &mut found.findings);
    found
}

fn signature(envelope: &Envelope, trusted: &[PublicKey], found: &mut Verification) {
    let signer = envelope.content().map_err(BadSignature::Unreadable).and_then(|content| envelope.signer(&content, trusted));
    let finding = match signer {
        Ok(key) => {
            let print = key.fingerprint();
            found.signer = Some(print.clone());
            found.signer_known = trusted.contains(&key);
            match (found.signer_known, trusted.is_empty()) {
                (true, _) => {
                    Finding::agrees(format!("서명이 맞습니다: 주어진 키 {print}"), format!("the signature holds: the key given, {print}"))
                }
                (false, true) => Finding::agrees(
                    format!("서명이 맞습니다: 알려지지 않은 키 {print}. 서명한 뒤로 바뀌지 않았다는 것만 알 수 있습니다"),
                    format!("the signature holds: an unknown key, {print}, so it only proves that nothing was changed since"),
                ),
                (false, false) => Finding::differs(
                    format!("서명은 주어진 키가 아니라 다른 키 {print}의 것입니다"),
                    format!("the signature is that of another key than the one given: {print}"),
                ),
            }
        }
        Err(BadSignature::None) => Finding::differs("서명이 없습니다", "there is no signature"),
        Err(BadSignature::Unreadable(why)) => {
            Finding::differs(format!("서명을 읽을 수 없습니다: {why}"), format!("the signature cannot be read: {why}"))
        }
        Err(BadSignature::NoKey(id)) => Finding::new(
            Agreement::Unknown,
            format!("서명을 확인할 공개 키가 없습니다({id}). --public-key로 주세요"),
            format!("there is no public key to check the signature with ({id}): give it with --public-key"),
        ),
        Err(BadSignature::Wrong(id)) => Finding::differs(
            format!("서명이 내용과 맞지 않습니다({id}): 진술이 바뀌었습니다"),
            format!("the signature does not fit the content ({id}): the statement was changed"),
        ),
    };
    found.findings.push(finding);
}

/// Compares files with the digests of the statement; `all` when every file that the statement speaks of must be among them.
fn digests(statement: &Statement, files: &[(String, &[u8])], all: bool, findings: &mut Vec<Finding>) {
    for (name, bytes) in files {
        let found = Subject::of(name, bytes);
        let same = |subject: &&Subject| if all { subject.name == *name } else { subject.sha256() == found.sha256() };
        match statement.subject.iter().find(same) {
            Some(subject) if subject.sha256() == found.sha256() => {
                findings.push(Finding::agrees(format!("`{name}`은(는) 서명한 그대로입니다"), format!("`{name}` is as it was signed")))
            }
            Some(subject) => findings.push(Finding::differs(
                format!("`{name}`이(가) 바뀌었습니다: 서명한 것은 sha256 {}, 지금은 {}", subject.sha256(), found.sha256()),
                format!("`{name}` was changed: signed was sha256 {}, found is {}", subject.sha256(), found.sha256()),
            )),
            None => findings.push(Finding::differs(
                format!("`{name}`에 대한 진술이 없습니다(sha256 {})", found.sha256()),
                format!("the statement does not speak of `{name}` (sha256 {})", found.sha256()),
            )),
        }
    }
    for subject in statement.subject.iter().filter(|subject| all && !files.iter().any(|(name, _)| *name == subject.name)) {
        findings.push(Finding::differs(
            format!("`{}`이(가) 보관 파일에서 빠졌습니다", subject.name),
            format!("`{}` is missing from the archive", subject.name),
        ));
    }
}
