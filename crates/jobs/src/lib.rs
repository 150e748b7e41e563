//! The job runner, thin: claim, call the desk, report.

mod runner;
mod tidy;

pub use runner::{Runner, run};
