use crate::{
    gradebook::ProjectRole,
    text::{Lang, Text},
};

const ROLES: [(&str, ProjectRole); 3] =
    [("platform-engineer", ProjectRole::PlatformEngineer), ("devops-engineer", ProjectRole::DevopsEngineer), ("sre", ProjectRole::Sre)];

/// The roles of a cell, apart by `;`, `/` or `,`.
pub(super) fn roles(cell: &str) -> Result<Vec<ProjectRole>, Text> {
    let words = cell.split([';', '/', ',']).map(|word| word.trim().to_lowercase().replace([' ', '_'], "-"));
    words.filter(|word| !word.is_empty()).map(|word| role(&word)).collect()
}

fn role(word: &str) -> Result<ProjectRole, Text> {
    let known = || ROLES.map(|(name, _)| name).join(", ");
    ROLES.iter().find(|(name, _)| *name == word).map(|(_, role)| *role).ok_or_else(|| {
        Text::new(
            format!("`{word}`이라는 역할은 없습니다. 있는 역할: {}", known()),
            format!("there is no role `{word}`; there are {}", known()),
        )
    })
}

pub(super) fn role_name(role: ProjectRole) -> &'static str {
    ROLES.iter().find(|(_, known)| *known == role).map_or("", |(name, _)| name)
}

/// The language of a cell.
pub(super) fn lang(cell: &str) -> Result<Lang, Text> {
    match cell.to_lowercase().as_str() {
        "ko" | "kr" | "korean" | "한국어" => Ok(Lang::Ko),
        "en" | "english" | "영어" => Ok(Lang::En),
        other => Err(Text::new(format!("`{other}`은(는) `ko`나 `en`이 아닙니다"), format!("`{other}` is neither `ko` nor `en`"))),
    }
}

pub(super) fn lang_name(lang: Lang) -> &'static str {
    match lang {
        Lang::Ko => "ko",
        Lang::En => "en",
    }
}
