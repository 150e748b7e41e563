//! Verbs about customers.

mod update;

pub use update::{Changes, update};
