//! One integration binary: what a user would notice, against real parts where they can be had.

mod architecture;
mod report;
mod scenario_content;
mod store_attempts;
