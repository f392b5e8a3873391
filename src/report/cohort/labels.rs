use std::collections::BTreeMap;

use crate::text::Lang;

/// The fixed words of the pages about cohorts, learners and teams: key, Korean, English.
const LABELS: &[(&str, &str, &str)] = &[
    ("about", "이 보고서", "This report"),
    ("arithmetic", "점수 계산", "How the points add up"),
    ("assignment", "과제", "Assignment"),
    ("base", "기본 점수", "Base"),
    ("advanced", "고급", "Advanced"),
    ("beginner", "초급", "Beginner"),
    ("bonus", "가산점", "Bonus"),
    ("categories", "영역별 점수", "By category"),
    ("categories_mean", "영역별 평균", "Mean by category"),
    ("check", "검사", "Check"),
    ("cohort", "반 전체 보고서", "Cohort report"),
    ("discrimination", "변별도", "Discrimination"),
    (
        "discrimination_note",
        "변별도는 검사 하나의 결과와 나머지 점수의 상관계수입니다(−1부터 1까지). 0에 가깝거나 음수이면 검사나 설명을 다시 살펴볼 만합니다. 결과가 10개보다 적으면 계산하지 않습니다.",
        "Discrimination is the correlation of one check with the rest of the score, from −1 to 1. Near 0 or below it, the check or its text deserves a look. With fewer than 10 results it is not computed.",
    ),
    ("figures", "점수", "Scores"),
    ("formula", "계산", "Arithmetic"),
    ("heat", "학습자별 검사 결과", "Results by learner and check"),
    ("heat_note", "열의 번호는 아래 ‘검사 분석’ 표의 번호입니다.", "The numbers of the columns are those of the table “The checks” below."),
    ("intermediate", "중급", "Intermediate"),
    ("items", "검사 분석", "The checks"),
    ("learner", "학습자", "Learner"),
    ("learner_report", "학습자 보고서", "Learner report"),
    ("legend", "기호", "Signs"),
    ("level", "수준", "Level"),
    ("levels", "수준 분포", "Levels"),
    ("look", "살펴볼 것", "What to look at"),
    ("mean", "평균 획득", "Mean earned"),
    ("members", "팀원", "Members"),
    ("number", "번호", "No."),
    ("pass_rate", "통과율", "Pass rate"),
    ("pending", "확정되지 않은 점수", "Not final"),
    (
        "pending_note",
        "빈칸은 0점이 아닙니다. 아래 이유가 해결되면 점수가 정해집니다.",
        "An open score is not a zero. It is settled when the reason below is.",
    ),
    ("points", "점", "points"),
    ("reason", "이유", "Reason"),
    ("reasons", "통과하지 못한 이유", "Why not"),
    ("roles", "역할", "Roles"),
    ("score", "점수", "Score"),
    ("section", "분반", "Section"),
    ("shared", "팀이 함께 받은 점수", "Shared by the whole team"),
    ("step", "항목", "Step"),
    ("team", "팀", "Team"),
    ("trust", "신뢰 등급", "Trust"),
    ("team_report", "팀 보고서", "Team report"),
];

/// The labels in one language, by key.
pub(super) fn labels(lang: Lang) -> BTreeMap<&'static str, &'static str> {
    let pick = |(key, ko, en): &(&'static str, &'static str, &'static str)| (*key, if lang == Lang::Ko { *ko } else { *en });
    LABELS.iter().map(pick).collect()
}
