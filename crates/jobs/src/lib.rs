//! The job runner, thin: claim, call the desk, report.

mod listener;
mod runner;
mod tidy;

pub use listener::{listen, route};
pub use runner::{Runner, run};
