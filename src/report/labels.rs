use std::collections::BTreeMap;

use crate::text::Lang;

/// The fixed words of the templates: key, Korean, English.
const LABELS: &[(&str, &str, &str)] = &[
    ("report", "채점 보고서", "Score report"),
    ("language", "언어", "Language"),
    ("points", "점", "points"),
    ("score", "점수", "Score"),
    ("base", "기본 점수", "Base"),
    ("bonus", "가산점", "Bonus"),
    ("level", "수준", "Level"),
    ("pending", "아직 확정되지 않은 이유", "Why it is not final"),
    ("checks", "검사", "Checks"),
    ("categories", "영역별 점수", "By category"),
    ("arithmetic", "점수 계산", "How the points add up"),
    ("arithmetic_note", "모든 점수는 아래 계산에서 나옵니다.", "Every point comes from the steps below."),
    ("step", "항목", "Step"),
    ("formula", "계산", "Arithmetic"),
    ("hints", "열어 본 힌트", "Hints opened"),
    ("timeline", "기록", "Timeline"),
    ("about", "이 보고서", "This report"),
    ("symptom", "증상", "Symptom"),
    ("look_at", "살펴볼 곳", "Look at"),
    ("concept", "개념", "Idea"),
    ("link", "더 읽기", "Read on"),
    ("needs", "먼저 통과할 것", "Needs"),
    ("voided", "무효로 한 보호 조건", "Voided by"),
    ("basis", "근거", "Basis"),
    ("seen", "확인한 내용", "What was seen"),
    ("evidence", "증거", "Evidence"),
    ("missing", "이 오브젝트는 없습니다.", "This object does not exist."),
    ("revision", "리소스 버전", "resource version"),
    ("optional", "선택", "optional"),
    ("trust", "신뢰 등급", "Trust"),
    ("check", "검사", "Check"),
    ("result", "결과", "Result"),
    ("category", "영역", "Category"),
    ("withheld", "자세한 내용은 시도를 마친 뒤에 볼 수 있습니다.", "Details are shown after the attempt is closed."),
    ("moving", "아직 상태가 바뀌는 중이었습니다. 잠시 뒤 다시 검사해 보세요.", "Things were still changing. Check again in a moment."),
];

/// The labels in one language, by key.
pub(super) fn labels(lang: Lang) -> BTreeMap<&'static str, &'static str> {
    let pick = |(key, ko, en): &(&'static str, &'static str, &'static str)| (*key, if lang == Lang::Ko { *ko } else { *en });
    LABELS.iter().map(pick).collect()
}
