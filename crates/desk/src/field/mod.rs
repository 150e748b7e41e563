//! Verbs about custom fields: defining them, and giving conversations values.

mod define;
mod require;
mod set;

pub use define::{Form, Patch, create, order, update};
pub use require::require;
pub(crate) use set::restore;
pub use set::{Which, set};
