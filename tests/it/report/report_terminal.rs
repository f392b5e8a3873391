use insta::assert_snapshot;
use kubedrill::{
    report::{TerminalOptions, terminal::render},
    text::{Lang, width},
};

use super::fixture::{half_repaired, lab_underway, solved};

fn plain(lang: Lang, width: usize) -> TerminalOptions {
    TerminalOptions { lang, width, colour: false }
}

#[test]
fn an_incident_half_repaired() {
    assert_snapshot!("terminal_half_ko", render(&half_repaired(), plain(Lang::Ko, 80)));
    assert_snapshot!("terminal_half_en", render(&half_repaired(), plain(Lang::En, 80)));
}

#[test]
fn trap_fb04_what_is_told_later_says_so_and_counts_already() {
    let (open, mut later) = (half_repaired(), half_repaired());
    let failed = later.checks.iter_mut().find(|check| check.symptom.is_some()).unwrap();
    let symptom = failed.symptom.clone().unwrap().en;
    failed.withheld = true;
    let page = render(&later, plain(Lang::En, 200));
    assert!(!page.contains(&symptom), "{page}");
    assert_eq!(page.matches("Details are shown after the attempt is closed.").count(), 1);
    assert_eq!(later.score, open.score, "no point is taken away at the close");
}

#[test]
fn an_incident_solved() {
    assert_snapshot!("terminal_solved_ko", render(&solved(), plain(Lang::Ko, 80)));
    assert_snapshot!("terminal_solved_en", render(&solved(), plain(Lang::En, 80)));
}

#[test]
fn a_lab_underway() {
    assert_snapshot!("terminal_lab_ko", render(&lab_underway(), plain(Lang::Ko, 80)));
    assert_snapshot!("terminal_lab_en", render(&lab_underway(), plain(Lang::En, 80)));
}

#[test]
fn a_narrow_terminal_is_enough() {
    assert_snapshot!("terminal_narrow_ko", render(&half_repaired(), plain(Lang::Ko, 60)));
    for lang in Lang::ALL {
        for columns in [60, 72, 80, 100, 200] {
            for line in render(&half_repaired(), plain(lang, columns)).lines().filter(|l| !l.contains("https://")) {
                assert!(width(line) <= columns, "{columns}: {line}");
            }
        }
    }
}

#[test]
fn colour_moves_nothing() {
    let columns = |colour| {
        let text = render(&half_repaired(), TerminalOptions { colour, ..plain(Lang::Ko, 80) });
        text.lines().map(width).collect::<Vec<_>>()
    };
    assert_eq!(columns(true), columns(false));
    assert!(render(&half_repaired(), TerminalOptions { colour: true, ..plain(Lang::Ko, 80) }).contains("\x1b[31m✗\x1b[0m"));
}
