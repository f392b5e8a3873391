use super::{
    form::{Column, OWN},
    values::{lang_name, role_name},
};
use crate::gradebook::{Learner, Roster};

/// The roster in our own form, as [`super::parse`] reads it.
///
/// # Errors
/// A value has no form in CSV, which no text has.
pub fn write(roster: &Roster) -> Result<String, csv::Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(OWN.map(|(name, _)| name))?;
    for learner in &roster.learners {
        writer.write_record(OWN.map(|(_, column)| cell(learner, column)))?;
    }
    let bytes = writer.into_inner().map_err(|error| csv::Error::from(error.into_error()))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn cell(learner: &Learner, column: Column) -> String {
    let optional = |value: &Option<String>| value.clone().unwrap_or_default();
    match column {
        Column::Id => learner.id.clone(),
        Column::Name | Column::FirstName | Column::LastName => learner.name.clone(),
        Column::Email => optional(&learner.email),
        Column::SisId => optional(&learner.sis_id),
        Column::PlatformId => optional(&learner.platform_id),
        Column::Login => optional(&learner.login),
        Column::Section => optional(&learner.section),
        Column::Team => optional(&learner.team),
        Column::Roles => learner.roles.iter().map(|role| role_name(*role)).collect::<Vec<_>>().join(";"),
        Column::Lang => learner.lang.map(lang_name).unwrap_or_default().to_owned(),
    }
}
