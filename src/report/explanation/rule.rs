use crate::{
    scenario::{Assert, Quantifier},
    text::Text,
};

/// What must be so for an assertion to hold, without what it expects.
pub(super) fn rule(assert: &Assert) -> Text {
    match assert {
        Assert::All(parts) if parts.len() > 1 => {
            let n = parts.len();
            Text::new(format!("조건 {n}개를 모두 만족해야 합니다."), format!("All of its {n} conditions must hold."))
        }
        Assert::All(parts) => parts.first().map_or_else(every_item, rule),
        Assert::Any(parts) => {
            let n = parts.len();
            Text::new(format!("조건 {n}개 가운데 하나만 만족하면 됩니다."), format!("One of its {n} conditions must hold."))
        }
        Assert::None(parts) => {
            let n = parts.len();
            Text::new(format!("조건 {n}개를 하나도 만족하지 않아야 합니다."), format!("None of its {n} conditions may hold."))
        }
        Assert::AtLeast(spec) => {
            let n = spec.of.len();
            Text::new(format!("조건 {n}개 가운데 정해진 개수 이상을 만족해야 합니다."), format!("Enough of its {n} conditions must hold."))
        }
        Assert::Field(spec) => quantified(&spec.of),
        Assert::Condition(spec) => quantified(&spec.of),
        Assert::Expr(_) => Text::new(
            "식의 값이 참이어야 합니다. 식이 읽는 값이 없으면 거짓으로 칩니다.",
            "Its expression must be true. Where something that it reads is not there, it is not.",
        ),
        Assert::Absent(_) => Text::new(
            "해당하는 오브젝트가 없어야 합니다. 삭제되는 중인 것은 아직 있는 것입니다.",
            "No such object may be there. One that is being deleted still is.",
        ),
        Assert::Autoscale(_) => {
            Text::new("부하의 단계마다 정해진 시간 안에 조건을 만족해야 합니다.", "Each phase of the load must come true in its time.")
        }
        _ => every_item(),
    }
}

fn every_item() -> Text {
    Text::new(
        "아래 항목을 모두 만족해야 하고, 항목이 하나 이상 있어야 합니다.",
        "Every item below must hold, and there must be at least one: nothing is true of nothing.",
    )
}

fn quantified(of: &Quantifier) -> Text {
    match of {
        Quantifier::Each => every_item(),
        Quantifier::Any => Text::new("아래 항목 가운데 하나만 만족하면 됩니다.", "One of the items below must hold."),
        Quantifier::None => Text::new(
            "조건을 만족하는 오브젝트가 하나도 없어야 합니다.",
            "No object may satisfy it: what does is an item that does not hold.",
        ),
        Quantifier::Count { .. } => {
            Text::new("만족하는 항목의 개수가 맞아야 합니다.", "As many of the items below as it asks for must hold.")
        }
    }
}
