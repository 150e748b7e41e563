//! Verbs about visitors who look around: where they are, what their site says of them, and speaking to them first.

mod invite;
mod stay;

pub(crate) use invite::{accept, resolve};
pub use invite::{dismiss, invite, shown};
pub use stay::{Told, forget, tell};
