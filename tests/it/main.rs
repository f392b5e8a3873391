//! One integration binary: what a user would notice, against real parts where they can be had.

mod architecture;
mod generated;
mod report;
mod provision_lifecycle;
mod scenario_content;
mod scenario_new;
mod store_attempts;
