//! The only place that starts, watches and ends processes.
//!
//! It knows nothing of Kubernetes or of what the processes are for. A process is named by its number and its start
//! time, so that a number that the system has given to another program is never mistaken for ours.

mod capture;
mod detached;
mod identity;
mod list;
mod memory;
mod replace;
mod terminate;

pub use capture::{Captured, Invocation};
pub use detached::{Detached, Running};
pub use identity::ProcessId;
pub use list::{ListedProcess, list};
pub use memory::anonymous_memory;
pub use replace::become_program;
pub use terminate::{kill, signal_reload, signal_terminate, terminate};
