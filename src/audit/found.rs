use super::{Offender, Severity, Status};
use crate::text::Text;

/// What was needed could not be read.
#[derive(Debug)]
pub(super) struct Unread(pub(super) String);

impl From<String> for Unread {
    fn from(why: String) -> Self {
        Self(why)
    }
}

impl Unread {
    pub(super) fn text(&self) -> Text {
        Text::new(format!("읽을 수 없음: {}", self.0), format!("could not be read: {}", self.0))
    }
}

/// Collects what an item saw.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) facts: Vec<Text>,
    pub(super) offenders: Vec<Offender>,
    pub(super) unread: Vec<Text>,
    inapplicable: Option<Text>,
    unknown: Option<Text>,
}

impl Found {
    /// There is nothing here that it could be about.
    pub(super) fn not_applicable(why: Text) -> Self {
        Self { inapplicable: Some(why), ..Self::default() }
    }

    /// It cannot be told from what a cluster shows.
    pub(super) fn unknown(why: Text) -> Self {
        Self { unknown: Some(why), ..Self::default() }
    }

    pub(super) fn fact(&mut self, fact: Text) {
        self.facts.push(fact);
    }

    pub(super) fn fails(&mut self, object: impl Into<String>, fact: Text, fix: Text) {
        self.offenders.push(Offender { object: object.into(), severity: Severity::Fail, fact, fix });
    }

    pub(super) fn warns(&mut self, object: impl Into<String>, fact: Text, fix: Text) {
        self.offenders.push(Offender { object: object.into(), severity: Severity::Warn, fact, fix });
    }

    /// A part of it could not be looked at.
    pub(super) fn unread(&mut self, why: Text) {
        self.unread.push(why);
    }

    /// A known failure decides; then whatever could not be looked at; then a warning.
    pub(super) fn conclude(mut self) -> (Status, Option<Text>, Self) {
        self.offenders.sort_by(|a, b| (a.severity, &a.object).cmp(&(b.severity, &b.object)));
        let worst = self.offenders.first().map(|offender| offender.severity);
        let reason = self.inapplicable.take().map(|why| (Status::NotApplicable, why));
        let (status, reason) = match (reason, worst, self.unknown.take().or_else(|| self.unread.first().cloned())) {
            (Some((status, why)), ..) => (status, Some(why)),
            (None, Some(Severity::Fail), _) => (Status::Fail, None),
            (None, _, Some(why)) => (Status::Unknown, Some(why)),
            (None, Some(Severity::Warn), None) => (Status::Warn, None),
            (None, None, None) => (Status::Pass, None),
        };
        (status, reason, self)
    }
}
