use insta::assert_snapshot;
use kubedrill::{report::markdown::render, text::Lang};
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use super::fixture::{half_repaired, lab_underway, solved};

#[test]
fn markdown_in_both_languages() {
    assert_snapshot!("markdown_half_ko", render(&half_repaired(), Lang::Ko).unwrap());
    assert_snapshot!("markdown_half_en", render(&half_repaired(), Lang::En).unwrap());
    assert_snapshot!("markdown_solved_en", render(&solved(), Lang::En).unwrap());
    assert_snapshot!("markdown_lab_ko", render(&lab_underway(), Lang::Ko).unwrap());
}

#[test]
fn a_bar_in_a_title_does_not_break_its_table() {
    let text = render(&half_repaired(), Lang::En).unwrap();
    let (mut cells, mut rows) = (0, Vec::new());
    for event in Parser::new_ext(&text, Options::ENABLE_TABLES) {
        match event {
            Event::Start(Tag::TableRow) => cells = 0,
            Event::End(TagEnd::TableCell) => cells += 1,
            Event::End(TagEnd::TableRow) => rows.push(cells),
            _ => {}
        }
    }
    assert!(rows.iter().filter(|cells| **cells == 4).count() == 7, "{rows:?}");
    assert!(rows.iter().all(|cells| *cells == 4 || *cells == 2), "{rows:?}");
    assert!(text.contains(r"(http \| metrics)"));
}
