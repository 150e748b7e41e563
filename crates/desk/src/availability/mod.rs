//! Who is there for new work.

mod set;
mod team;

pub use set::{Form, alive, put_settings, set};
pub use team::{Team, team};
