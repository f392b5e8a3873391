use std::{
    io::Write,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use indicatif::{ProgressBar, ProgressStyle};

use super::context::Context;
use crate::{
    event::{Event, Events, Phase},
    report::entry_state,
    text::{Lang, Text},
};

/// What a person reads while a phase runs.
fn title(phase: Phase) -> Text {
    match phase {
        Phase::Build => Text::new("샌드박스 프로그램을 빌드합니다 (처음 한 번)", "Building the sandbox's programs (only once)"),
        Phase::BuildApp => Text::new("앱 이미지를 빌드합니다 (처음 한 번)", "Building the application image (only once)"),
        Phase::BuildAddon => Text::new("애드온을 빌드합니다 (처음 한 번)", "Building the add-on (only once)"),
        Phase::BuildReader => Text::new(
            "모니터링 설정을 읽는 프로그램을 빌드합니다 (처음 한 번)",
            "Building the reader of monitoring configuration (only once)",
        ),
        Phase::Cluster => Text::new("클러스터를 만듭니다", "Making the cluster"),
        Phase::ControlPlane => Text::new("컨트롤 플레인을 띄웁니다", "Starting the control plane"),
        Phase::Nodes => Text::new("노드를 띄웁니다", "Starting the nodes"),
        Phase::Images => Text::new("노드에 앱 이미지를 준비합니다", "Making the application images known to the nodes"),
        Phase::Addons => Text::new("애드온을 띄웁니다", "Starting the add-ons"),
        Phase::Stage => Text::new("정상 상태를 준비합니다", "Setting the stage"),
        Phase::Baseline => Text::new("기준 상태를 기록합니다", "Recording the baseline"),
        Phase::Fault => Text::new("장애를 일으킵니다", "Breaking it"),
        Phase::Confirm => Text::new("장애를 확인합니다", "Confirming that it is broken"),
        Phase::Check => Text::new("확인하고 있습니다", "Checking"),
        Phase::Apply => Text::new("적용합니다", "Applying"),
        Phase::Reset => Text::new("처음 장애 상태로 되돌립니다", "Going back to the broken state"),
        Phase::Stop => Text::new("환경을 정리합니다", "Removing the environment"),
    }
}

/// A phase shorter than this leaves no line without a terminal.
const WORTH_A_LINE: Duration = Duration::from_secs(1);

struct Line {
    phase: Phase,
    started: Instant,
    announced: bool,
    bar: Option<ProgressBar>,
}

/// Shows the engine's events on standard error: a moving line on a terminal, plain lines without one.
pub fn consumer(context: &Context) -> Events {
    let (lang, interactive) = (context.lang, context.interactive && !context.json());
    let lines: Mutex<Vec<Line>> = Mutex::new(Vec::new());
    Events::to(move |event| {
        tracing::debug!(?event);
        let mut lines = lines.lock().unwrap_or_else(PoisonError::into_inner);
        match event {
            Event::PhaseStarted { phase } => lines.push(started(phase, lang, interactive)),
            Event::PhaseProgressed { phase, done, total, detail } => {
                if let Some(line) = lines.iter_mut().rev().find(|l| l.phase == phase) {
                    progressed(line, lang, done, total, &detail);
                }
            }
            Event::PhaseFinished { phase, millis } => {
                if let Some(at) = lines.iter().rposition(|l| l.phase == phase) {
                    finished(&lines.remove(at), lang, millis);
                }
            }
            Event::Warned { message } => plain(&format!("! {}", message.get(lang))),
            Event::Judged { learner, scenario, state, reason, done, total } => {
                let state = entry_state(state);
                let why = reason.map(|why| format!(": {}", why.get(lang))).unwrap_or_default();
                plain(&format!("[{done}/{total}] {learner} · {scenario} · {}{why}", state.get(lang)));
            }
            Event::CheckFinished { .. } => {}
        }
    })
}

fn started(phase: Phase, lang: Lang, interactive: bool) -> Line {
    let bar = interactive.then(|| {
        let bar = ProgressBar::new_spinner();
        if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} {elapsed:.dim}") {
            bar.set_style(style);
        }
        bar.set_message(title(phase).get(lang).to_owned());
        bar.enable_steady_tick(Duration::from_millis(100));
        bar
    });
    Line { phase, started: Instant::now(), announced: false, bar }
}

fn progressed(line: &mut Line, lang: Lang, done: u64, total: u64, detail: &str) {
    let share = (done * 100).checked_div(total).map_or_else(|| " ".into(), |percent| format!(" {:>3}% ", percent.min(100)));
    let text = format!("{}{share}{detail}", title(line.phase).get(lang));
    match &line.bar {
        Some(bar) => bar.set_message(text),
        None if !line.announced && line.started.elapsed() >= WORTH_A_LINE => {
            line.announced = true;
            plain(&format!("· {}", title(line.phase).get(lang)));
        }
        None => {}
    }
}

fn finished(line: &Line, lang: Lang, millis: u64) {
    if let Some(bar) = &line.bar {
        bar.finish_and_clear();
    }
    if line.bar.is_some() || line.started.elapsed() >= WORTH_A_LINE {
        plain(&format!("✓ {} {}.{}s", title(line.phase).get(lang), millis / 1000, millis % 1000 / 100));
    }
}

fn plain(text: &str) {
    let mut err = std::io::stderr().lock();
    // A closed standard error is nobody's loss: progress is only for whoever looks.
    let _ = writeln!(err, "{text}");
}
