//! What a clock says, in words: the same on the terminal while the learner works and in the report afterwards.

use std::time::Duration;

use crate::{
    score::{ClockState, Pause, PauseReason, Recovery, Timing, Total},
    text::{Text, duration},
};

/// The time used, the limit, and what is left of it or how far it is exceeded.
#[must_use]
pub fn used(time: &Timing) -> Text {
    let used = said(time.used_seconds);
    let Some(limit) = time.limit_seconds else {
        return Text::new(format!("걸린 시간 {}", used.ko), format!("Time used {}", used.en));
    };
    let (limit, state) = (said(limit), remaining(time, limit));
    Text::new(format!("시간 {} / {}{}", used.ko, limit.ko, state.ko), format!("Time {} of {}{}", used.en, limit.en, state.en))
}

fn remaining(time: &Timing, limit: u64) -> Text {
    if time.over {
        let over = said(time.used_seconds.saturating_sub(limit));
        return Text::new(format!(" · {} 넘김", over.ko), format!(" · {} over", over.en));
    }
    match (time.clock, time.left_seconds) {
        (ClockState::Stopped, _) | (_, None) => Text::default(),
        (_, Some(left)) => {
            let left = said(left);
            Text::new(format!(" · {} 남음", left.ko), format!(" · {} left", left.en))
        }
    }
}

/// How long the service was away, beside the time in which it should be back.
#[must_use]
pub fn recovery(recovery: &Recovery) -> Text {
    let (seconds, target) = (said(recovery.seconds), said(recovery.target_seconds));
    let verdict = match recovery.within {
        Some(true) => Text::new("목표 안", "within the target"),
        Some(false) if !recovery.back && recovery.seconds <= recovery.target_seconds => Text::new("되살리지 못함", "not brought back"),
        Some(false) => Text::new("목표 넘김", "beyond the target"),
        None => Text::new("진행 중", "running"),
    };
    let head =
        if recovery.back { Text::new("서비스 복구", "service back after") } else { Text::new("서비스 중단", "service away for") };
    Text::new(
        format!("{} {} (목표 {}, {})", head.ko, seconds.ko, target.ko, verdict.ko),
        format!("{} {} (target {}, {})", head.en, seconds.en, target.en, verdict.en),
    )
}

/// A pause with its reason.
#[must_use]
pub fn pause(pause: &Pause) -> Text {
    let (length, why) = (said(pause.seconds), pause_reason(pause.reason));
    match pause.until {
        Some(_) => Text::new(
            format!("시계가 {} 동안 멈췄습니다: {}. 세지 않는 시간입니다.", length.ko, why.ko),
            format!("The clock stood for {}: {}. This time does not count.", length.en, why.en),
        ),
        None => Text::new(
            format!("시계가 멈춰 있습니다({}째): {}. 환경이 다시 정상인 것을 확인하면 이어서 갑니다.", length.ko, why.ko),
            format!("The clock stands, for {} so far: {}. It goes on as soon as the environment is seen to work.", length.en, why.en),
        ),
    }
}

/// What it means that the limit has passed while the attempt goes on.
#[must_use]
pub fn overtime() -> Text {
    Text::new(
        "제한 시간이 지났지만 계속할 수 있습니다. 이제부터 고친 것도 점수로 치고, 리포트에 ‘제한 시간 뒤’로 표시합니다.",
        "The time limit has passed, and you may go on: what you repair now still counts, and the report marks it as after the limit.",
    )
}

/// What it means that the work which was scored came after the limit.
#[must_use]
pub fn late(at_limit: Total) -> Text {
    Text::new(
        format!("채점한 상태는 제한 시간 뒤에 이루어졌습니다. 점수는 그대로 칩니다. 제한 시간까지의 점수: {at_limit}점."),
        format!("What was scored came true after the time limit. The points count in full. At the limit it was {at_limit} points."),
    )
}

pub(super) fn pause_reason(reason: PauseReason) -> Text {
    match reason {
        PauseReason::EnvironmentDown => Text::new("실습 환경이 꺼져 있었습니다", "the environment did not run"),
        PauseReason::EnvironmentUnusable => Text::new("실습 환경을 쓸 수 없었습니다", "the environment could not be used"),
        PauseReason::ClusterUnreadable => Text::new("클러스터를 전혀 읽을 수 없었습니다", "no check could read the cluster"),
    }
}

fn said(seconds: u64) -> Text {
    match seconds {
        0 => Text::new("0초", "0 s"),
        _ => duration(Duration::from_secs(seconds)),
    }
}
