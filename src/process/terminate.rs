use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process, kill_process_group};

use super::ProcessId;

const LOOK_AGAIN: Duration = Duration::from_millis(10);

/// Asks a process to end.
pub fn signal_terminate(id: &ProcessId) {
    send(id, Signal::TERM);
}

/// Asks a process to look at its settings again; whoever does not expect that ends.
pub fn signal_reload(id: &ProcessId) {
    send(id, Signal::HUP);
}

/// Ends a process and its group at once.
pub fn kill(id: &ProcessId) {
    send(id, Signal::KILL);
}

/// Asks a process to end, waits, and kills it when it has not ended in time. True when it ended by itself.
///
/// A child of this process must be waited for by its owner as well.
pub async fn terminate(id: &ProcessId, patience: Duration) -> bool {
    signal_terminate(id);
    if gone(id, patience).await {
        return true;
    }
    kill(id);
    gone(id, Duration::from_secs(5)).await;
    false
}

async fn gone(id: &ProcessId, patience: Duration) -> bool {
    let deadline = Instant::now() + patience;
    while id.is_alive() {
        if Instant::now() >= deadline {
            return false;
        }
        tokio::time::sleep(LOOK_AGAIN).await;
    }
    true
}

fn send(id: &ProcessId, signal: Signal) {
    let Some(pid) = i32::try_from(id.pid).ok().and_then(Pid::from_raw) else { return };
    if !id.is_alive() {
        return;
    }
    // Most of what we start leads a group of its own; a process that does not is signalled alone.
    if kill_process_group(pid, signal).is_err() {
        // It may have ended in between, which is what was wanted.
        let _ = kill_process(pid, signal);
    }
}
