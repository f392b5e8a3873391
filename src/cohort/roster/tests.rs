use std::path::Path;

use proptest::prelude::*;

use super::{Form, RosterRead, parse, write};
use crate::{
    gradebook::{Learner, ProjectRole, Roster},
    text::Lang,
};

fn read(text: &str) -> RosterRead {
    parse(text.as_bytes(), Path::new("roster.csv"), "a").unwrap_or_else(|errors| panic!("{errors:#?}"))
}

fn wrong(text: &str) -> Vec<(&'static str, usize, usize)> {
    let errors = parse(text.as_bytes(), Path::new("roster.csv"), "a").unwrap_err();
    assert!(errors.iter().all(|error| error.help.is_some()), "{errors:#?}");
    errors.iter().map(|error| (error.code, error.span.unwrap().line, error.span.unwrap().column)).collect()
}

#[test]
fn our_own_columns_come_in_any_order_and_others_are_left_out() {
    let read =
        read("team,NAME,id,roles,shoe size,lang\r\n가람,\"Kim, \"\"MJ\"\" Minji\",20260101,sre;devops engineer,42,ko\r\n\r\n,,7,,,\r\n");
    let [first, second] = &read.roster.learners[..] else { panic!("{read:#?}") };
    assert_eq!((first.id.as_str(), first.name.as_str()), ("20260101", "Kim, \"MJ\" Minji"));
    assert_eq!((first.roles.as_slice(), first.lang), ([ProjectRole::Sre, ProjectRole::DevopsEngineer].as_slice(), Some(Lang::Ko)));
    assert_eq!((second.name.as_str(), second.team.as_deref()), ("7", None), "who has no name is called by the id");
    assert!(read.notes[0].message.en.contains("`shoe size`"), "{:?}", read.notes);
}

#[test]
fn a_gradebook_of_canvas_is_a_roster_without_its_rows_aside() {
    let read = read(
        "Student,ID,SIS User ID,SIS Login ID,Section,Lab 1 (42)\n    Points Possible,,,,,100\n\
         \"Kim, Minji\",501,20260101,minji@school.example,1반,90\n\"이, 서준\",502,20260102,seojun@school.example,1반,\n\"Student, Test\",503,,ab12,1반,\n",
    );
    assert_eq!(read.form, Form::Canvas);
    let ids: Vec<_> = read.roster.learners.iter().map(|l| (l.id.as_str(), l.platform_id.as_deref(), l.name.as_str())).collect();
    assert_eq!(ids, [("20260101", Some("501"), "Kim, Minji"), ("20260102", Some("502"), "이, 서준")]);
}

#[test]
fn an_export_of_moodle_is_a_roster_in_both_languages() {
    let english = read(
        "First name,Surname,ID number,Email address,Quiz (Real)\nMax,O'Brien,,max@school.example,9\nMinji,Kim,7,minji@school.example,\n",
    );
    let korean = read("\u{feff}이름,성,학번,이메일 주소\n민지,김,20260101,minji@school.example\n도윤,남궁,20260102,doyun@school.example\n");
    assert_eq!((english.form, korean.form), (Form::Moodle, Form::Moodle));
    let ids = |read: &RosterRead| read.roster.learners.iter().map(|l| format!("{} {}", l.id, l.name)).collect::<Vec<_>>();
    assert_eq!(ids(&english), ["max@school.example Max O'Brien", "minji@school.example Minji Kim"], "not everybody has a number");
    assert_eq!(ids(&korean), ["20260101 김민지", "20260102 남궁도윤"]);
}

#[test]
fn every_mistake_is_told_with_its_place() {
    assert_eq!(wrong("id,name\n1,a\n,b\n1,c\n../x,d\n"), [("KD0704", 3, 1), ("KD0705", 4, 1), ("KD0704", 5, 1)]);
    assert_eq!(wrong("name,id,roles,lang\na,1,boss,\nb,2,,fr\n"), [("KD0706", 2, 5), ("KD0706", 3, 6)]);
    assert_eq!(wrong("id,name\n1,Kim, Minji\n"), [("KD0702", 2, 7)]);
    assert_eq!(wrong("id,name,id\n1,a,2\n"), [("KD0703", 1, 9)]);
    assert_eq!(wrong("who,what\n1,a\n"), [("KD0703", 1, 1)]);
    assert_eq!(wrong("id,name\n1,\"Kim\n2,Lee\n"), [("KD0702", 2, 3)]);
}

fn cell() -> impl Strategy<Value = Option<String>> {
    proptest::option::of("[ -~가-힣\n]{1,12}").prop_map(|cell| cell.map(|c| c.trim().to_owned()).filter(|c| !c.is_empty()))
}

fn learner() -> impl Strategy<Value = Learner> {
    let roles = proptest::sample::subsequence(vec![ProjectRole::PlatformEngineer, ProjectRole::DevopsEngineer, ProjectRole::Sre], 0..=3);
    let lang = proptest::option::of(proptest::sample::select(vec![Lang::Ko, Lang::En]));
    ("[a-z0-9가-힣][a-z0-9가-힣._@+-]{0,8}[a-z0-9]", cell(), [cell(), cell(), cell(), cell(), cell(), cell()], roles, lang).prop_map(
        |(id, name, [email, sis_id, platform_id, login, section, team], roles, lang)| Learner {
            name: name.unwrap_or_else(|| id.clone()),
            id,
            email,
            sis_id,
            platform_id,
            login,
            section,
            team,
            roles,
            lang,
        },
    )
}

proptest! {
    #[test]
    fn what_is_written_is_read_as_it_was(learners in proptest::collection::vec(learner(), 1..8)) {
        let mut learners = learners;
        let mut seen = std::collections::HashSet::new();
        learners.retain(|learner| seen.insert(learner.id.to_lowercase()));
        let roster = Roster { cohort: "a".into(), learners };
        prop_assert_eq!(read(&write(&roster).unwrap()).roster, roster);
    }

    #[test]
    fn whatever_the_bytes_are_nothing_panics(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = parse(&bytes, Path::new("roster.csv"), "a");
    }
}
