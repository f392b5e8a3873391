use crate::text::Text;

/// What sort of case would notice a mutation that none has noticed.
pub(super) fn needed(mutation: &str) -> Text {
    match mutation {
        "always-passes" => Text::new("이 검사만이 막는 편법이 필요합니다", "needs a cheat that this check alone stops"),
        "condition-dropped" => Text::new(
            "나머지는 다 맞고 이 조건만 어긋난 편법이 필요합니다. 그런 편법이 없다면 조건을 지우세요",
            "needs a cheat in which all but this holds; if there is none, take the condition out",
        ),
        "all-to-any" => Text::new("한 부분만 맞힌 편법이 필요합니다", "needs a cheat that gets one part right and leaves another"),
        "all-to-exists" | "each-to-any" => {
            Text::new("여럿 가운데 하나만 고친 편법이 필요합니다", "needs a cheat that mends one of several and leaves another")
        }
        "min-dropped" | "count-lowered" | "replicas-ignored" => {
            Text::new("고치되 수를 줄인 편법이 필요합니다", "needs a cheat that mends it and leaves fewer")
        }
        "max-dropped" | "bound-flipped" => {
            Text::new("값을 범위 밖으로 늘리거나 줄인 편법이 필요합니다", "needs a cheat with a value on the other side of the bound")
        }
        "rows-dropped" => Text::new(
            "나머지 행은 다 맞고 이것만 어긋난 편법이 필요합니다",
            "needs a cheat in which every other row is right and these are not",
        ),
        "subject-dropped" | "object-dropped" | "variable-dropped" | "label-ignored" | "case-dropped" | "shape-dropped" => {
            Text::new("나머지는 두고 이것만 바꾼 편법이 필요합니다", "needs a cheat that changes this one and leaves the others")
        }
        "image-ignored" | "command-ignored" | "ports-ignored" | "probes-ignored" => {
            Text::new("고친 뒤 이것을 바꾸거나 뗀 편법이 필요합니다", "needs a cheat that mends it and replaces or removes this")
        }
        "steadiness-ignored" | "freshness-ignored" | "template-ignored" => {
            Text::new("지금은 맞지만 오래가지 못하는 편법이 필요합니다", "needs a cheat that is right for the moment and does not last")
        }
        _ => Text::new(
            "이 값만 어긋난 편법이 필요합니다. 그런 편법이 없다면 조건을 지우세요",
            "needs a cheat in which only this is wrong; if there is none, take it out",
        ),
    }
}
