use dialoguer::Input;
use serde_json::json;

use super::{context::Context, exit_code::Exit, failure::Failure, mark::described, output, run::Result};
use crate::{
    attempt::Mark,
    points::Points,
    runner::{Engine, MarkQuery, Queued},
    score::MARK_STEP,
    text::Text,
};

/// What a grader types at the desk.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Typed {
    Points(Points),
    Next,
    Previous,
    Quit,
}

/// One thing after the other, by the keyboard alone: points, then a comment. What was marked stays marked whenever the grader leaves.
pub async fn run(context: &Context, engine: &Engine, by: &str, query: &MarkQuery, mut queue: Vec<Queued>) -> Result {
    let lang = context.lang;
    if !context.interactive || context.json() {
        let message = Text::new("이 채점 화면에는 터미널이 필요합니다", "this way of marking needs a terminal");
        let help = Text::new("`kubedrill mark --sheet FILE`로 채점표를 쓰세요", "write a sheet with `kubedrill mark --sheet FILE`");
        return Err(Failure::new(Exit::Usage, message).help(help));
    }
    let (mut at, mut given) = (0, 0);
    while let Some(one) = queue.get(at) {
        let head = format!("\n[{}/{}] {}  {}  {}\n", at + 1, queue.len(), one.learner, one.scenario, one.attempt);
        output::print_text(&format!("{head}{}", described(context, &one.item)))?;
        match typed(context, one)? {
            Typed::Next => at += 1,
            Typed::Previous => at = at.saturating_sub(1),
            Typed::Quit => break,
            Typed::Points(points) => {
                let comment = comment(context, &one.comments)?;
                let mark = Mark {
                    check: one.item.check.clone(),
                    points,
                    comment,
                    by: by.to_owned(),
                    role: query.role,
                    evidence: None,
                    blind: query.blind,
                };
                engine.mark(Some(&one.attempt), "", &mark).await?;
                remember(&mut queue, at, mark);
                given += 1;
                at += 1;
            }
        }
    }
    let text = Text::new(format!("{given}개를 채점했습니다."), format!("{given} marks were given."));
    output::print(context, "Marked", || text.get(lang).to_owned(), &json!({"marks": given}))?;
    Ok(Exit::Done)
}

/// The mark is shown to whoever goes back, and its comment offered for the same check of others.
fn remember(queue: &mut [Queued], at: usize, mark: Mark) {
    let Some(scenario) = queue.get(at).map(|one| one.scenario.clone()) else { return };
    for other in queue.iter_mut().filter(|other| other.scenario == scenario && other.item.check == mark.check) {
        if !mark.comment.is_empty() && !other.comments.contains(&mark.comment) {
            other.comments.push(mark.comment.clone());
        }
    }
    queue[at].item.mark = Some(mark);
}

fn typed(context: &Context, one: &Queued) -> std::result::Result<Typed, Failure> {
    let max = one.item.max;
    let prompt = Text::new(
        format!("점수 0…{max} ({MARK_STEP}점 단위) · n 다음 · p 이전 · q 끝"),
        format!("points 0…{max} in steps of {MARK_STEP} · n next · p previous · q quit"),
    );
    let line: String = Input::new()
        .with_prompt(prompt.get(context.lang))
        .validate_with(|line: &String| understood(line, max).map(drop).map_err(|why| why.get(context.lang).to_owned()))
        .interact_text()
        .map_err(left)?;
    understood(&line, max).map_err(|why| Failure::new(Exit::Usage, why))
}

fn understood(line: &str, max: Points) -> std::result::Result<Typed, Text> {
    match line.trim() {
        "n" => return Ok(Typed::Next),
        "p" => return Ok(Typed::Previous),
        "q" => return Ok(Typed::Quit),
        _ => {}
    }
    let number = line.trim().parse::<serde_json::Number>().ok();
    let points: Option<Points> = number.and_then(|number| serde_json::from_value(serde_json::Value::Number(number)).ok());
    let fits = |points: &Points| *points >= Points::ZERO && *points <= max && points.as_hundredths() % MARK_STEP.as_hundredths() == 0;
    points.filter(fits).map(Typed::Points).ok_or_else(|| {
        Text::new(
            format!("0에서 {max}까지 {MARK_STEP}점 단위의 점수, 또는 n, p, q를 입력하세요"),
            format!("type points from 0 to {max} in steps of {MARK_STEP}, or n, p or q"),
        )
    })
}

/// A comment: none, a new one, or one that was given before by its number.
fn comment(context: &Context, bank: &[String]) -> std::result::Result<String, Failure> {
    let listed: String = bank.iter().zip(1..).map(|(comment, number)| format!("  {number}  {comment}\n")).collect();
    output::print_text(&listed)?;
    let prompt = Text::new("의견 (번호를 누르면 전에 쓴 의견, 비우면 없음)", "comment (a number for one given before, empty for none)");
    let line: String = Input::new().with_prompt(prompt.get(context.lang)).allow_empty(true).interact_text().map_err(left)?;
    Ok(chosen(&line, bank))
}

fn chosen(line: &str, bank: &[String]) -> String {
    let number = line.trim().parse::<usize>().ok().and_then(|number| number.checked_sub(1));
    number.and_then(|at| bank.get(at)).cloned().unwrap_or_else(|| line.trim().to_owned())
}

fn left(error: dialoguer::Error) -> Failure {
    let dialoguer::Error::IO(error) = error;
    match error.kind() {
        std::io::ErrorKind::Interrupted => Failure::new(Exit::Interrupted, Text::new("채점을 멈췄습니다", "marking was stopped")),
        _ => Failure::from(error),
    }
}

#[cfg(test)]
mod tests {
    use super::{Points, Typed, chosen, understood};

    #[test]
    fn points_and_commands_are_told_apart() {
        let max = Points::whole(10);
        assert_eq!(understood(" 7.5 ", max), Ok(Typed::Points(Points::hundredths(750))));
        assert_eq!(understood("n", max), Ok(Typed::Next));
        assert_eq!(understood("p", max), Ok(Typed::Previous));
        assert_eq!(understood("q", max), Ok(Typed::Quit));
        for wrong in ["", "11", "-1", "0.25", "ten"] {
            assert!(understood(wrong, max).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_number_takes_a_comment_from_the_bank() {
        let bank = ["no prevention".to_owned(), "good".to_owned()];
        assert_eq!(chosen("2", &bank), "good");
        assert_eq!(chosen("3", &bank), "3", "there is no third");
        assert_eq!(chosen(" new ", &bank), "new");
    }
}
