/// Particles in neutral spelling, with the form after a final consonant and the form after a vowel.
const NEUTRAL: [(&str, &str, &str); 6] = [
    ("은(는)", "은", "는"),
    ("이(가)", "이", "가"),
    ("을(를)", "을", "를"),
    ("와(과)", "과", "와"),
    ("(으)로", "으로", "로"),
    ("(이)라", "이라", "라"),
];

/// Puts the right form in place of particles in neutral spelling: `정수이(가)` becomes `정수가`. After a word whose reading nobody
/// can know, such as `web`, the neutral spelling stays.
#[must_use]
pub fn particles(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((at, (neutral, closed, open))) =
        NEUTRAL.iter().filter_map(|p| rest.find(p.0).map(|at| (at, p))).min_by_key(|(at, _)| *at)
    {
        out.push_str(&rest[..at]);
        let spoken = out.chars().rev().find(|c| c.is_alphanumeric());
        out.push_str(match (*neutral, spoken.and_then(ending)) {
            (_, None) => neutral,
            // `로` follows ㄹ too: 서울로.
            ("(으)로", Some(Ending::Rieul)) | (_, Some(Ending::Vowel)) => open,
            _ => closed,
        });
        rest = &rest[at + neutral.len()..];
    }
    out.push_str(rest);
    out
}

enum Ending {
    Vowel,
    Rieul,
    Consonant,
}

/// How a syllable or digit ends when read aloud in Korean.
fn ending(last: char) -> Option<Ending> {
    let code = u32::from(last);
    match last {
        '가'..='힣' => Some(match (code - 0xAC00) % 28 {
            0 => Ending::Vowel,
            8 => Ending::Rieul,
            _ => Ending::Consonant,
        }),
        '0' | '3' | '6' => Some(Ending::Consonant),
        '1' | '7' | '8' => Some(Ending::Rieul),
        '2' | '4' | '5' | '9' => Some(Ending::Vowel),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::particles;

    #[test]
    fn particles_follow_the_sound_before_them() {
        for (neutral, right) in [
            ("정수이(가) 와야 합니다", "정수가 와야 합니다"),
            ("글이(가) 와야 하는데 `60`은(는) 숫자", "글이 와야 하는데 `60`은 숫자"),
            ("`web`을(를) 쓰려던 것", "`web`을(를) 쓰려던 것"),
            ("`8080`(으)로, `1`(으)로, 서울(으)로, 파드(으)로", "`8080`으로, `1`로, 서울로, 파드로"),
            ("`한글`(이)라는 검사와(과) `둘`와(과)", "`한글`이라는 검사와 `둘`과"),
            ("은(는)", "은(는)"),
        ] {
            assert_eq!(particles(neutral), right);
        }
    }
}
