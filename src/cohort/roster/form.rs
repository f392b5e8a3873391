use serde::Serialize;

/// Who exported a roster.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Form {
    /// Our own columns.
    Own,
    /// The gradebook of Canvas.
    Canvas,
    /// The participants or grades of Moodle.
    Moodle,
}

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Column {
    Id,
    Name,
    FirstName,
    LastName,
    Email,
    SisId,
    PlatformId,
    Login,
    Section,
    Team,
    Roles,
    Lang,
}

/// The columns of our own form, in the order in which they are written.
pub(super) const OWN: [(&str, Column); 10] = [
    ("id", Column::Id),
    ("name", Column::Name),
    ("email", Column::Email),
    ("sis_id", Column::SisId),
    ("platform_id", Column::PlatformId),
    ("login", Column::Login),
    ("section", Column::Section),
    ("team", Column::Team),
    ("roles", Column::Roles),
    ("lang", Column::Lang),
];

const CANVAS: [(&str, Column); 5] = [
    ("student", Column::Name),
    ("id", Column::PlatformId),
    ("sis user id", Column::SisId),
    ("sis login id", Column::Login),
    ("section", Column::Section),
];

const MOODLE: [(&str, Column); 16] = [
    ("first name", Column::FirstName),
    ("이름", Column::FirstName),
    ("surname", Column::LastName),
    ("last name", Column::LastName),
    ("성", Column::LastName),
    ("id number", Column::SisId),
    ("id 번호", Column::SisId),
    ("고유번호", Column::SisId),
    ("개별번호", Column::SisId),
    ("학번", Column::SisId),
    ("email address", Column::Email),
    ("이메일 주소", Column::Email),
    ("이메일", Column::Email),
    ("username", Column::Login),
    ("사용자 아이디", Column::Login),
    ("사용자명", Column::Login),
];

impl Form {
    /// The form that has these headings; none when it is none of ours.
    pub(super) fn of(header: &[String]) -> Option<Self> {
        let has = |form: Self, column: Column| header.iter().any(|heading| form.column(heading) == Some(column));
        let canvas = has(Self::Canvas, Column::Name) && has(Self::Canvas, Column::PlatformId);
        let moodle = has(Self::Moodle, Column::FirstName) && has(Self::Moodle, Column::LastName);
        let forms = [(Self::Canvas, canvas), (Self::Moodle, moodle), (Self::Own, has(Self::Own, Column::Id))];
        forms.into_iter().find(|(_, fits)| *fits).map(|(form, _)| form)
    }

    /// What the column under a heading holds; none when the form has no such column.
    pub(super) fn column(self, heading: &str) -> Option<Column> {
        let known: &[(&str, Column)] = match self {
            Self::Own => &OWN,
            Self::Canvas => &CANVAS,
            Self::Moodle => &MOODLE,
        };
        let heading = heading.trim().to_lowercase();
        known.iter().find(|(name, _)| *name == heading).map(|(_, column)| *column)
    }

    /// The columns that a learner's id is taken from: the first one that is filled for everybody.
    pub(super) fn ids(self) -> &'static [Column] {
        match self {
            Self::Own => &[Column::Id],
            Self::Canvas => &[Column::SisId, Column::Login, Column::PlatformId],
            Self::Moodle => &[Column::SisId, Column::Login, Column::Email],
        }
    }
}
