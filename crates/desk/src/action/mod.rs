//! Several actions on a conversation in one go: what macros and bulk work do. Each goes through the verb that does it by
//! hand, so permissions, rules and events are the same; all of them happen or none.

mod apply;
mod preview;
mod undo;

pub(crate) use apply::bad_template;
pub use apply::{ActionError, Applied, Insert, Written, WrittenKind, apply, check};
pub use preview::{Change, Named, Preview, preview};
pub use undo::{Kept, Undone, undo};
