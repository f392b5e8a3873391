use crate::text::Text;

/// The known word that was probably meant.
pub(crate) fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let fold = |s: &str| s.to_lowercase().replace(['-', '_', ' '], "");
    let folded = fold(word);
    known
        .into_iter()
        .map(|k| (strsim::damerau_levenshtein(&folded, &fold(k)), k))
        .filter(|(distance, k)| *distance <= (k.chars().count().max(folded.chars().count()) / 3).max(1))
        .min()
        .map(|(_, k)| k)
}

/// `a`, `b`, `c`.
pub(crate) fn quoted_list<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    let quoted: Vec<String> = words.into_iter().map(|w| format!("`{w}`")).collect();
    quoted.join(", ")
}

/// "Did you mean", or else what there is.
pub(crate) fn suggestion(word: &str, known: &[&str]) -> Option<Text> {
    if let Some(meant) = nearest(word, known.iter().copied()) {
        return Some(Text::new(format!("`{meant}`을(를) 쓰려던 것인가요?"), format!("did you mean `{meant}`?")));
    }
    if known.is_empty() {
        return None;
    }
    let list = quoted_list(known.iter().copied());
    Some(Text::new(format!("쓸 수 있는 것: {list}"), format!("there is {list}")))
}
