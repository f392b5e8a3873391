//! A learner's way through a lab with a watch beside it: steps are noticed, shown, kept, and named when they come undone.

use std::{
    io::{BufRead, BufReader},
    process::{Child, Stdio},
    sync::mpsc::{Receiver, channel},
    time::{Duration, Instant},
};

use crate::support::Drill;

/// How long a step may take to be noticed on a busy machine.
const NOTICED_WITHIN: Duration = Duration::from_secs(90);

/// `check --watch` in another terminal.
struct Watching {
    child: Child,
    lines: Receiver<String>,
}

impl Watching {
    fn of(drill: &Drill) -> Self {
        let mut child = drill.command(&["check", "--watch"]).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let out = BufReader::new(child.stdout.take().unwrap());
        let (send, lines) = channel();
        std::thread::spawn(move || out.lines().map_while(Result::ok).try_for_each(|line| send.send(line)));
        Self { child, lines }
    }

    /// Reads on until a line says this, and gives what was read.
    fn until(&self, wanted: &str) -> String {
        let end = Instant::now() + NOTICED_WITHIN;
        let mut read = String::new();
        while let Ok(line) = self.lines.recv_timeout(end.saturating_duration_since(Instant::now())) {
            read += &format!("{line}\n");
            if line.contains(wanted) {
                return read;
            }
        }
        panic!("the watch never said {wanted:?}:\n{read}");
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

#[test]
fn a_lab_is_learnt_step_by_step_and_what_comes_undone_is_named() {
    let drill = Drill::with_sandbox();
    let started = drill.expect(0, &["start", "lab-service-types"]).out;
    assert!(started.contains("1/7. Call it from inside with ClusterIP") && started.contains("kubedrill check --watch"), "{started}");
    assert!(!started.contains("7/7."), "only the first step is shown: {started}");
    let expose = ["kubectl", "-n", "cafe", "expose", "deployment", "hello", "--port", "80", "--target-port", "http"];

    let watching = Watching::of(&drill);
    watching.until("0 of 7 steps done");
    drill.expect(0, &expose);
    let read = watching.until("2/7. Endpoints appear when labels match");
    assert!(read.contains("✔ Step 1 is done: Call it from inside with ClusterIP"), "{read}");

    drill.expect(0, &["kubectl", "-n", "cafe", "delete", "service", "hello"]);
    let read = watching.until("↺ Step 1 was done and no longer holds");
    assert!(read.contains("The name `hello` does not lead requests to the two pods yet."), "what is missing is said: {read}");
    drill.expect(0, &expose);
    watching.until("✔ Step 1 is done");
    drop(watching);

    // After a break: where one is, without a question to the cluster.
    let place = "1 of 7 steps done; now step 2: Endpoints appear when labels match";
    assert!(drill.expect(0, &["status"]).out.contains(place));
    let shown = drill.expect(0, &["show"]).out;
    assert!(shown.contains("✔ 1. ") && shown.contains("▶ 2. ") && shown.contains("2/7. ") && !shown.contains("3/7. "), "{shown}");
    let resumed = drill.expect(0, &["start", "lab-service-types"]).out;
    assert!(resumed.contains("Back in the attempt") && resumed.contains("2/7. "), "{resumed}");
    assert!(drill.expect(0, &["show", "--step", "3"]).out.contains("3/7. Come in from outside with NodePort"));
    assert_eq!(drill.json(&["hint"]).1["step"], "endpoint-slices");
    let (_, checked) = drill.json(&["check", "--step", "node-port"]);
    assert_eq!(checked["progress"]["current"], "endpoint-slices", "one step's check forgets no other: {checked}");
    assert_eq!(checked["progress"]["steps"][0]["state"], "done");

    drill.expect(0, &["reset"]);
    assert!(drill.expect(0, &["status"]).out.contains("0 of 7 steps done; now step 1"));
}
