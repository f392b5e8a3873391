//! A sandbox dies under a learner's hands: the clock stands from its last sign of life until a command has brought it back.

use kubedrill::process;
use serde_json::json;

use crate::support::Drill;

#[test]
fn nobody_loses_time_over_a_sandbox_that_died() {
    let drill = Drill::with_sandbox();
    drill.expect(0, &["start", "c20-service-no-endpoints"]);
    let before = drill.json(&["check"]).1;
    assert_eq!((&before["time"]["clock"], &before["time"]["pauses"]), (&json!("running"), &json!([])));

    let folder = drill.home().join("state/environments/default");
    for part in process::list().unwrap().into_iter().filter(|part| part.names_folder(&folder)) {
        process::kill(&part.id);
    }
    let (code, after) = drill.json(&["check"]);
    assert_eq!((code, &after["time"]["clock"]), (3, &json!("running")), "{}", after["time"]);
    let pauses = after["time"]["pauses"].as_array().unwrap();
    assert_eq!((pauses.len(), &pauses[0]["reason"]), (1, &json!("environmentDown")), "{}", after["time"]);
    assert!(pauses[0]["until"].is_string(), "the command that needed it brought it back: {}", after["time"]);

    let report = drill.json(&["report"]).1;
    let kinds: Vec<_> = report["timeline"].as_array().unwrap().iter().map(|entry| entry["kind"].as_str().unwrap().to_owned()).collect();
    assert_eq!(kinds[..4], ["started", "checked", "paused", "repaired"], "{kinds:?}");
    let text = drill.expect(0, &["report"]).out;
    assert!(text.contains("the environment did not run"), "{text}");
}
