use std::time::Duration;

use serde_json::json;

use super::{
    args::{LoadArgs, LoadCommand},
    context::Context,
    exit_code::Exit,
    output,
    run::{Result, engine},
};
use crate::{
    load::{DemandState, ServingPod},
    runner::{LoadChange, LoadView},
    text::{self, Lang, Text},
};

/// How often a watch looks.
const EVERY: Duration = Duration::from_secs(2);

/// Shows what users ask of the applications, or changes it.
pub async fn run(context: &Context, args: LoadArgs) -> Result {
    let engine = engine(context, "load").await?;
    let session = engine.session(&engine.environment().await?).await?;
    let change = match args.command {
        Some(LoadCommand::Run { load, profile }) => Some((load, LoadChange::Run(profile))),
        Some(LoadCommand::Set { load, demand, over }) => Some((load, LoadChange::Set(demand, over.0))),
        Some(LoadCommand::Stop { load }) => Some((load, LoadChange::Stop)),
        None => None,
    };
    if let Some((load, change)) = change {
        engine.change_load(&session, &load, &change).await?;
    }
    loop {
        let loads = engine.loads(&session).await?;
        output::print(context, "Loads", || page(&loads, context.lang), &json!({"loads": loads}))?;
        if !args.watch {
            return Ok(Exit::Done);
        }
        tokio::time::sleep(EVERY).await;
    }
}

fn page(loads: &[LoadView], lang: Lang) -> String {
    let mut out = String::new();
    for load in loads {
        out += &match &load.state {
            Some(state) => demand(state, lang),
            None => format!("{}  {}\n", load.name, Text::new("요청이 없습니다", "nobody asks for anything").get(lang)),
        };
        if !load.profiles.is_empty() {
            let word = Text::new("프로파일", "profiles");
            out += &format!("  {}: {}\n", word.get(lang), load.profiles.join(", "));
        }
    }
    if loads.is_empty() {
        out += Text::new("이 시나리오에는 부하가 없습니다.\n", "This scenario has no load.\n").get(lang);
    }
    out
}

fn demand(state: &DemandState, lang: Lang) -> String {
    let demand = &state.demand;
    let mut about = vec![format!("{}m", state.milli)];
    if !demand.profile.is_empty() {
        about.push(demand.profile.clone());
    }
    about.push(match lang {
        Lang::Ko => format!("파드 {}개", state.pods.len()),
        Lang::En => format!("{} pods", state.pods.len()),
    });
    if demand.cap > 0 {
        about.push(match lang {
            Lang::Ko => format!("파드 하나가 낼 수 있는 최대 {}m", demand.cap),
            Lang::En => format!("a pod can use {}m at most", demand.cap),
        });
    }
    if state.saturated() {
        about.push(Text::new("포화 상태", "saturated").get(lang).to_owned());
    }
    let mut out = format!("{}/{}  {}\n", demand.namespace, demand.name, about.join(" · "));
    let width = state.pods.iter().map(|pod| text::width(&pod.name)).max().unwrap_or_default();
    state.pods.iter().for_each(|one| out += &pod(one, width, lang));
    out
}

fn pod(pod: &ServingPod, width: usize, lang: Lang) -> String {
    let mark = if pod.saturated() { "✘" } else { "✔" };
    let percent = pod.failing * 100.0;
    let tail = match lang {
        Lang::Ko => format!("요청 {}m, 사용 {}m, 응답 {} ms, 503 {percent:.0}%", pod.asked, pod.milli, pod.latency_millis),
        Lang::En => format!("asked {}m, uses {}m, answers in {} ms, 503 {percent:.0}%", pod.asked, pod.milli, pod.latency_millis),
    };
    format!("  {mark} {}  {tail}\n", text::pad(&pod.name, width))
}
